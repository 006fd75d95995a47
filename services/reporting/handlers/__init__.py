"""What reporting does on hearing of a fact: it fills its own picture."""

from services.reporting.handlers import cases as c
from services.reporting.handlers import deadlines as d
from services.reporting.handlers import inspection as i
from services.reporting.handlers import sampling as s
from shared.deadline_records import calendar_handlers
from shared.events import Event, cases, inspection, registry, reporting, sampling
from shared.messaging import Handler

HANDLERS: dict[type[Event], Handler] = {
    sampling.CampaignPublished: s.on_campaign_published,
    sampling.CampaignClosed: s.on_campaign_closed,
    sampling.DrawSealed: s.on_draw_sealed,
    sampling.DrawExecuted: s.on_draw_executed,
    sampling.DrawAborted: s.on_draw_aborted,
    sampling.ObjectsReleased: s.on_objects_released,
    sampling.TeamAssigned: s.on_team_assigned,
    sampling.ExpertAllotted: s.on_expert_allotted,
    sampling.InspectorReplaced: s.on_inspector_replaced,
    sampling.ObjectReplaced: s.on_object_replaced,
    inspection.ObjectNotified: i.on_object_notified,
    inspection.InspectionCompleted: i.on_inspection_completed,
    inspection.FindingConfirmed: i.on_finding_confirmed,
    inspection.RectificationOrdered: i.on_rectification_ordered,
    inspection.RectificationReported: i.on_rectification_reported,
    inspection.RectificationClosed: i.on_rectification_closed,
    inspection.RectificationFailed: i.on_rectification_failed,
    cases.CaseReferred: c.on_case_referred,
    cases.CaseFiled: c.on_case_filed,
    cases.CaseNotFiled: c.on_case_not_filed,
    cases.CaseDecided: c.on_case_decided,
    cases.CasePublished: c.on_case_published,
    cases.CaseClosed: c.on_case_closed,
    cases.CriminalTransferSent: c.on_transfer_sent,
    cases.CriminalTransferAnswered: c.on_transfer_answered,
    cases.QualificationMatterReported: c.on_matter_reported,
    cases.QualificationMatterReturned: c.on_matter_returned,
    cases.LetterToBodySent: c.on_letter_sent,
    cases.LetterToBodyAnswered: c.on_letter_answered,
    cases.MatterCopied: c.on_matter_copied,
    **{owner.DeadlinesWarned: d.on_deadlines_warned for owner in (registry, sampling, inspection, cases, reporting)},
    **{
        owner.OverdueDeadlinesClosed: d.on_overdue_deadlines_closed
        for owner in (registry, sampling, inspection, cases, reporting)
    },
    **calendar_handlers.HANDLERS,
}
"""The table of reactions."""

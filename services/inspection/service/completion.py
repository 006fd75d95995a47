"""From the record to the reviewed result: submission, review, publication."""

from collections.abc import Mapping
from uuid import UUID

from services.inspection.errors import FindingNotFound, ReviewerOnTeam
from services.inspection.models import Finding, Inspection, Review
from services.inspection.queries import inspections
from services.inspection.queries.confirmation_sheet import sheet_content
from services.inspection.rules import confirmation_sheet, reference_data, states, submission
from services.inspection.rules.states import InspectionEvent
from services.inspection.schemas.inspections import Decision, LongerTerm, ReviewIn, SubmissionIn
from services.inspection.service import deadlines, events, rectifications
from services.inspection.service.locking import apply_event, lock_for_record, lock_inspection
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.security import audit
from shared.security.auth import Caller
from shared.security.segregation import require_different
from shared.vocabulary import Answer, FindingSeverity, Measure, ObjectKind


async def submit(session: Session, inspection_id: UUID, body: SubmissionIn, *, by: Caller) -> Inspection:
    """State the result of a complete record and submit it to review.

    Raises:
        InspectionNotFound: the caller sees no such inspection.
        TransitionForbidden: the record is not open.
        ChecklistVersionUnavailable: the campaign's checklist version is not on this platform.
        ResultInconsistent: the findings contradict the result.
        NotSubmittable: parts of the record are missing.
    """
    inspection = await lock_for_record(session, inspection_id, by=by)
    record, refused_to_sign = await _record(session, inspection, body)
    submission.require_consistent(record, body.result)
    submission.require_complete(record, body.result)
    apply_event(inspection, InspectionEvent.SUBMIT)
    inspection.result, inspection.methods = body.result, [method.value for method in body.methods]
    inspection.object_state, inspection.note = body.object_state, body.note
    inspection.follow_up = submission.follow_up(body.result, body.follow_up)
    inspection.refused_to_sign = refused_to_sign
    inspection.ended_at = inspection.ended_at or session.now
    inspection.submitted_on = legal_day(session.now)
    audit.record(session, by, "inspection.submitted", inspection_id, result=body.result)
    return inspection


async def _record(session: Session, inspection: Inspection, body: SubmissionIn) -> tuple[submission.Record, bool]:
    """The record as it is submitted, and whether the object refused to sign it."""
    digest = confirmation_sheet.content_hash(await sheet_content(session, inspection))
    signatures = [row for row in await inspections.signatures_of(session, inspection.id) if row.content_hash == digest]
    team = {member["inspector_id"] for member in inspection.members}
    signed_by = {signature.signatory for signature in signatures if signature.party == "inspector"}
    by_object = [signature.party for signature in signatures if signature.party in {"object", "refusal"}]
    record = submission.Record(
        checklist=reference_data.checklist(inspection.checklist_version),
        kind=ObjectKind(inspection.object["kind"]),
        answers={code: Answer(answer["answer"]) for code, answer in inspection.answers.items()},
        violations=[_violation(row) for row in await inspections.findings_of(session, inspection.id) if _is_violation(row)],
        inspectors_signed=len(signed_by & team),
        object_answered=bool(by_object),
        integrity_declared=bool(inspection.record.get("integrity_declared")),
        guidance=inspection.record.get("guidance"),
        note=body.note,
    )
    return record, bool(by_object) and by_object[-1] == "refusal"


def _is_violation(finding: Finding) -> bool:
    return finding.severity is not FindingSeverity.ADVICE


def _violation(finding: Finding) -> submission.Violation:
    measures = frozenset(map(Measure, finding.measures))
    return submission.Violation(
        finding.checklist_code, finding.violation_type, finding.severity, finding.respondent_type, measures
    )


async def review(session: Session, inspection_id: UUID, body: ReviewIn, *, by: Caller) -> Inspection:
    """Approve or return a submitted record; the approval publishes its result and findings.

    Raises:
        InspectionNotFound: the caller sees no such inspection.
        ReviewerOnTeam: the caller is a member of the team.
        TransitionForbidden: the record is not submitted.
        FindingNotFound: a longer term is approved for what is no finding to rectify.
    """
    inspection = await lock_inspection(session, inspection_id, by=by)
    require_different(by.subject, *(member["inspector_id"] for member in inspection.members), error=ReviewerOnTeam)
    states.require_allowed(inspection.state, InspectionEvent.APPROVE)
    session.add(
        Review(
            inspection_id=inspection_id,
            decision=body.decision,
            opinion=body.opinion,
            reviewed_by=by.subject,
            reviewed_at=session.now,
        )
    )
    terms = [term.model_dump(mode="json") for term in body.longer_terms]
    audit.record(session, by, f"inspection.{body.decision}", inspection_id, longer_terms=terms)
    if body.decision is Decision.RETURNED:
        apply_event(inspection, InspectionEvent.RETURN)
    else:
        await _complete(session, inspection, {term.finding_id: term for term in body.longer_terms}, by)
    return inspection


async def _complete(session: Session, inspection: Inspection, longer_terms: Mapping[UUID, LongerTerm], by: Caller) -> None:
    apply_event(inspection, InspectionEvent.APPROVE)
    await deadlines.meet_result(session, inspection, by=by)
    today = inspection.reviewed_on = legal_day(session.now)
    findings = await inspections.findings_of(session, inspection.id)
    if set(longer_terms) - {finding.id for finding in findings if finding.rectify_days is not None}:
        raise FindingNotFound(pointer="/longer_terms")
    for finding in findings:
        finding.confirmed_on = today
        events.finding_confirmed(session, inspection, finding, today)
        if finding.rectify_days is not None:
            term = longer_terms.get(finding.id)
            finding.rectify_days = term.days if term else finding.rectify_days
            await rectifications.order(session, inspection, finding, term.document if term else "", by=by)
    experts = await inspections.experts_of(session, inspection.assignment_id)
    events.inspection_completed(session, inspection, experts, findings=len(findings))

"""An inspection up to its start on site: schedule, notice, start."""

from datetime import date
from uuid import UUID

from services.inspection import errors
from services.inspection.models import Campaign, Inspection, Notice
from services.inspection.queries import inspections as queries
from services.inspection.queries import replica
from services.inspection.rules import notice as notice_rules
from services.inspection.rules import states, team
from services.inspection.rules.states import InspectionEvent
from services.inspection.schemas.inspections import NoticeIn
from services.inspection.service import deadlines, events
from services.inspection.service.locking import apply_event, lock_inspection
from shared import deadline_records
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.security import audit
from shared.security.auth import Caller


async def schedule(session: Session, inspection_id: UUID, inspection_on: date, *, by: Caller) -> Inspection:
    """Set the day of the inspection; a notice that was sent for another day is not valid for it.

    Raises:
        InspectionNotFound: the caller sees no such inspection.
        CampaignIsClosed: the campaign has ended.
        TransitionForbidden: the inspection has begun or ended.
        DayInThePast, NoticeTooLate: the day, or the day of its notice, has passed.
        MemberUnavailable: a member may not serve on that day.
    """
    inspection = await lock_inspection(session, inspection_id, by=by)
    campaign = await session.get(Campaign, inspection.campaign_id)
    if campaign is not None and campaign.closed_on is not None:
        raise errors.CampaignIsClosed(closed_on=campaign.closed_on.isoformat())
    apply_event(inspection, InspectionEvent.SCHEDULE)
    notice_rules.require_schedulable(inspection_on, legal_day(session.now), await deadline_records.in_force(session))
    team.require_available(inspection.members, inspection_on)
    inspection.inspection_on = inspection_on
    await deadlines.open_notice(session, inspection, inspection_on, by=by)
    audit.record(session, by, "inspection.scheduled", inspection_id, inspection_on=inspection_on.isoformat())
    return inspection


async def notify(session: Session, inspection_id: UUID, body: NoticeIn, *, by: Caller) -> Notice:
    """Notify the object, on the one day on which it may be notified (K02).

    Raises:
        InspectionNotFound: the caller sees no such inspection.
        TransitionForbidden: the inspection has no day, or was notified before.
        NoticeTooEarly, NoticeTooLate: today is not the day of the notice.
        MemberUnavailable: a member may not serve on the day of the inspection.
    """
    inspection = await lock_inspection(session, inspection_id, by=by)
    states.require_allowed(inspection.state, InspectionEvent.NOTIFY)
    assert inspection.inspection_on is not None  # only a scheduled inspection can be notified
    notice_rules.require_notice_day(inspection.inspection_on, legal_day(session.now), await deadline_records.in_force(session))
    team.require_available(inspection.members, inspection.inspection_on)
    apply_event(inspection, InspectionEvent.NOTIFY)
    await deadlines.meet_notice(session, inspection, by=by)
    notice = await _notice(session, inspection, inspection.inspection_on, body, by)
    session.add(notice)
    audit.record(session, by, "object.notified", inspection_id, channel=body.channel, content_hash=notice.content_hash)
    events.object_notified(session, inspection, notice)
    return notice


async def notify_changed_team(session: Session, inspection_id: UUID, body: NoticeIn, *, by: Caller) -> Notice:
    """Notify the object of the team that has changed since the notice; the day and its right to ask for recusal do not change.

    Raises:
        InspectionNotFound: the caller sees no such inspection.
        TransitionForbidden: the object was not notified yet, or the inspection has begun.
        NoticeNamesTeam: the team has not changed.
        NoticeTooLate: the day of the inspection has passed.
        MemberUnavailable: a member may not serve on that day.
    """
    inspection = await lock_inspection(session, inspection_id, by=by)
    apply_event(inspection, InspectionEvent.SUPPLEMENT)
    latest = await queries.latest_notice(session, inspection_id)
    if latest.content["inspectors"] == team.notice_entries(inspection.members):
        raise errors.NoticeNamesTeam
    if latest.inspection_on < legal_day(session.now):
        raise errors.NoticeTooLate(notice_on=latest.inspection_on.isoformat())
    team.require_available(inspection.members, latest.inspection_on)
    notice = await _notice(session, inspection, latest.inspection_on, body, by, supplements=latest.content_hash)
    session.add(notice)
    audit.record(
        session, by, "object.notified_of_changed_team", inspection_id, channel=body.channel, content_hash=notice.content_hash
    )
    events.object_notified(session, inspection, notice)
    return notice


async def _notice(
    session: Session, inspection: Inspection, day: date, body: NoticeIn, by: Caller, supplements: str | None = None
) -> Notice:
    campaign = await session.get(Campaign, inspection.campaign_id)
    content = notice_rules.content(
        notice_rules.NoticeFields(
            task_no=inspection.task_no,
            campaign=f"{campaign.title}（{campaign.document_no}）" if campaign else "",
            issuer=campaign.issuer if campaign else "",
            object_name=inspection.object["name"],
            uscc=inspection.uscc,
            address=inspection.object["address"],
            product_name=inspection.certificate["product_name"],
            certificate_no=inspection.certificate_no,
            inspection_on=day,
            members=inspection.members,
        ),
        supplements,
    )
    return Notice(
        inspection_id=inspection.id,
        uscc=inspection.uscc,
        inspection_on=day,
        channel=body.channel,
        recipient=body.recipient,
        content=content,
        content_hash=notice_rules.content_hash(content),
        notified_at=session.now,
        notified_by=by.subject,
    )


async def start(session: Session, inspection_id: UUID, place: str | None, *, by: Caller) -> Inspection:
    """Begin on site, on the day of the notice; the certificate's status of this day is fixed for the record.

    Raises:
        InspectionNotFound: the caller sees no such inspection.
        TransitionForbidden: the object was not notified, or the inspection has begun.
        NotInspectionDay: today is not the day of the notice.
        SupplementaryNoticeMissing: the team has changed since the notice.
        MemberUnavailable: a member may not serve today.
    """
    inspection = await lock_inspection(session, inspection_id, by=by)
    states.require_allowed(inspection.state, InspectionEvent.START)
    today = legal_day(session.now)
    if inspection.inspection_on != today:
        raise errors.NotInspectionDay(inspection_on=str(inspection.inspection_on))
    latest = await queries.latest_notice(session, inspection_id)
    if latest.content["inspectors"] != team.notice_entries(inspection.members):
        raise errors.SupplementaryNoticeMissing
    team.require_available(inspection.members, today)
    apply_event(inspection, InspectionEvent.START)
    await deadlines.open_result(session, inspection, today, by=by)
    inspection.started_at = session.now
    inspection.record = {"place": place or inspection.object["address"]}
    status = await replica.status_for(session, inspection, inspection.certificate_no, today)
    inspection.certificate = inspection.certificate | {"status": status}
    audit.record(session, by, "inspection.started", inspection_id)
    return inspection

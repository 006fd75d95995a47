"""Before and at the beginning of a visit: the day, the notice, the start."""

from datetime import date
from uuid import UUID

from services.inspection import errors
from services.inspection.models import Campaign, Inspection, Notice
from services.inspection.queries import inspections as queries
from services.inspection.queries import replica
from services.inspection.rules import notice as rule
from services.inspection.rules import states, team
from services.inspection.rules.states import Act
from services.inspection.schemas.inspections import NoticeIn
from services.inspection.service import deadlines
from services.inspection.service.locking import locked, move
from shared import deadline_records
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.events.inspection import ObjectNotified
from shared.messaging import emit
from shared.security import audit
from shared.security.auth import Caller


async def schedule(session: Session, inspection_id: UUID, inspection_on: date, *, by: Caller) -> Inspection:
    """Set the day of the inspection; a notice that was sent for another day does not hold for it."""
    inspection = await locked(session, inspection_id, by)
    campaign = await session.get(Campaign, inspection.campaign_id)
    if campaign is not None and campaign.closed_on is not None:
        raise errors.CampaignIsClosed(closed_on=campaign.closed_on.isoformat())
    move(inspection, Act.SCHEDULE)
    rule.require_plannable(inspection_on, legal_day(session.now), await deadline_records.in_force(session))
    team.require_available(inspection.members, inspection_on)
    inspection.inspection_on = inspection_on
    await deadlines.expect_notice(session, inspection, inspection_on, by=by)
    audit.record(session, by, "inspection.scheduled", inspection_id, inspection_on=inspection_on.isoformat())
    return inspection


async def notify(session: Session, inspection_id: UUID, body: NoticeIn, *, by: Caller) -> Notice:
    """Tell the object, on the one day on which it may be told."""
    inspection = await locked(session, inspection_id, by)
    states.after(Act.NOTIFY, inspection.state)
    assert inspection.inspection_on is not None  # what can be notified has been scheduled
    rule.require_notice_day(inspection.inspection_on, legal_day(session.now), await deadline_records.in_force(session))
    team.require_available(inspection.members, inspection.inspection_on)
    move(inspection, Act.NOTIFY)
    await deadlines.notified(session, inspection, by=by)
    notice = await _notice(session, inspection, inspection.inspection_on, body, by)
    session.add(notice)
    audit.record(session, by, "object.notified", inspection_id, channel=body.channel, content_hash=notice.content_hash)
    emit(session, _told(inspection, notice))
    return notice


async def supplement(session: Session, inspection_id: UUID, body: NoticeIn, *, by: Caller) -> Notice:
    """Tell a notified object of the team that has changed since; the day stands, and so does its right to ask for recusal."""
    inspection = await locked(session, inspection_id, by)
    move(inspection, Act.SUPPLEMENT)
    told = await queries.latest_notice(session, inspection_id)
    if told.content["inspectors"] == team.shown(inspection.members):
        raise errors.NoticeNamesTeam
    if told.inspection_on < legal_day(session.now):
        raise errors.NoticeTooLate(notice_on=told.inspection_on.isoformat())
    team.require_available(inspection.members, told.inspection_on)
    notice = await _notice(session, inspection, told.inspection_on, body, by, supplements=told.content_hash)
    session.add(notice)
    audit.record(session, by, "object.notified_again", inspection_id, channel=body.channel, content_hash=notice.content_hash)
    emit(session, _told(inspection, notice))
    return notice


async def _notice(
    session: Session, inspection: Inspection, day: date, body: NoticeIn, by: Caller, supplements: str | None = None
) -> Notice:
    campaign = await session.get(Campaign, inspection.campaign_id)
    content = rule.content(
        rule.NoticeFacts(
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
        content_hash=rule.content_hash(content),
        notified_at=session.now,
        notified_by=by.subject,
    )


def _told(inspection: Inspection, notice: Notice) -> ObjectNotified:
    return ObjectNotified(
        inspection_id=inspection.id,
        assignment_id=inspection.assignment_id,
        campaign_id=inspection.campaign_id,
        uscc=inspection.uscc,
        inspection_on=notice.inspection_on,
        notified_at=notice.notified_at,
        channel=notice.channel,
        content_hash=notice.content_hash,
        supplementary="supplements" in notice.content,
    )


async def start(session: Session, inspection_id: UUID, place: str | None, *, by: Caller) -> Inspection:
    """Begin on site, on the day the object was told; the certificate's status of this day is fixed for the record."""
    inspection = await locked(session, inspection_id, by)
    states.after(Act.START, inspection.state)
    today = legal_day(session.now)
    if inspection.inspection_on != today:
        raise errors.NotInspectionDay(inspection_on=str(inspection.inspection_on))
    told = await queries.latest_notice(session, inspection_id)
    if told.content["inspectors"] != team.shown(inspection.members):
        raise errors.SupplementaryNoticeMissing
    team.require_available(inspection.members, today)
    move(inspection, Act.START)
    await deadlines.expect_result(session, inspection, today, by=by)
    inspection.started_at = session.now
    inspection.record = {"place": place or inspection.object["address"]}
    status = await replica.status_for(session, inspection, inspection.certificate_no, today)
    inspection.certificate = inspection.certificate | {"status": status}
    audit.record(session, by, "inspection.started", inspection_id)
    return inspection

"""The statutory deadlines of reporting: each city that has objects owes the province a summary in each round (K04)."""

from uuid import UUID

from sqlmodel import col, select

from services.reporting.models import Campaign
from services.reporting.queries import periods
from services.reporting.queries.summaries import cities_with_objects
from services.reporting.rules.enums import Round
from shared import deadline_records
from shared.core.clock import legal_day
from shared.database.session import Session, lock
from shared.deadline_records import DeadlineRecord, Subject
from shared.deadline_records.opening import Term
from shared.deadline_records.subject import named
from shared.security.auth import SYSTEM, Caller

REPORT = "K04"


async def open_due(session: Session, campaign_id: UUID) -> None:
    """Open the deadline of every summary that is owed by now; called again, it opens only what is new."""
    campaign = await session.get(Campaign, campaign_id)
    if campaign is None or campaign.code is None or campaign.window_from is None:
        return
    await lock(session, f"reports {campaign_id}")
    rounds = await periods(session, campaign_id)
    for city in await cities_with_objects(session, campaign_id, legal_day(session.now)):
        for round_, period in rounds.items():
            subject_id = _id(campaign_id, round_, city)
            subject = Subject("summary", subject_id, f"{campaign.code} {round_}", city, city, None, campaign_id)
            if not await _was_opened(session, subject.id):
                term = Term(campaign.window_from, until=period.city_due_on)
                await deadline_records.open_deadline(session, subject, REPORT, term, by=SYSTEM)


async def meet(session: Session, campaign_id: UUID, round_: Round, city: str, *, by: Caller) -> None:
    """Meet the deadline of a city in a round: its summary was submitted."""
    await deadline_records.meet(session, _id(campaign_id, round_, city), [REPORT], by=by)


def _id(campaign_id: UUID, round_: Round, city: str) -> UUID:
    return named("summary", campaign_id, round_.value, city)


async def _was_opened(session: Session, subject_id: UUID) -> bool:
    query = select(DeadlineRecord.id).where(col(DeadlineRecord.subject_id) == subject_id).limit(1)
    return (await session.exec(query)).first() is not None

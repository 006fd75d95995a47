"""Each city that has objects owes the province a summary in each round (K04)."""

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


async def expect(session: Session, campaign_id: UUID) -> None:
    """Let the term of every report run that is owed by now; called again, it opens only what is new."""
    campaign = await session.get(Campaign, campaign_id)
    if campaign is None or campaign.code is None or campaign.window_from is None:
        return
    await lock(session, f"reports {campaign_id}")
    rounds = await periods(session, campaign_id)
    for city in await cities_with_objects(session, campaign_id, legal_day(session.now)):
        for which, period in rounds.items():
            subject = Subject("summary", _id(campaign_id, which, city), f"{campaign.code} {which}", city, city, None, campaign_id)
            if not await _known(session, subject.id):
                term = Term(campaign.window_from, until=period.city_due_on)
                await deadline_records.open_deadline(session, subject, REPORT, term, by=SYSTEM)


async def submitted(session: Session, campaign_id: UUID, which: Round, city: str, *, by: Caller) -> None:
    """The city has reported."""
    await deadline_records.meet(session, _id(campaign_id, which, city), [REPORT], by=by)


def _id(campaign_id: UUID, which: Round, city: str) -> UUID:
    return named("summary", campaign_id, which.value, city)


async def _known(session: Session, subject_id: UUID) -> bool:
    query = select(DeadlineRecord.id).where(col(DeadlineRecord.subject_id) == subject_id).limit(1)
    return (await session.exec(query)).first() is not None

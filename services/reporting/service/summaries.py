"""Summaries: computed and frozen, submitted by the city, returned or accepted by the province, merged."""

from collections.abc import Sequence
from uuid import UUID

from services.reporting.errors import SamePerson, SummariesMissing, SummaryTransition
from services.reporting.models import MergedPart, Summary, SummaryRow
from services.reporting.queries import Scope, campaign, periods
from services.reporting.queries import summaries as queries
from services.reporting.rules import figures
from services.reporting.rules.enums import Round, SummaryState
from services.reporting.rules.figures import Figure
from services.reporting.rules.rounds import Period
from services.reporting.schemas import MergedIn, SummaryIn
from services.reporting.service import deadlines
from shared.core.clock import legal_day
from shared.core.errors import NotFound
from shared.core.ids import new_id
from shared.database.session import Session, driver, lock
from shared.events.reporting import SummaryAccepted, SummaryReturned, SummarySubmitted
from shared.messaging import emit
from shared.security import audit
from shared.security.auth import Caller
from shared.security.segregation import require_different
from shared.vocabulary import OrgLevel

_COLUMNS = ("summary_id", "figure", "part", *queries.ROW)


async def compute(session: Session, by: Caller, body: SummaryIn) -> Summary:
    """Compute a city's figures and freeze them. An open summary of the round gives way to the new attempt."""
    if by.org_level is not OrgLevel.PREFECTURE or by.org != body.city:
        raise NotFound
    period = await _open_round(session, body.campaign_id, body.round, body.city)
    last = await queries.latest(session, body.campaign_id, body.round, body.city)
    _supersede(last)
    today = legal_day(session.now)
    scope = Scope(body.campaign_id, by, body.city)
    found = figures.computed(await queries.rows(session, scope, period, today, [body.city]))
    made = _new(session, body, period, by)
    made.city, made.attempt = body.city, (last.attempt if last else 0) + 1
    await _freeze(session, made, found, [])
    audit.record(session, by, "summary.computed", made.summary_id, digest=made.digest)
    return made


async def _open_round(session: Session, campaign_id: UUID, which: Round, city: str | None) -> Period:
    await lock(session, f"summary {campaign_id} {which} {city or ''}")
    period = (await periods(session, campaign_id))[which]
    period.require_open(legal_day(session.now), merged=await queries.is_merged(session, campaign_id, which))
    return period


def _supersede(last: Summary | None) -> None:
    if last is None or last.state is SummaryState.RETURNED:
        return
    if last.state is not SummaryState.OPEN:
        raise SummaryTransition(f"the round's summary is {last.state}", state=last.state)
    last.state = SummaryState.SUPERSEDED


def _new(session: Session, body: SummaryIn | MergedIn, period: Period, by: Caller) -> Summary:
    return Summary(
        summary_id=new_id(),
        campaign_id=body.campaign_id,
        round=body.round.value,
        attempt=1,
        state=SummaryState.OPEN,
        as_of=period.as_of(legal_day(session.now)),
        due_on=period.city_due_on,
        problems=body.problems,
        recommendations=body.recommendations,
        figures=[],
        digest="",
        created_by=by.subject,
        created_at=session.now,
    )


async def _freeze(session: Session, made: Summary, found: Sequence[Figure], parts: list[dict[str, str]]) -> None:
    made.figures = [figure.shown() for figure in found]
    made.digest = figures.digest_of(figures.document_of(queries.head_of(made, parts), found))
    session.add(made)
    await session.flush()
    records = [
        (made.summary_id, figure.key, part, *(getattr(row, name) for name in queries.ROW))
        for figure in found
        for part, rows in (("counted", figure.counted), ("of", figure.of))
        for row in rows
    ]
    connection = await driver(session)
    await connection.copy_records_to_table(SummaryRow.__tablename__, records=records, columns=_COLUMNS)


def _require(found: Summary, state: SummaryState) -> None:
    if found.state is not state:
        raise SummaryTransition(f"the summary is {found.state}", state=found.state)


async def submit(session: Session, by: Caller, summary_id: UUID) -> Summary:
    """Send a summary with its annexes to the province. Late is accepted and shown; outside the round is not."""
    found = await queries.summary(session, summary_id, by, lock=True)
    await _open_round(session, found.campaign_id, Round(found.round), found.city)
    _require(found, SummaryState.OPEN)
    today = legal_day(session.now)
    found.state, found.submitted_by, found.submitted_on = SummaryState.SUBMITTED, by.subject, today
    if found.city is not None:
        await deadlines.submitted(session, found.campaign_id, Round(found.round), found.city, by=by)
    audit.record(session, by, "summary.submitted", summary_id, late=today > found.due_on)
    emit(session, SummarySubmitted(**_said(found), digest=found.digest, submitted_on=today))
    return found


def _said(found: Summary) -> dict[str, object]:
    told = {"summary_id": found.summary_id, "campaign_id": found.campaign_id}
    return {**told, "round": found.round, "city": found.city}


async def _to_decide(session: Session, by: Caller, summary_id: UUID) -> Summary:
    found = await queries.summary(session, summary_id, by, lock=True)
    _require(found, SummaryState.SUBMITTED)
    require_different(by.subject, found.created_by, found.submitted_by, error=SamePerson)
    found.decided_by, found.decided_on = by.subject, legal_day(session.now)
    return found


async def send_back(session: Session, by: Caller, summary_id: UUID, ground: str) -> Summary:
    """Return a summary to its city for correction."""
    found = await _to_decide(session, by, summary_id)
    found.state, found.return_ground = SummaryState.RETURNED, ground
    audit.record(session, by, "summary.returned", summary_id)
    emit(session, SummaryReturned(**_said(found), ground=ground))
    return found


async def accept(session: Session, by: Caller, summary_id: UUID) -> Summary:
    """Accept a city's summary."""
    found = await _to_decide(session, by, summary_id)
    found.state = SummaryState.ACCEPTED
    audit.record(session, by, "summary.accepted", summary_id, digest=found.digest)
    today = legal_day(session.now)
    emit(session, SummaryAccepted(**_said(found), digest=found.digest, accepted_on=today))
    return found


async def merge(session: Session, by: Caller, body: MergedIn) -> Summary:
    """Merge the accepted summaries into the province's: over their frozen rows, nothing is read anew. Closes the round."""
    await campaign(session, body.campaign_id)
    period = await _open_round(session, body.campaign_id, body.round, None)
    parts = await queries.accepted(session, body.campaign_id, body.round)
    await _require_all(session, body, period, parts)
    made = _new(session, body, period, by)
    made.as_of, made.state = max(part.as_of for part in parts), SummaryState.MERGED
    made.due_on = period.province_due_on
    bound = [{"digest": part.digest, "summary_id": str(part.summary_id)} for part in parts]
    await _freeze(session, made, await _merged(session, parts, period), bound)
    session.add_all(MergedPart(merged_id=made.summary_id, summary_id=part.summary_id) for part in parts)
    for part in parts:
        part.state = SummaryState.MERGED
    audit.record(session, by, "summary.merged", made.summary_id, parts=[str(part.summary_id) for part in parts])
    return made


async def _require_all(session: Session, body: MergedIn, period: Period, parts: Sequence[Summary]) -> None:
    due = await queries.cities_with_objects(session, body.campaign_id, period.as_of(legal_day(session.now)))
    missing = sorted(set(due) - {part.city for part in parts})
    if missing or not parts:
        raise SummariesMissing(f"without an accepted summary: {', '.join(missing) or 'all'}", missing=missing)


async def _merged(session: Session, parts: Sequence[Summary], period: Period) -> list[Figure]:
    """Whether each city reported in time is known only now: clock K04 is counted from the submissions themselves."""
    first = await queries.first_submissions(session, parts[0].campaign_id, period.round)
    today, cities = legal_day(session.now), [part.city for part in parts if part.city]
    clocks = [queries.submission_row(city, first.get(city), period.city_due_on, today) for city in cities]
    fresh = {each.key: each for each in figures.computed(clocks) if each.of}
    frozen = await queries.frozen_figures(session, *(part.summary_id for part in parts))
    return [fresh.get(figure.key, figure) for figure in frozen]

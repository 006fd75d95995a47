"""Summaries: computed and frozen, submitted by the city, returned or accepted by the province, merged."""

from collections.abc import Sequence
from uuid import UUID

from services.reporting.errors import SamePerson, SummariesMissing
from services.reporting.models import MergedPart, Summary, SummaryRow
from services.reporting.queries import Scope, campaign, periods
from services.reporting.queries import summaries as queries
from services.reporting.rules import figures
from services.reporting.rules.enums import Round, SummaryState
from services.reporting.rules.figures import Figure
from services.reporting.rules.rounds import Period
from services.reporting.rules.states import SummaryEvent, summary_after
from services.reporting.schemas import MergedIn, SummaryIn
from services.reporting.service import deadlines, events
from shared.core.clock import legal_day
from shared.core.errors import NotFound
from shared.core.ids import new_id
from shared.database.session import Session, lock
from shared.security import audit
from shared.security.auth import Caller
from shared.security.segregation import require_different
from shared.vocabulary import OrgLevel

_COLUMNS = ("summary_id", "figure", "part", *queries.ROW)


async def compute(session: Session, body: SummaryIn, *, by: Caller) -> Summary:
    """Compute a city's figures and freeze them with their rows. An open summary of the round is superseded.

    Raises:
        NotFound: the caller is not the city itself.
        CampaignNotFound: the campaign is not published.
        RoundNotOpen: before the round's first day.
        RoundClosed: the province has merged the round, or its term is over.
        SummaryTransition: the city's summary of the round was submitted or accepted already.
    """
    if by.org_level is not OrgLevel.PREFECTURE or by.org != body.city:
        raise NotFound
    period = await _require_open(session, body.campaign_id, body.round, body.city)
    latest = await queries.latest(session, body.campaign_id, body.round, body.city)
    if latest is not None and latest.state is not SummaryState.RETURNED:
        latest.state = summary_after(latest.state, SummaryEvent.SUPERSEDE)
    scope = Scope(body.campaign_id, by, body.city)
    rows = await queries.rows(session, scope, period, legal_day(session.now), [body.city])
    summary = _new(session, body, period, by)
    summary.city, summary.attempt = body.city, (latest.attempt if latest else 0) + 1
    await _freeze(session, summary, figures.computed(rows), [])
    audit.record(session, by, "summary.computed", summary.summary_id, digest=summary.digest)
    return summary


async def _require_open(session: Session, campaign_id: UUID, round_: Round, city: str | None) -> Period:
    await lock(session, f"summary {campaign_id} {round_} {city or ''}")
    period = (await periods(session, campaign_id))[round_]
    period.require_open(legal_day(session.now), merged=await queries.is_merged(session, campaign_id, round_))
    return period


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


async def _freeze(session: Session, summary: Summary, computed: Sequence[Figure], parts: list[dict[str, str]]) -> None:
    summary.figures = [figure.content() for figure in computed]
    summary.digest = figures.digest_of(figures.document_of(queries.head_of(summary, parts), computed))
    session.add(summary)
    await session.flush()
    records = [
        (summary.summary_id, figure.key, part, *(getattr(row, name) for name in queries.ROW))
        for figure in computed
        for part, rows in (("counted", figure.counted), ("of", figure.of))
        for row in rows
    ]
    await session.driver.copy_records_to_table(SummaryRow.__tablename__, records=records, columns=_COLUMNS)


async def submit(session: Session, summary_id: UUID, *, by: Caller) -> Summary:
    """Submit a summary with annexes 3 and 4 to the province. After the due day it is accepted and marked as late.

    Raises:
        SummaryNotFound: there is no such summary within the jurisdiction.
        RoundNotOpen: before the round's first day.
        RoundClosed: the province has merged the round, or its term is over.
        SummaryTransition: the summary is not open.
    """
    summary = await queries.summary(session, summary_id, by, lock=True)
    await _require_open(session, summary.campaign_id, Round(summary.round), summary.city)
    summary.state, today = summary_after(summary.state, SummaryEvent.SUBMIT), legal_day(session.now)
    summary.submitted_by, summary.submitted_on = by.subject, today
    if summary.city is not None:
        await deadlines.meet(session, summary.campaign_id, Round(summary.round), summary.city, by=by)
    audit.record(session, by, "summary.submitted", summary_id, late=today > summary.due_on)
    events.summary_submitted(session, summary, today)
    return summary


async def _decide(session: Session, summary_id: UUID, event: SummaryEvent, by: Caller) -> Summary:
    summary = await queries.summary(session, summary_id, by, lock=True)
    state = summary_after(summary.state, event)
    require_different(by.subject, summary.created_by, summary.submitted_by, error=SamePerson)
    summary.state, summary.decided_by, summary.decided_on = state, by.subject, legal_day(session.now)
    return summary


async def send_back(session: Session, summary_id: UUID, ground: str, *, by: Caller) -> Summary:
    """Return a summary to its city for correction.

    Raises:
        SummaryNotFound: there is no such summary within the jurisdiction.
        SummaryTransition: the summary is not submitted.
        SamePerson: the caller computed or submitted it.
    """
    summary = await _decide(session, summary_id, SummaryEvent.RETURN, by)
    summary.return_ground = ground
    audit.record(session, by, "summary.returned", summary_id)
    events.summary_returned(session, summary, ground)
    return summary


async def accept(session: Session, summary_id: UUID, *, by: Caller) -> Summary:
    """Accept a city's summary.

    Raises:
        SummaryNotFound: there is no such summary within the jurisdiction.
        SummaryTransition: the summary is not submitted.
        SamePerson: the caller computed or submitted it.
    """
    summary = await _decide(session, summary_id, SummaryEvent.ACCEPT, by)
    audit.record(session, by, "summary.accepted", summary_id, digest=summary.digest)
    events.summary_accepted(session, summary, legal_day(session.now))
    return summary


async def merge(session: Session, body: MergedIn, *, by: Caller) -> Summary:
    """Merge the accepted summaries into the province's: over their frozen rows, nothing is read again. Closes the round.

    Raises:
        CampaignNotFound: the campaign is not published.
        RoundNotOpen: before the round's first day.
        RoundClosed: the province has merged the round already, or its term is over.
        SummariesMissing: a city that had objects has no accepted summary.
    """
    await campaign(session, body.campaign_id)
    period = await _require_open(session, body.campaign_id, body.round, None)
    parts = await queries.accepted(session, body.campaign_id, body.round)
    await _require_all(session, body, period, parts)
    summary = _new(session, body, period, by)
    summary.as_of, summary.state = max(part.as_of for part in parts), SummaryState.MERGED
    summary.due_on = period.province_due_on
    bound = [{"digest": part.digest, "summary_id": str(part.summary_id)} for part in parts]
    await _freeze(session, summary, await _merged(session, parts, period), bound)
    session.add_all(MergedPart(merged_id=summary.summary_id, summary_id=part.summary_id) for part in parts)
    for part in parts:
        part.state = summary_after(part.state, SummaryEvent.MERGE)
    audit.record(session, by, "summary.merged", summary.summary_id, parts=[str(part.summary_id) for part in parts])
    return summary


async def _require_all(session: Session, body: MergedIn, period: Period, parts: Sequence[Summary]) -> None:
    due = await queries.cities_with_objects(session, body.campaign_id, period.as_of(legal_day(session.now)))
    missing = sorted(set(due) - {part.city for part in parts})
    if missing or not parts:
        raise SummariesMissing(f"without an accepted summary: {', '.join(missing) or 'all'}", missing=missing)


async def _merged(session: Session, parts: Sequence[Summary], period: Period) -> list[Figure]:
    """Whether each city reported in time is decided only now: K04 is counted from the submissions themselves."""
    first = await queries.first_submissions(session, parts[0].campaign_id, period.round)
    today, cities = legal_day(session.now), [part.city for part in parts if part.city]
    submissions = [queries.submission_row(city, first.get(city), period.city_due_on, today) for city in cities]
    current = {figure.key: figure for figure in figures.computed(submissions) if figure.of}
    frozen = await queries.frozen_figures(session, *(part.summary_id for part in parts))
    return [current.get(figure.key, figure) for figure in frozen]

"""Summaries, their rows and what they are computed from."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.reporting.errors import FigureNotFound, SummaryNotFound
from services.reporting.models import Assignment, MergedPart, OverdueDeadline, Summary, SummaryRow
from services.reporting.queries import files
from services.reporting.queries.scope import Scope, column
from services.reporting.rules import figures
from services.reporting.rules.enums import Round, RowKind, SummaryState
from services.reporting.rules.figures import Figure
from services.reporting.rules.reference_data import city as name_of
from services.reporting.rules.rounds import Period
from services.reporting.rules.rows import Row, overdue_row, rows_of
from shared.database.prepared import Query, equals, prepared
from shared.security.auth import Caller

HEAD = (
    *("summary_id", "campaign_id", "round", "city", "attempt", "state", "as_of", "due_on", "digest", "created_by"),
    *("created_at", "submitted_by", "submitted_on", "decided_by", "decided_on", "return_ground"),
)
ROW = ("row_id", "kind", "label", "city", "county", "priority_group", "body", "amount_fen")


@prepared
def heads(by: Caller, **equal: Any) -> Select[Any]:
    """The summaries within a caller's jurisdiction, restricted to those where a given value is equal."""
    late = func.coalesce(column(Summary.submitted_on) > column(Summary.due_on), False).label("late")
    rows = select(*[column(getattr(Summary, name)) for name in HEAD], late)
    return rows.where(by.within(column(Summary.city)), *equals(Summary, **equal))


async def summary(session: AsyncSession, summary_id: UUID, by: Caller, *, lock: bool = False) -> Summary:
    """One summary.

    Raises:
        SummaryNotFound: there is none within the jurisdiction.
    """
    query = select(Summary).where(column(Summary.summary_id) == summary_id, by.within(column(Summary.city)))
    found = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    if found is None:
        raise SummaryNotFound
    return found


async def latest(session: AsyncSession, campaign_id: UUID, which: Round, city: str) -> Summary | None:
    """The newest attempt of a city in a round, locked."""
    query = select(Summary).where(*_of_round(campaign_id, which), column(Summary.city) == city)
    query = query.order_by(column(Summary.attempt).desc()).limit(1).with_for_update()
    return (await session.execute(query)).scalar_one_or_none()


def _of_round(campaign_id: UUID, which: Round) -> list[Any]:
    return [column(Summary.campaign_id) == campaign_id, column(Summary.round) == which.value]


async def accepted(session: AsyncSession, campaign_id: UUID, which: Round) -> list[Summary]:
    """The accepted summaries of a round by city, locked."""
    query = select(Summary).where(*_of_round(campaign_id, which), column(Summary.state) == SummaryState.ACCEPTED)
    return list((await session.execute(query.order_by(column(Summary.city)).with_for_update())).scalars())


async def is_merged(session: AsyncSession, campaign_id: UUID, which: Round) -> bool:
    """Whether the province has merged the round."""
    query = select(exists().where(*_of_round(campaign_id, which), column(Summary.city).is_(None)))
    return bool((await session.execute(query)).scalar_one())


async def cities_with_objects(session: AsyncSession, campaign_id: UUID, as_of: date) -> list[str]:
    """The cities that had objects to inspect."""
    table = Assignment
    due = (column(table.released_on) <= as_of, column(table.replaced_on).is_(None), column(table.city).is_not(None))
    query = select(column(table.city)).where(column(table.campaign_id) == campaign_id, *due).distinct()
    return sorted((await session.execute(query)).scalars())


async def first_submissions(session: AsyncSession, campaign_id: UUID, which: Round) -> dict[str, date]:
    """The day on which each city first submitted in a round, returned or not."""
    city = column(Summary.city)
    query = select(city, func.min(column(Summary.submitted_on))).where(*_of_round(campaign_id, which), city.is_not(None))
    rows = (await session.execute(query.where(column(Summary.submitted_on).is_not(None)).group_by(city))).all()
    return {row[0]: row[1] for row in rows}


def submission_row(city: str, first: date | None, due: date, today: date) -> Row:
    """The row of clock K04: it counts once the city has submitted or the term has passed."""
    held = {"K04": first is not None or today > due, "K04_met": first is not None and first <= due}
    flags = frozenset(name for name, holds in held.items() if holds)
    return Row(RowKind.SUBMISSION, f"K04:{city}", f"K04 {name_of(city)}", city, flags=flags)


async def rows(session: AsyncSession, scope: Scope, period: Period, today: date, cities: Sequence[str]) -> list[Row]:
    """All that the figures of a scope may count, as of the round's day."""
    objects, changes = await files.objects(session, scope), await files.changes(session, scope)
    first = await first_submissions(session, scope.campaign_id, period.round)
    submitted = [submission_row(city, first.get(city), period.city_due_on, today) for city in cities]
    overdue = await overdue_rows(session, scope, period.as_of(today))
    return [*rows_of(objects, changes, period.as_of(today)), *submitted, *overdue]


async def overdue_rows(session: AsyncSession, scope: Scope, as_of: date) -> list[Row]:
    """The rows of deadlines that had become overdue by a day; those still without their act are counted apart."""
    table = OverdueDeadline
    names = ("deadline_id", "code", "subject_no", "city", "county", "closed_on")
    late = (scope.holds(table), column(table.overdue_on) <= as_of)
    found = await session.execute(select(*[column(getattr(table, name)) for name in names]).where(*late))
    return [overdue_row(as_of, *values) for values in found.all()]


async def parts_of(session: AsyncSession, merged_id: UUID) -> list[tuple[UUID, str]]:
    """The summaries that a provincial one was merged from, each with its digest."""
    query = select(column(MergedPart.summary_id), column(Summary.digest))
    query = query.join(Summary, column(Summary.summary_id) == column(MergedPart.summary_id))
    found = await session.execute(query.where(column(MergedPart.merged_id) == merged_id).order_by(column(Summary.city)))
    return [(row[0], row[1]) for row in found.all()]


async def frozen(session: AsyncSession, *summary_ids: UUID) -> Mapping[tuple[str, str], list[Row]]:
    """The rows of summaries by figure and part (`counted` or `of`), each row once."""
    names = [each.name for each in fields(Row) if each.name != "flags"]
    columns = [column(getattr(SummaryRow, name)) for name in ("figure", "part", *names)]
    query = select(*columns).where(files.among(column(SummaryRow.summary_id), summary_ids))
    found: dict[tuple[str, str], dict[str, Row]] = {}
    for figure, part, *values in (await session.execute(query)).all():
        row = Row(**dict(zip(names, values, strict=True)))
        found.setdefault((figure, part), {}).setdefault(row.row_id, row)
    return {key: list(by_id.values()) for key, by_id in found.items()}


async def frozen_figures(session: AsyncSession, *summary_ids: UUID) -> list[Figure]:
    """The figures over the frozen rows of one summary or of several together."""
    known = await frozen(session, *summary_ids)
    return [
        figures.figure(item, known.get((item["key"], "counted"), []), known.get((item["key"], "of"), []))
        for item in figures.items()
    ]


async def whole_document(session: AsyncSession, found: Summary) -> dict[str, Any]:
    """The document whose digest a summary bears, put together again from its frozen rows."""
    parts = [{"digest": digest, "summary_id": str(part)} for part, digest in await parts_of(session, found.summary_id)]
    return figures.document_of(head_of(found, parts), await frozen_figures(session, found.summary_id))


def head_of(found: Summary, parts: list[dict[str, str]]) -> dict[str, Any]:
    """What the digest binds besides the figures."""
    return {
        "campaign_id": str(found.campaign_id),
        "round": found.round,
        "city": found.city,
        "attempt": found.attempt,
        "as_of": str(found.as_of),
        "problems": found.problems,
        "recommendations": found.recommendations,
        "parts": parts,
    }


def counted_rows(found: Summary, key: str, part: str, **groups: str | None) -> Query:
    """The rows behind one figure of a summary, or behind one group of a breakdown.

    Raises:
        FigureNotFound: there is no such figure.
    """
    if key not in {item["key"] for item in figures.items()}:
        raise FigureNotFound
    wanted = {name: False if value == figures.OTHER else value for name, value in groups.items()}
    return _rows_of(summary_id=found.summary_id, figure=key, part=part, **wanted)


@prepared
def _rows_of(**wanted: Any) -> Select[Any]:
    """Rows where each column that is asked for has its value, or, for False, has none."""
    asked = [(column(getattr(SummaryRow, name)), value) for name, value in wanted.items() if value is not None]
    chosen = [held.is_(None) if value is False else held == value for held, value in asked]
    return select(*[column(getattr(SummaryRow, name)) for name in ROW]).where(*chosen)

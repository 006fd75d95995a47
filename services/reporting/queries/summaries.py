"""Summaries, their rows and what they are computed from."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.errors import FigureNotFound, SummaryNotFound
from services.reporting.models import Assignment, MergedPart, OverdueDeadline, Summary, SummaryRow
from services.reporting.queries import files
from services.reporting.queries.scope import Scope
from services.reporting.rules import figures
from services.reporting.rules.enums import Round, RowKind, SummaryState
from services.reporting.rules.figures import Figure
from services.reporting.rules.reference_data import city as city_name
from services.reporting.rules.rounds import Period
from services.reporting.rules.rows import Row, overdue_row, rows_of
from shared.database.prepared import Query, equals, prepared
from shared.security.auth import Caller

HEAD = tuple(name for name in Summary.model_fields if name not in {"problems", "recommendations", "figures"})
ROW = ("row_id", "kind", "label", "city", "county", "priority_group", "body", "amount_fen")


@prepared
def heads(by: Caller, **equal: Any) -> Select[Any]:
    """The summaries within a caller's jurisdiction, restricted to rows with these values."""
    late = func.coalesce(col(Summary.submitted_on) > col(Summary.due_on), False).label("late")
    rows = select_columns(*[col(getattr(Summary, name)) for name in HEAD], late)
    return rows.where(by.within(col(Summary.city)), *equals(Summary, **equal))


async def summary(session: AsyncSession, summary_id: UUID, by: Caller, *, lock: bool = False) -> Summary:
    """One summary.

    Raises:
        SummaryNotFound: there is none within the jurisdiction.
    """
    query = select(Summary).where(col(Summary.summary_id) == summary_id, by.within(col(Summary.city)))
    stored = (await session.exec(query.with_for_update() if lock else query)).one_or_none()
    if stored is None:
        raise SummaryNotFound
    return stored


async def latest(session: AsyncSession, campaign_id: UUID, round_: Round, city: str) -> Summary | None:
    """The newest attempt of a city in a round, locked."""
    query = select(Summary).where(*_of_round(campaign_id, round_), col(Summary.city) == city)
    query = query.order_by(col(Summary.attempt).desc()).limit(1).with_for_update()
    return (await session.exec(query)).one_or_none()


def _of_round(campaign_id: UUID, round_: Round) -> list[Any]:
    return [col(Summary.campaign_id) == campaign_id, col(Summary.round) == round_.value]


async def accepted(session: AsyncSession, campaign_id: UUID, round_: Round) -> list[Summary]:
    """The accepted summaries of a round by city, locked."""
    query = select(Summary).where(*_of_round(campaign_id, round_), col(Summary.state) == SummaryState.ACCEPTED)
    return list(await session.exec(query.order_by(col(Summary.city)).with_for_update()))


async def is_merged(session: AsyncSession, campaign_id: UUID, round_: Round) -> bool:
    """Whether the province has merged the round."""
    query = select_columns(exists().where(*_of_round(campaign_id, round_), col(Summary.city).is_(None)))
    return bool((await session.execute(query)).scalar_one())


async def cities_with_objects(session: AsyncSession, campaign_id: UUID, as_of: date) -> list[str]:
    """The cities that had objects to inspect."""
    table = Assignment
    due = (col(table.released_on) <= as_of, col(table.replaced_on).is_(None), col(table.city).is_not(None))
    query = select(table.city).where(col(table.campaign_id) == campaign_id, *due).distinct()
    return sorted(city for city in await session.exec(query) if city is not None)


async def first_submissions(session: AsyncSession, campaign_id: UUID, round_: Round) -> dict[str, date]:
    """The day on which each city first submitted in a round, returned or not."""
    city = col(Summary.city)
    query = select_columns(city, func.min(col(Summary.submitted_on))).where(*_of_round(campaign_id, round_), city.is_not(None))
    rows = (await session.execute(query.where(col(Summary.submitted_on).is_not(None)).group_by(city))).all()
    return {row[0]: row[1] for row in rows}


def submission_row(city: str, first: date | None, due: date, today: date) -> Row:
    """The row of deadline K04: it counts once the city has submitted or the due day is over."""
    counts = {"K04": first is not None or today > due, "K04_met": first is not None and first <= due}
    flags = frozenset(flag for flag, holds in counts.items() if holds)
    return Row(RowKind.SUBMISSION, f"K04:{city}", f"K04 {city_name(city)}", city, flags=flags)


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
    late = (scope.holds(table), col(table.overdue_on) <= as_of)
    query = select_columns(*[col(getattr(table, name)) for name in names]).where(*late)
    return [overdue_row(as_of, *values) for values in (await session.execute(query)).all()]


async def parts_of(session: AsyncSession, merged_id: UUID) -> list[tuple[UUID, str]]:
    """The summaries that a provincial one was merged from, each with its digest."""
    query = select_columns(col(MergedPart.summary_id), col(Summary.digest))
    query = query.join(Summary, col(Summary.summary_id) == col(MergedPart.summary_id))
    parts = await session.execute(query.where(col(MergedPart.merged_id) == merged_id).order_by(col(Summary.city)))
    return [(row[0], row[1]) for row in parts.all()]


async def frozen(session: AsyncSession, *summary_ids: UUID) -> Mapping[tuple[str, str], list[Row]]:
    """The rows of summaries by figure and part (`counted` or `of`), each row once."""
    names = [field.name for field in fields(Row) if field.name != "flags"]
    columns = [col(getattr(SummaryRow, name)) for name in ("figure", "part", *names)]
    query = select_columns(*columns).where(files.is_any_of(col(SummaryRow.summary_id), summary_ids))
    by_part: dict[tuple[str, str], dict[str, Row]] = {}
    for figure, part, *values in (await session.execute(query)).all():
        row = Row(**dict(zip(names, values, strict=True)))
        by_part.setdefault((figure, part), {}).setdefault(row.row_id, row)
    return {key: list(by_id.values()) for key, by_id in by_part.items()}


async def frozen_figures(session: AsyncSession, *summary_ids: UUID) -> list[Figure]:
    """The figures over the frozen rows of one summary or of several together."""
    by_part = await frozen(session, *summary_ids)
    return [
        figures.figure(item, by_part.get((item["key"], "counted"), []), by_part.get((item["key"], "of"), []))
        for item in figures.items()
    ]


async def whole_document(session: AsyncSession, stored: Summary) -> dict[str, Any]:
    """The document that a summary's digest is taken of, put together again from its frozen rows."""
    parts = [{"digest": digest, "summary_id": str(part)} for part, digest in await parts_of(session, stored.summary_id)]
    return figures.document_of(head_of(stored, parts), await frozen_figures(session, stored.summary_id))


def head_of(stored: Summary, parts: list[dict[str, str]]) -> dict[str, Any]:
    """What the digest binds besides the figures."""
    return {
        "campaign_id": str(stored.campaign_id),
        "round": stored.round,
        "city": stored.city,
        "attempt": stored.attempt,
        "as_of": str(stored.as_of),
        "problems": stored.problems,
        "recommendations": stored.recommendations,
        "parts": parts,
    }


def counted_rows(stored: Summary, key: str, part: str, **groups: str | None) -> Query:
    """The rows behind one figure of a summary, or behind one group of a breakdown.

    Raises:
        FigureNotFound: there is no such figure.
    """
    if key not in {item["key"] for item in figures.items()}:
        raise FigureNotFound
    filters = {name: False if value == figures.OTHER else value for name, value in groups.items()}
    return _rows_of(summary_id=stored.summary_id, figure=key, part=part, **filters)


@prepared
def _rows_of(**filters: Any) -> Select[Any]:
    """Rows whose columns have the values of `filters`: False means no value, None filters nothing."""
    columns = [(col(getattr(SummaryRow, name)), value) for name, value in filters.items() if value is not None]
    conditions = [column.is_(None) if value is False else column == value for column, value in columns]
    return select_columns(*[col(getattr(SummaryRow, name)) for name in ROW]).where(*conditions)

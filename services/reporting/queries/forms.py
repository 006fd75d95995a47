"""The rows of Annex 3, Annex 4 and the ledger, numbered over the whole scope and read a page at a time."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.reporting.errors import FindingNotFound
from services.reporting.models import Assignment, Case, Finding, LedgerEntry
from services.reporting.queries import files
from services.reporting.queries.scope import Scope, column, periods
from services.reporting.rules import annexes, ledger
from services.reporting.rules.enums import Round
from services.reporting.rules.files import FindingFile
from shared.security.auth import Caller

FormRow = dict[str, Any]


async def annex_3(
    session: AsyncSession, scope: Scope, which: Round, today: date, *, after: int = 0, limit: int | None = None
) -> list[FormRow]:
    """Rows of Annex 3 from the one after number `after`: objects whose inspection was completed in the round."""
    rounds = await periods(session, scope.campaign_id)
    as_of = rounds[which].as_of(today)
    before = rounds[Round.INTERIM].cut_off if which is Round.FINAL else None
    numbered = await _inspected(session, scope, as_of, after, limit)
    part = after > 0 or limit is not None
    narrowed = (
        [files.among(column(Assignment.assignment_id), list(numbered))] if part else [column(Assignment.reviewed_on) <= as_of]
    )
    found = await files.objects(session, scope, *narrowed)
    numbers = await files.case_numbers(session, scope, column(Case.referred_on) <= as_of)
    return [
        annexes.annex_3(numbered[each.assignment_id], each.known_on(as_of), numbers, before)
        | {"assignment_id": each.assignment_id}
        for each in found
    ]


async def _inspected(session: AsyncSession, scope: Scope, as_of: date, after: int, limit: int | None) -> dict[UUID, int]:
    order = [column(Assignment.city), column(Assignment.county), column(Assignment.uscc), column(Assignment.assignment_id)]
    number = func.row_number().over(order_by=order).label("no")
    inspected = column(Assignment.reviewed_on) <= as_of
    rows = select(column(Assignment.assignment_id), number).where(scope.holds(Assignment), inspected).subquery()
    query = select(rows).where(rows.c.no > after).order_by(rows.c.no).limit(limit)
    return {row[0]: row[1] for row in (await session.execute(query)).all()}


async def annex_4(
    session: AsyncSession, scope: Scope, which: Round, today: date, *, after: int = 0, limit: int | None = None
) -> list[FormRow]:
    """Rows of Annex 4 from the one after number `after`: cases referred in the round."""
    as_of = (await periods(session, scope.campaign_id))[which].as_of(today)
    numbers = await files.case_numbers(session, scope, column(Case.referred_on) <= as_of)
    last = len(numbers) if limit is None else after + limit
    wanted = {case: no for case, no in numbers.items() if after < no <= last}
    with_case = select(column(Case.finding_id)).where(files.among(column(Case.case_id), list(wanted)))
    found = await files.findings(session, scope, column(Finding.finding_id).in_(with_case))
    tasks = await _tasks(session, [each.assignment_id for each in found])
    rows = [
        annexes.annex_4(wanted[case.case_id], case, known, tasks.get(each.assignment_id)) | {"case_id": case.case_id}
        for each in found
        for known in [each.known_on(as_of)]
        for case in known.cases
        if case.case_id in wanted
    ]
    return sorted(rows, key=lambda row: int(row["no"]))


async def _tasks(session: AsyncSession, assignments: list[UUID]) -> dict[UUID, str | None]:
    query = select(column(Assignment.assignment_id), column(Assignment.task_no))
    query = query.where(files.among(column(Assignment.assignment_id), assignments))
    return {row[0]: row[1] for row in (await session.execute(query)).all()}


def beyond(keys: list[str]) -> list[ColumnElement[bool]]:
    """The condition for the ledger's rows after the one with these keys: city, USCC, finding."""
    city, uscc, finding_id = keys
    columns = tuple_(column(Finding.city), column(Finding.uscc), column(Finding.finding_id))
    return [columns > tuple_(literal(city), literal(uscc), literal(UUID(finding_id)))]


async def ledger_rows(
    session: AsyncSession, scope: Scope, as_of: date, *where: ColumnElement[bool], limit: int | None = None
) -> list[FormRow]:
    """Rows of the ledger as of a day; `_city` is what they are ordered by first."""
    known = column(Finding.confirmed_on) <= as_of
    found = await files.findings(session, scope, known, *where, limit=limit)
    return [_ledger_row(each, as_of) for each in found]


def _ledger_row(found: FindingFile, as_of: date) -> FormRow:
    return annexes.laid_out("ledger", ledger.row(found.known_on(as_of), as_of)) | {"_city": found.city}


async def finding(session: AsyncSession, finding_id: UUID, by: Caller, as_of: date) -> FormRow:
    """One row of the ledger.

    Raises:
        FindingNotFound: there is no such finding within the jurisdiction.
    """
    query = select(column(Finding.campaign_id)).where(column(Finding.finding_id) == finding_id)
    campaign_id = (await session.execute(query)).scalar_one_or_none()
    if campaign_id is None:
        raise FindingNotFound
    scope = Scope(campaign_id, by)
    rows = await ledger_rows(session, scope, as_of, column(Finding.finding_id) == finding_id)
    if not rows:
        raise FindingNotFound
    return {name: value for name, value in rows[0].items() if not name.startswith("_")}


async def history(session: AsyncSession, finding_id: UUID) -> list[dict[str, Any]]:
    """Everything that was told of a finding, in the order in which it happened."""
    entry = LedgerEntry
    query = select(column(entry.kind), column(entry.at), column(entry.content))
    query = query.where(column(entry.finding_id) == finding_id).order_by(column(entry.at), column(entry.place))
    return [{"kind": row[0], "at": row[1], "content": row[2]} for row in (await session.execute(query)).all()]

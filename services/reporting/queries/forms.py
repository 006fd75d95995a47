"""The rows of Annex 3, Annex 4 and the ledger, numbered over the whole scope and read a page at a time."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, tuple_
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.errors import FindingNotFound
from services.reporting.models import Assignment, Case, Finding, LedgerEntry
from services.reporting.queries import files
from services.reporting.queries.scope import Scope, periods
from services.reporting.rules import annexes, ledger
from services.reporting.rules.enums import Round
from services.reporting.rules.files import FindingFile
from shared.security.auth import Caller

FormRow = dict[str, Any]


async def annex_3(
    session: AsyncSession, scope: Scope, round_: Round, today: date, *, after: int = 0, limit: int | None = None
) -> list[FormRow]:
    """Rows of Annex 3 from the one after number `after`: objects whose inspection was completed in the round."""
    rounds = await periods(session, scope.campaign_id)
    as_of = rounds[round_].as_of(today)
    before = rounds[Round.INTERIM].cut_off if round_ is Round.FINAL else None
    numbered = await _inspected(session, scope, as_of, after, limit)
    paged = after > 0 or limit is not None
    of_page = files.is_any_of(col(Assignment.assignment_id), list(numbered))
    objects = await files.objects(session, scope, of_page if paged else col(Assignment.reviewed_on) <= as_of)
    numbers = await files.case_numbers(session, scope, col(Case.referred_on) <= as_of)
    return [
        annexes.annex_3(numbered[file.assignment_id], file.as_of(as_of), numbers, before) | {"assignment_id": file.assignment_id}
        for file in objects
    ]


async def _inspected(session: AsyncSession, scope: Scope, as_of: date, after: int, limit: int | None) -> dict[UUID, int]:
    order = [col(Assignment.city), col(Assignment.county), col(Assignment.uscc), col(Assignment.assignment_id)]
    number = func.row_number().over(order_by=order).label("no")
    inspected = col(Assignment.reviewed_on) <= as_of
    rows = select_columns(col(Assignment.assignment_id), number).where(scope.holds(Assignment), inspected).subquery()
    query = select_columns(rows).where(rows.c.no > after).order_by(rows.c.no).limit(limit)
    return {row[0]: row[1] for row in (await session.execute(query)).all()}


async def annex_4(
    session: AsyncSession, scope: Scope, round_: Round, today: date, *, after: int = 0, limit: int | None = None
) -> list[FormRow]:
    """Rows of Annex 4 from the one after number `after`: cases referred in the round."""
    as_of = (await periods(session, scope.campaign_id))[round_].as_of(today)
    numbers = await files.case_numbers(session, scope, col(Case.referred_on) <= as_of)
    last = len(numbers) if limit is None else after + limit
    of_page = {case: no for case, no in numbers.items() if after < no <= last}
    with_case = select_columns(col(Case.finding_id)).where(files.is_any_of(col(Case.case_id), list(of_page)))
    findings = await files.findings(session, scope, col(Finding.finding_id).in_(with_case))
    tasks = await _tasks(session, [file.assignment_id for file in findings])
    rows = [
        annexes.annex_4(of_page[case.case_id], case, file, tasks.get(file.assignment_id)) | {"case_id": case.case_id}
        for file in (finding.as_of(as_of) for finding in findings)
        for case in file.cases
        if case.case_id in of_page
    ]
    return sorted(rows, key=lambda row: int(row["no"]))


async def _tasks(session: AsyncSession, assignments: list[UUID]) -> dict[UUID, str | None]:
    query = select_columns(col(Assignment.assignment_id), col(Assignment.task_no))
    query = query.where(files.is_any_of(col(Assignment.assignment_id), assignments))
    return {row[0]: row[1] for row in (await session.execute(query)).all()}


def after_keys(keys: list[str]) -> list[ColumnElement[bool]]:
    """The condition for the ledger's rows after the one with these keys: city, USCC, finding."""
    city, uscc, finding_id = keys
    columns = tuple_(col(Finding.city), col(Finding.uscc), col(Finding.finding_id))
    return [columns > tuple_(literal(city), literal(uscc), literal(UUID(finding_id)))]


async def ledger_rows(
    session: AsyncSession, scope: Scope, as_of: date, *where: ColumnElement[bool], limit: int | None = None
) -> list[FormRow]:
    """Rows of the ledger as of a day; `_city` is what they are ordered by first."""
    confirmed = col(Finding.confirmed_on) <= as_of
    findings = await files.findings(session, scope, confirmed, *where, limit=limit)
    return [_ledger_row(file, as_of) for file in findings]


def _ledger_row(file: FindingFile, as_of: date) -> FormRow:
    return annexes.laid_out("ledger", ledger.row(file.as_of(as_of), as_of)) | {"_city": file.city}


async def finding(session: AsyncSession, finding_id: UUID, by: Caller, as_of: date) -> FormRow:
    """One row of the ledger.

    Raises:
        FindingNotFound: there is no such finding within the jurisdiction.
    """
    query = select(Finding.campaign_id).where(col(Finding.finding_id) == finding_id)
    campaign_id = (await session.exec(query)).one_or_none()
    if campaign_id is None:
        raise FindingNotFound
    scope = Scope(campaign_id, by)
    rows = await ledger_rows(session, scope, as_of, col(Finding.finding_id) == finding_id)
    if not rows:
        raise FindingNotFound
    return {name: value for name, value in rows[0].items() if not name.startswith("_")}


async def history(session: AsyncSession, finding_id: UUID) -> list[dict[str, Any]]:
    """The events about a finding, in the order in which they happened."""
    entry = LedgerEntry
    query = select_columns(col(entry.kind), col(entry.at), col(entry.content))
    query = query.where(col(entry.finding_id) == finding_id).order_by(col(entry.at), col(entry.place))
    return [{"kind": row[0], "at": row[1], "content": row[2]} for row in (await session.execute(query)).all()]

"""Objects and findings with everything that followed, in a handful of queries whatever their number."""

from collections.abc import Sequence
from dataclasses import fields, replace
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from services.reporting.models import Assignment, Case, Copy, Finding, Letter, Matter, Rectification, TeamChange, Transfer
from services.reporting.queries.scope import Scope, column
from services.reporting.rules.files import (
    CaseFile,
    ChangeFile,
    CopyFile,
    FindingFile,
    LetterFile,
    MatterFile,
    ObjectFile,
    RectificationFile,
    TransferFile,
)

File = TypeVar("File")

FOLLOWED: dict[str, tuple[type[Any], type[Any]]] = {
    "rectifications": (RectificationFile, Rectification),
    "cases": (CaseFile, Case),
    "transfers": (TransferFile, Transfer),
    "letters": (LetterFile, Letter),
    "matters": (MatterFile, Matter),
    "copies": (CopyFile, Copy),
}
"""What may follow from a finding: the member of its file, the class of the part, the table."""


def among(column: ColumnElement[Any], ids: Sequence[UUID]) -> ColumnElement[bool]:
    """Whether a column is one of many ids, sent as one parameter."""
    return column == any_(literal(list(ids), ARRAY(column.type)))


def columns(kind: type[Any], table: type[Any]) -> list[ColumnElement[Any]]:
    """The columns of a table that a file is made of; members that are tuples of other files are filled later."""
    return [column(getattr(table, each.name)) for each in fields(kind) if each.default != ()]


async def _read(session: AsyncSession, kind: type[File], query: Select[Any]) -> list[File]:
    return [kind(*row) for row in (await session.execute(query)).all()]


async def findings(
    session: AsyncSession, scope: Scope, *where: ColumnElement[bool], limit: int | None = None
) -> list[FindingFile]:
    """The findings of a scope in the ledger's order, each with all that followed."""
    order = [column(Finding.city), column(Finding.uscc), column(Finding.finding_id)]
    chosen = select(*columns(FindingFile, Finding)).where(scope.holds(Finding), *where)
    files = await _read(session, FindingFile, chosen.order_by(*order).limit(limit))
    wanted = [file.finding_id for file in files] if where or limit else None
    followed = {name: await _followed(session, scope, *pair, wanted) for name, pair in FOLLOWED.items()}
    return [_whole(file, followed) for file in files]


def _whole(file: FindingFile, followed: dict[str, dict[UUID, tuple[Any, ...]]]) -> FindingFile:
    found: dict[str, Any] = {name: by[file.finding_id] for name, by in followed.items() if file.finding_id in by}
    return replace(file, **found) if found else file


async def _followed(
    session: AsyncSession, scope: Scope, kind: type[Any], table: type[Any], wanted: Sequence[UUID] | None
) -> dict[UUID, tuple[Any, ...]]:
    key = column(table.finding_id)
    query = select(*columns(kind, table)).join(Finding, key == column(Finding.finding_id)).where(scope.holds(Finding))
    if wanted is not None:
        query = query.where(among(key, wanted))
    rows = await _read(session, kind, query.order_by(key, *table.__table__.primary_key))
    return {finding_id: tuple(group) for finding_id, group in groupby(rows, key=lambda row: row.finding_id)}


async def objects(session: AsyncSession, scope: Scope, *where: ColumnElement[bool]) -> list[ObjectFile]:
    """The objects of a scope in the order of Annex 3, each with its findings."""
    order = [column(Assignment.city), column(Assignment.county), column(Assignment.uscc), column(Assignment.assignment_id)]
    query = select(*columns(ObjectFile, Assignment)).where(scope.holds(Assignment), *where)
    files = await _read(session, ObjectFile, query.order_by(*order))
    return await with_findings(session, scope, files, chosen=bool(where))


async def with_findings(session: AsyncSession, scope: Scope, files: Sequence[ObjectFile], *, chosen: bool) -> list[ObjectFile]:
    """The same objects, each with its findings; `chosen` where they are only a part of the scope."""
    narrowed = [among(column(Finding.assignment_id), [file.assignment_id for file in files])] if chosen else []
    by_object: dict[UUID, list[FindingFile]] = {}
    for finding in await findings(session, scope, *narrowed):
        by_object.setdefault(finding.assignment_id, []).append(finding)
    return [replace(file, findings=tuple(by_object.get(file.assignment_id, ()))) for file in files]


async def changes(session: AsyncSession, scope: Scope) -> list[ChangeFile]:
    """The changes of teams in a scope."""
    known = [TeamChange.event_id, Assignment.city, Assignment.county]
    said = [TeamChange.leaving, TeamChange.reason, TeamChange.changed_on]
    query = (
        select(*[column(each) for each in (*known, *said)])
        .join(Assignment, column(TeamChange.assignment_id) == column(Assignment.assignment_id))
        .where(scope.holds(Assignment))
    )
    return await _read(session, ChangeFile, query)


async def case_numbers(session: AsyncSession, scope: Scope, *where: ColumnElement[bool]) -> dict[UUID, int]:
    """The number of each case in Annex 4: by city, day of the clue and id."""
    order = [column(Finding.city), column(Case.referred_on), column(Case.case_id)]
    query = (
        select(column(Case.case_id), func.row_number().over(order_by=order))
        .join(Finding, column(Case.finding_id) == column(Finding.finding_id))
        .where(scope.holds(Finding), *where)
        .order_by(*order)
    )
    return {row[0]: row[1] for row in (await session.execute(query)).all()}

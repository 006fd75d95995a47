"""Objects and findings with everything that followed, in a fixed number of queries however many there are."""

from collections.abc import Sequence
from dataclasses import fields, replace
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.models import Assignment, Case, Copy, Finding, Letter, Matter, Rectification, TeamChange, Transfer
from services.reporting.queries.scope import Scope
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
"""What may follow from a finding: the field of its file, the class of the part, the table."""


def is_any_of(column: Mapped[UUID], ids: Sequence[UUID]) -> ColumnElement[bool]:
    """Whether a column is one of many ids, sent as one parameter."""
    return column == any_(literal(list(ids), ARRAY(Uuid())))


def columns(kind: type[Any], table: type[Any]) -> list[Mapped[Any]]:
    """The columns of a table that a file is made of; members that are tuples of other files are added later."""
    return [col(getattr(table, field.name)) for field in fields(kind) if field.default != ()]


async def _read(session: AsyncSession, kind: type[File], query: Select[Any]) -> list[File]:
    return [kind(*row) for row in (await session.execute(query)).all()]


async def findings(
    session: AsyncSession, scope: Scope, *where: ColumnElement[bool], limit: int | None = None
) -> list[FindingFile]:
    """The findings of a scope in the ledger's order, each with all that followed."""
    order = [col(Finding.city), col(Finding.uscc), col(Finding.finding_id)]
    query = select(*columns(FindingFile, Finding)).where(scope.holds(Finding), *where)
    files = await _read(session, FindingFile, query.order_by(*order).limit(limit))
    finding_ids = [file.finding_id for file in files] if where or limit else None
    followed = {name: await _followed(session, scope, *pair, finding_ids) for name, pair in FOLLOWED.items()}
    return [_with_followed(file, followed) for file in files]


def _with_followed(file: FindingFile, followed: dict[str, dict[UUID, tuple[Any, ...]]]) -> FindingFile:
    parts: dict[str, Any] = {name: by_id[file.finding_id] for name, by_id in followed.items() if file.finding_id in by_id}
    return replace(file, **parts) if parts else file


async def _followed(
    session: AsyncSession, scope: Scope, kind: type[Any], table: type[Any], finding_ids: Sequence[UUID] | None
) -> dict[UUID, tuple[Any, ...]]:
    key = col(table.finding_id)
    query = select(*columns(kind, table)).join(Finding, key == col(Finding.finding_id)).where(scope.holds(Finding))
    if finding_ids is not None:
        query = query.where(is_any_of(key, finding_ids))
    rows = await _read(session, kind, query.order_by(key, *table.__table__.primary_key))
    return {finding_id: tuple(group) for finding_id, group in groupby(rows, key=lambda row: row.finding_id)}


async def objects(session: AsyncSession, scope: Scope, *where: ColumnElement[bool]) -> list[ObjectFile]:
    """The objects of a scope in the order of Annex 3, each with its findings."""
    order = [col(Assignment.city), col(Assignment.county), col(Assignment.uscc), col(Assignment.assignment_id)]
    query = select(*columns(ObjectFile, Assignment)).where(scope.holds(Assignment), *where)
    files = await _read(session, ObjectFile, query.order_by(*order))
    return await with_findings(session, scope, files, partial=bool(where))


async def with_findings(session: AsyncSession, scope: Scope, files: Sequence[ObjectFile], *, partial: bool) -> list[ObjectFile]:
    """The same objects, each with its findings; `partial` where they are only a part of the scope."""
    narrowed = [is_any_of(col(Finding.assignment_id), [file.assignment_id for file in files])] if partial else []
    by_object: dict[UUID, list[FindingFile]] = {}
    for finding in await findings(session, scope, *narrowed):
        by_object.setdefault(finding.assignment_id, []).append(finding)
    return [replace(file, findings=tuple(by_object.get(file.assignment_id, ()))) for file in files]


async def changes(session: AsyncSession, scope: Scope) -> list[ChangeFile]:
    """The changes of teams in a scope."""
    query: Select[Any] = (
        select(col(TeamChange.event_id), col(Assignment.city), col(Assignment.county))
        .add_columns(*[col(getattr(TeamChange, name)) for name in ("leaving", "reason", "changed_on")])
        .join(Assignment, col(TeamChange.assignment_id) == col(Assignment.assignment_id))
        .where(scope.holds(Assignment))
    )
    return await _read(session, ChangeFile, query)


async def case_numbers(session: AsyncSession, scope: Scope, *where: ColumnElement[bool]) -> dict[UUID, int]:
    """The number of each case in Annex 4: by city, day of the clue and id."""
    order = [col(Finding.city), col(Case.referred_on), col(Case.case_id)]
    query = (
        select(col(Case.case_id), func.row_number().over(order_by=order))
        .join(Finding, col(Case.finding_id) == col(Finding.finding_id))
        .where(scope.holds(Finding), *where)
        .order_by(*order)
    )
    return {row[0]: row[1] for row in (await session.execute(query)).all()}

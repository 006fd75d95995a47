"""Selects over deadlines; the jurisdiction is part of each, so what lies outside does not exist for the caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlmodel import col

from shared.database.prepared import equals, prepared
from shared.database.session import ReadSession, Session
from shared.deadline_records.errors import DeadlineNotFound
from shared.deadline_records.tables import OPEN, DeadlineRecord, deadline_history
from shared.security.auth import Caller
from shared.vocabulary import DeadlineState

ROW = (
    *("id", "code", "name_zh", "name_en", "subject_kind", "subject_id", "subject_no", "office", "city", "county"),
    *("campaign_id", "rule", "calendar", "trigger", "due_on", "overdue_from", "state", "late", "met_at", "waived_at", "warned"),
)
BOARD: list[ColumnElement[Any]] = [cast("ColumnElement[Any]", col(getattr(DeadlineRecord, name))) for name in ("ends_at", "id")]
"""The order of the board: by the end of the term."""


@dataclass(frozen=True)
class BoardFilters:
    """Filters of the board; by default all open deadlines."""

    state: DeadlineState | None = None
    code: str | None = None
    office: str | None = None
    subject: UUID | None = None
    campaign: UUID | None = None
    due_from: date | None = None
    due_to: date | None = None


def in_jurisdiction(by: Caller) -> ColumnElement[bool]:
    """The deadlines of the caller's jurisdiction."""
    city, county = (cast("ColumnElement[Any]", col(column)) for column in (DeadlineRecord.city, DeadlineRecord.county))
    return by.within(city, county)


@prepared
def board(by: Caller, filters: BoardFilters) -> Select[Any]:
    """The rows of the board."""
    record = DeadlineRecord
    equal = {"code": filters.code, "office": filters.office, "subject_id": filters.subject, "campaign_id": filters.campaign}
    conditions = equals(record, **equal)
    if filters.due_from is not None:
        conditions.append(col(record.due_on) >= filters.due_from)
    if filters.due_to is not None:
        conditions.append(col(record.due_on) <= filters.due_to)
    state = col(record.state).in_(OPEN) if filters.state is None else col(record.state) == filters.state
    rows: Select[Any] = select(*[getattr(record, name) for name in ROW]).where(in_jurisdiction(by), state, *conditions)
    return rows


async def upcoming(session: ReadSession | Session, by: Caller, office: str | None, limit: int) -> Sequence[DeadlineRecord]:
    """The first open deadlines with a last day, of one organisation or of the whole jurisdiction."""
    conditions = [in_jurisdiction(by), col(DeadlineRecord.state).in_(OPEN), col(DeadlineRecord.due_on).is_not(None)]
    if office is not None:
        conditions.append(col(DeadlineRecord.office) == office)
    query = select(DeadlineRecord).where(*conditions).order_by(*BOARD).limit(limit)
    return (await session.execute(query)).scalars().all()


@prepared
def single(by: Caller, deadline_id: UUID) -> Select[Any]:
    """The row of one deadline, whatever its state."""
    rows: Select[Any] = select(*[getattr(DeadlineRecord, name) for name in ROW]).where(
        in_jurisdiction(by), col(DeadlineRecord.id) == deadline_id
    )
    return rows


async def get_record(session: ReadSession | Session, by: Caller, deadline_id: UUID, *, lock: bool = False) -> DeadlineRecord:
    """One deadline within the caller's jurisdiction; `lock` holds it until the commit.

    Raises:
        DeadlineNotFound: there is none.
    """
    query = select(DeadlineRecord).where(in_jurisdiction(by), col(DeadlineRecord.id) == deadline_id)
    record = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    if record is None:
        raise DeadlineNotFound
    return record


@prepared
def history_entries(deadline_id: UUID) -> Select[Any]:
    """The rows of a deadline's history."""
    rows = deadline_history.c
    names = ("id", "at", "act", "state", "due_on", "by_subject", "by_org", "content")
    return select(*[rows[name] for name in names]).where(rows.deadline_id == deadline_id)

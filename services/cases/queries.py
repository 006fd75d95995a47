"""Selects that only read; jurisdiction is part of the query, so what lies outside it does not exist for the caller."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal, TypeVar, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, literal, or_, true, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.cases.errors import CaseNotFound, DeadlineNotFound, TransferNotFound
from services.cases.models import Case, CriminalTransfer, DutyCrimeClue, HistoryEntry, Letter, MatterCopy, QualificationMatter
from services.cases.rules.steps import PenaltyNotice
from shared.core.errors import NotFound
from shared.core.province import province
from shared.database.prepared import equals, prepared
from shared.database.session import Session
from shared.deadline_records.tables import OPEN, DeadlineRecord
from shared.security.auth import Caller
from shared.vocabulary import Role

Held = TypeVar("Held", Case, CriminalTransfer, QualificationMatter, Letter, MatterCopy, DutyCrimeClue)
_RECORD: Any = type_coerce(Case.record, JSONB)

KEY: dict[type[Any], list[ColumnElement[Any]]] = {
    table: [cast("ColumnElement[Any]", col(table.id))]
    for table in (Case, CriminalTransfer, QualificationMatter, Letter, MatterCopy, DutyCrimeClue)
}
"""The order of each list: by the time of making, which the ids carry."""


def scope(
    by: Caller, table: type[Case | CriminalTransfer | QualificationMatter | Letter | MatterCopy | DutyCrimeClue]
) -> ColumnElement[bool]:
    """What the caller may see of a table. Police see their district's transfers, a party what was served on it."""
    city, county = col(table.city), col(table.county)
    if by.role is Role.POLICE_LIAISON and table is CriminalTransfer:
        return or_(literal(province().code) == by.org, city == by.org, county == by.org)
    if by.role is Role.OBJECT_CONTACT:
        return and_(col(Case.uscc) == by.org, served()) if table is Case else false()
    return by.within(cast("ColumnElement[Any]", city), cast("ColumnElement[Any]", county))


def served() -> ColumnElement[bool]:
    """Cases whose party was notified of the intended penalty (PL art 44); before, it does not know of the case."""
    found: ColumnElement[bool] = _RECORD.has_key(PenaltyNotice.event)
    return found


@prepared
def penalty_notices(by: Caller, case_id: UUID | None = None) -> Select[Any]:
    """Rows of `PenaltyNoticeOut` that the caller may see."""
    record = DeadlineRecord
    asked = select(col(record.due_on)).where(col(record.subject_id) == col(Case.id), col(record.code) == "K13")
    due_on = asked.order_by(col(record.id).desc()).limit(1).scalar_subquery().label("answer_due_on")
    notice = _RECORD[PenaltyNotice.event].label("notice")
    columns = [*(getattr(Case, name) for name in ("id", "case_no", "office", "state")), notice, due_on]
    found: Select[Any] = select(*columns)
    return found.where(scope(by, Case), served(), true() if case_id is None else col(Case.id) == case_id)


async def locked(session: Session, table: type[Held], row_id: UUID, by: Caller, missing: type[NotFound]) -> Held:
    """The row within the caller's jurisdiction, locked until the commit."""
    query = select(table).where(col(table.id) == row_id, scope(by, table)).with_for_update()
    found = (await session.exec(query)).one_or_none()
    if found is None:
        raise missing
    return found


async def readable_case(session: AsyncSession, case_id: UUID, by: Caller) -> Case:
    """The case within the caller's jurisdiction.

    Raises:
        CaseNotFound: there is none.
    """
    case = (await session.exec(select(Case).where(col(Case.id) == case_id, scope(by, Case)))).one_or_none()
    if case is None:
        raise CaseNotFound
    return case


async def locked_case(session: Session, case_id: UUID, by: Caller) -> Case:
    """The case, locked. Raises CaseNotFound."""
    return await locked(session, Case, case_id, by, CaseNotFound)


async def locked_transfer(session: Session, transfer_id: UUID, by: Caller) -> CriminalTransfer:
    """The transfer, locked after its case, whose events it shares. Raises TransferNotFound."""
    query = select(CriminalTransfer).where(col(CriminalTransfer.id) == transfer_id, scope(by, CriminalTransfer))
    found = (await session.exec(query)).one_or_none()
    if found is None:
        raise TransferNotFound
    await session.exec(select(Case.id).where(col(Case.id) == found.case_id).with_for_update())
    await session.refresh(found, with_for_update=True)
    return found


async def case_of_finding(session: AsyncSession, finding_id: UUID) -> Case | None:
    """The case that a finding became."""
    return (await session.exec(select(Case).where(col(Case.finding_id) == finding_id))).one_or_none()


async def number_taken(session: AsyncSession, kind: Literal["case_no", "decision_no"], number: str) -> bool:
    """Whether a case or its decision bears this number."""
    return (await session.exec(select(Case.id).where(getattr(Case, kind) == number))).first() is not None


async def transfers_of(session: AsyncSession, case_id: UUID) -> Sequence[CriminalTransfer]:
    """The criminal transfers beside a case."""
    return (await session.exec(select(CriminalTransfer).where(col(CriminalTransfer.case_id) == case_id))).all()


async def waiting_letters(session: Session, certificate_no: str) -> Sequence[Letter]:
    """The letters that wait for a status event of this certificate, locked."""
    query = select(Letter).where(col(Letter.certificate_no) == certificate_no, col(Letter.state) == "sent")
    return (await session.exec(query.with_for_update())).all()


async def running_deadline(session: AsyncSession, subject_id: UUID, code: str) -> DeadlineRecord:
    """The open deadline of this code. Raises DeadlineNotFound."""
    return await _deadline(session, subject_id, code, col(DeadlineRecord.state).in_(OPEN))


async def latest_deadline(session: AsyncSession, subject_id: UUID, code: str) -> DeadlineRecord:
    """The newest deadline of this code, in whatever state. Raises DeadlineNotFound."""
    return await _deadline(session, subject_id, code, true())


async def _deadline(session: AsyncSession, subject_id: UUID, code: str, condition: ColumnElement[bool]) -> DeadlineRecord:
    whose = (col(DeadlineRecord.subject_id) == subject_id, col(DeadlineRecord.code) == code, condition)
    query = select(DeadlineRecord).where(*whose).order_by(col(DeadlineRecord.id).desc()).limit(1)
    found = (await session.exec(query)).one_or_none()
    if found is None:
        raise DeadlineNotFound(code)
    return found


async def deadlines_of(session: AsyncSession, subject_id: UUID) -> Sequence[DeadlineRecord]:
    """All deadlines of a case or transfer, oldest first."""
    query = select(DeadlineRecord).where(col(DeadlineRecord.subject_id) == subject_id).order_by(col(DeadlineRecord.id))
    return (await session.exec(query)).all()


async def history_of(session: AsyncSession, subject_id: UUID) -> Sequence[HistoryEntry]:
    """Every step of a case or transfer, oldest first."""
    query = select(HistoryEntry).where(col(HistoryEntry.subject_id) == subject_id).order_by(col(HistoryEntry.id))
    return (await session.exec(query)).all()


async def require(session: AsyncSession, table: type[Held], row_id: UUID, by: Caller, missing: type[NotFound]) -> None:
    """Refuse as if the row did not exist unless the caller's jurisdiction reaches it."""
    query = select(table.id).where(col(table.id) == row_id, scope(by, table))
    if (await session.exec(query)).one_or_none() is None:
        raise missing


@prepared
def rows(
    table: type[Held], shape: type[SQLModel] | type[Any], by: Caller, *, overdue_on: date | None = None, **equal: Any
) -> Select[Any]:
    """The rows the caller may see with the columns that `shape` names, restricted to those where a given value is equal.

    `overdue_on` asks for cases with an open deadline that ended before that day.
    """
    columns = [getattr(table, name) for name in shape.model_fields]
    conditions = equals(table, **equal)
    if overdue_on is not None:
        conditions.append(_overdue(overdue_on))
    found: Select[Any] = select(*columns).where(scope(by, table), *conditions)
    return found


def _overdue(day: date) -> ColumnElement[bool]:
    record = DeadlineRecord
    late = (col(record.subject_id) == col(Case.id), col(record.state).in_(OPEN), col(record.due_on) < day)
    return exists().where(*late)

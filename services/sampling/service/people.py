"""The inspector and expert libraries and the register of conflicts are kept."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import SQLModel, col, select

from services.sampling.errors import ConflictDeclared, PersonExists
from services.sampling.models import Conflict, Expert, Inspector
from services.sampling.queries import people as queries
from services.sampling.schemas.people import ConflictIn, ExpertIn, InspectorFields, InspectorIn, Leave
from services.sampling.service import teams
from shared.core.errors import StaleVersion
from shared.database.session import Session, lock
from shared.security import audit
from shared.security.auth import Caller


async def enter_inspectors(session: Session, people: Sequence[InspectorIn], *, by: Caller) -> int:
    """Enter inspectors into the library, all or none; a city or county enters its own.

    Raises:
        NotFound: one of them is outside the caller's jurisdiction.
        PersonExists: the library or the list itself has one of them twice.
    """
    for person in people:
        by.require(person.city, person.county)
    await _refuse_known(session, Inspector, "inspector_id", [person.inspector_id for person in people])
    session.add_all([Inspector(**_plain(person)) for person in people])
    audit.record(session, by, "inspectors.entered", by.org, ids=[person.inspector_id for person in people])
    return len(people)


async def enter_experts(session: Session, people: Sequence[ExpertIn], *, by: Caller) -> int:
    """Enter experts into the library, all or none.

    Raises:
        PersonExists: the library or the list itself has one of them twice.
    """
    await _refuse_known(session, Expert, "expert_id", [person.expert_id for person in people])
    session.add_all([Expert(**person.model_dump()) for person in people])
    audit.record(session, by, "experts.entered", by.org, ids=[person.expert_id for person in people])
    return len(people)


async def _refuse_known(session: Session, table: type[SQLModel], key: str, ids: list[str]) -> None:
    await lock(session, f"library {table.__name__}")
    column = getattr(table, key)
    known = set(await session.exec(select(column).where(column.in_(ids))))
    twice = known | {one for one in ids if ids.count(one) > 1}
    if twice:
        raise PersonExists(", ".join(sorted(twice)), ids=sorted(twice))


def _plain(person: InspectorFields) -> dict[str, Any]:
    leaves = [leave.model_dump(mode="json", by_alias=True) for leave in person.leaves]
    return person.model_dump(exclude={"leaves"}) | {"leaves": leaves}


async def change_inspector(
    session: Session, inspector_id: str, fields: InspectorFields, version: int, *, by: Caller
) -> Inspector:
    """Correct an inspector's entry.

    Raises:
        InspectorNotFound: none within the jurisdiction.
        StaleVersion: somebody changed it meanwhile.
    """
    inspector = await queries.inspector(session, inspector_id, by, lock=True)
    by.require(fields.city, fields.county)
    if inspector.version != version:
        raise StaleVersion
    for name, value in _plain(fields).items():
        setattr(inspector, name, value)
    inspector.version += 1
    await teams.publish_again(session, inspector_id)
    audit.record(session, by, "inspector.changed", inspector_id, version=inspector.version)
    return inspector


async def add_leave(session: Session, inspector_id: str, leave: Leave, *, by: Caller) -> Inspector:
    """Note a period of absence.

    Raises:
        InspectorNotFound: none within the jurisdiction.
    """
    inspector = await queries.inspector(session, inspector_id, by, lock=True)
    inspector.leaves = [*inspector.leaves, leave.model_dump(mode="json", by_alias=True)]
    inspector.version += 1
    await teams.publish_again(session, inspector_id)
    audit.record(session, by, "inspector.leave_added", inspector_id)
    return inspector


async def declare_conflict(session: Session, wanted: ConflictIn, *, by: Caller) -> Conflict:
    """Register a relation of a person to an organisation; a city or county does so for its own inspectors.

    Raises:
        InspectorNotFound: the person is no inspector of the caller's.
        ConflictDeclared: it is registered already.
    """
    if not by.reaches(None, None) and await session.get(Expert, wanted.person) is None:
        await queries.inspector(session, wanted.person, by)
    await lock(session, f"conflict {wanted.person}")
    same = (col(Conflict.person) == wanted.person) & (col(Conflict.uscc) == wanted.uscc)
    if (await session.exec(select(Conflict.id).where(same))).first():
        raise ConflictDeclared
    conflict = Conflict(**wanted.model_dump(), declared_by=by.subject, declared_at=session.now)
    session.add(conflict)
    audit.record(session, by, "conflict.declared", conflict.id, person=wanted.person, uscc=wanted.uscc)
    return conflict

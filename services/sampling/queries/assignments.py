"""Assignments, teams and requests as they are read."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, literal, select, true
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlmodel import SQLModel, col
from sqlmodel import select as rows_of
from sqlmodel.ext.asyncio.session import AsyncSession

from services.sampling.errors import AssignmentNotFound, RequestNotFound
from services.sampling.models import (
    Assignment,
    Certificate,
    Expert,
    ExpertRequest,
    Inspector,
    MemberReplacement,
    ObjectReplacement,
    Organisation,
    TeamMember,
)
from shared.database.prepared import equals, prepared
from shared.security.auth import Caller
from shared.vocabulary import AssignmentState, InspectorMatchState, OrgLevel, Role

_OWN = (
    "id",
    "campaign_id",
    "draw_id",
    "task_no",
    "uscc",
    "city",
    "county",
    "certificate_no",
    "basis",
    "rank",
    "state",
    "match_due_on",
)
_UNMATCHED = (AssignmentState.PENDING_INSPECTORS, AssignmentState.OBJECT_REPLACED)
_INSPECTORS = (Role.CITY_INSPECTOR, Role.COUNTY_INSPECTOR)


def visible(by: Caller) -> ColumnElement[bool]:
    """Which assignments the caller may know of (S-16).

    Inspectors and experts their own, a county those with a team, an object its own once it was notified.
    """
    if by.role in _INSPECTORS:
        mine = (col(TeamMember.inspector_id) == by.subject) & col(TeamMember.state).in_(_STILL_THERE)
        return _some(col(TeamMember.assignment_id), mine)
    if by.role is Role.EXPERT:
        return _some(col(ExpertRequest.assignment_id), col(ExpertRequest.expert_id) == by.subject)
    if by.role is Role.METROLOGY_COORDINATOR:
        return _some(col(ExpertRequest.assignment_id), true())
    if by.role is Role.OBJECT_CONTACT:
        notified = and_(col(Assignment.uscc) == by.org, col(Assignment.notified_at).is_not(None))
        return and_(notified, col(Assignment.state) != AssignmentState.OBJECT_REPLACED)
    reach = by.within(col(Assignment.city), col(Assignment.county))
    if by.org_level is OrgLevel.COUNTY:
        return and_(reach, col(Assignment.state).not_in(_UNMATCHED))
    return reach


def _some(of: SQLColumnExpression[UUID], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the assignment has such a row, in a list of those rows too."""
    return select(literal(1)).where(of == col(Assignment.id), condition).correlate(Assignment).exists()


_STILL_THERE = (InspectorMatchState.CONFIRMED, InspectorMatchState.COMPLETED)


@prepared
def assignments(by: Caller, **given: Any) -> Select[Any]:
    """The rows of the list: `campaign_id`, `city` and `state` narrow it where they are given."""
    rows = select(
        *(getattr(Assignment, name) for name in _OWN),
        *(getattr(Organisation, name) for name in ("name", "kind", "address")),
        col(Certificate.status).label("certificate_status"),
        *(getattr(Certificate, name) for name in ("product_name", "product_category_code", "priority_group")),
        _team().label("team"),
        _experts().label("experts"),
    )
    rows = rows.join(Organisation, col(Organisation.uscc) == col(Assignment.uscc))
    rows = rows.join(Certificate, col(Certificate.certificate_no) == col(Assignment.certificate_no))
    return rows.where(visible(by), *equals(Assignment, **given))


def _leads() -> ColumnElement[bool]:
    return and_(col(TeamMember.place) == 1, col(TeamMember.state).in_(_STILL_THERE))


def _team() -> Any:
    names = ("inspector_id", "name", "org", "law_enforcement_no")
    pairs = [part for name in names for part in (literal(name), getattr(Inspector, name))]
    member = func.jsonb_build_object(*pairs, literal("leader"), _leads(), literal("state"), col(TeamMember.state))
    mine = (
        select(_array(member, col(TeamMember.place)))
        .join(Inspector, col(Inspector.inspector_id) == col(TeamMember.inspector_id))
        .where(col(TeamMember.assignment_id) == col(Assignment.id))
        .correlate(Assignment)
    )
    return mine.scalar_subquery()


def _experts() -> Any:
    expert = func.jsonb_build_object(
        literal("expert_id"),
        col(Expert.expert_id),
        literal("name"),
        col(Expert.name),
        literal("field"),
        col(ExpertRequest.field),
    )
    mine = (
        select(_array(expert, col(ExpertRequest.allotted_at)))
        .join(Expert, col(Expert.expert_id) == col(ExpertRequest.expert_id))
        .where(col(ExpertRequest.assignment_id) == col(Assignment.id))
        .correlate(Assignment)
    )
    return mine.scalar_subquery()


def _array(value: Any, order: Any) -> Any:
    return func.coalesce(func.jsonb_agg(aggregate_order_by(value, order)), literal([], JSONB))


async def assignment(session: AsyncSession, assignment_id: UUID, by: Caller, *, lock: bool = False) -> Assignment:
    """One assignment that the caller may know of.

    Raises:
        AssignmentNotFound: there is none within the jurisdiction.
    """
    row = rows_of(Assignment).where(col(Assignment.id) == assignment_id, visible(by))
    found = (await session.exec(row.with_for_update() if lock else row)).first()
    if found is None:
        raise AssignmentNotFound
    return found


async def coming(session: AsyncSession, inspector_id: str) -> list[Assignment]:
    """Assignments that an inspector is still to serve on, their rows locked."""
    serves = and_(col(TeamMember.inspector_id) == inspector_id, col(TeamMember.state) == InspectorMatchState.CONFIRMED)
    mine = _some(col(TeamMember.assignment_id), serves)
    ahead = col(Assignment.state).in_((AssignmentState.MATCHED, AssignmentState.NOTIFIED))
    return list(await session.exec(rows_of(Assignment).where(mine, ahead).order_by(col(Assignment.id)).with_for_update()))


async def waiting(session: AsyncSession, campaign_id: UUID, city: str) -> list[Assignment]:
    """Assignments of a city that wait for a team, in the order in which their objects were selected."""
    mine = (col(Assignment.campaign_id) == campaign_id) & (col(Assignment.city) == city)
    rows = rows_of(Assignment).where(mine, col(Assignment.state) == AssignmentState.PENDING_INSPECTORS)
    return list(await session.exec(rows.order_by(col(Assignment.position), col(Assignment.id))))


async def team(session: AsyncSession, assignment_id: UUID) -> list[tuple[TeamMember, Inspector]]:
    """The present members in their places, the leader first."""
    rows = (
        rows_of(TeamMember, Inspector)
        .join(Inspector, col(Inspector.inspector_id) == col(TeamMember.inspector_id))
        .where(col(TeamMember.assignment_id) == assignment_id)
        .where(col(TeamMember.state) == InspectorMatchState.CONFIRMED)
        .order_by(col(TeamMember.place))
    )
    return list((await session.exec(rows)).all())


@prepared
def requests(table: type[SQLModel], shape: type[SQLModel] | type[Any], by: Caller) -> Select[Any]:
    """The rows of a list of requests, of the shape of its items, about assignments that the caller may know of."""
    mine: Any = table
    return (
        select(*(getattr(table, name) for name in shape.model_fields))
        .join(Assignment, col(Assignment.id) == mine.assignment_id)
        .where(visible(by))
    )


async def expert_request(session: AsyncSession, request_id: UUID) -> ExpertRequest:
    """One request for an expert, its row locked.

    Raises:
        RequestNotFound: there is none.
    """
    found = await session.get(ExpertRequest, request_id, with_for_update=True)
    if found is None:
        raise RequestNotFound
    return found


async def member_request(session: AsyncSession, request_id: UUID) -> MemberReplacement:
    """One recusal or replacement of a member, its row locked.

    Raises:
        RequestNotFound: there is none.
    """
    found = await session.get(MemberReplacement, request_id, with_for_update=True)
    if found is None:
        raise RequestNotFound
    return found


async def object_request(session: AsyncSession, request_id: UUID) -> ObjectReplacement:
    """One replacement of an object, its row locked.

    Raises:
        RequestNotFound: there is none.
    """
    found = await session.get(ObjectReplacement, request_id, with_for_update=True)
    if found is None:
        raise RequestNotFound
    return found

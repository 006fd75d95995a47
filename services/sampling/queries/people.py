"""Inspectors, experts and conflicts as they are read."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import col
from sqlmodel import select as rows_of
from sqlmodel.ext.asyncio.session import AsyncSession

from services.sampling.errors import InspectorNotFound
from services.sampling.models import (
    Assignment,
    Campaign,
    Certificate,
    Conflict,
    Expert,
    Inspector,
    MemberReplacement,
    PastInspection,
    TeamMember,
)
from services.sampling.rules.eligibility import Job, Person
from services.sampling.schemas.people import ConflictOut, ExpertOut, InspectorOut
from shared.core.months import add_months
from shared.database.prepared import prepared
from shared.security.auth import Caller
from shared.vocabulary import AssignmentState, InspectorMatchState

_DONE = (AssignmentState.REVIEWED, AssignmentState.CLOSED, AssignmentState.OBJECT_REPLACED)


@prepared
def inspectors(by: Caller, city: str | None = None) -> Select[Any]:
    """The rows of the list, within the caller's jurisdiction."""
    rows = select(*(getattr(Inspector, name) for name in InspectorOut.model_fields))
    rows = rows.where(by.within(col(Inspector.city), col(Inspector.county)))
    return rows if city is None else rows.where(col(Inspector.city) == city)


async def inspector(session: AsyncSession, inspector_id: str, by: Caller, *, lock: bool = False) -> Inspector:
    """One inspector within the caller's jurisdiction.

    Raises:
        InspectorNotFound: there is none.
    """
    mine = (col(Inspector.inspector_id) == inspector_id) & by.within(col(Inspector.city), col(Inspector.county))
    row = rows_of(Inspector).where(mine)
    found = (await session.exec(row.with_for_update() if lock else row)).first()
    if found is None:
        raise InspectorNotFound
    return found


@prepared
def experts() -> Select[Any]:
    """The rows of the list of experts."""
    return select(*(getattr(Expert, name) for name in ExpertOut.model_fields))


@prepared
def conflicts(by: Caller) -> Select[Any]:
    """The rows of the register: the province sees all, others those of their own inspectors."""
    rows = select(*(getattr(Conflict, name) for name in ConflictOut.model_fields))
    own = select(col(Inspector.inspector_id)).where(by.within(col(Inspector.city), col(Inspector.county)))
    return rows if by.reaches(None, None) else rows.where(col(Conflict.person).in_(own))


async def persons(session: AsyncSession, city: str | None = None, ids: Collection[str] | None = None) -> list[Person]:
    """Inspectors of a city with its counties, or of a list of ids, with what decides about a task."""
    wanted = col(Inspector.city) == city if ids is None else col(Inspector.inspector_id).in_(ids)
    busy = await _busy(session)
    found = await session.exec(rows_of(Inspector).where(wanted))
    return sorted((_person(one, busy.get(one.inspector_id, 0)) for one in found), key=lambda one: one.inspector_id)


def _person(one: Inspector, busy: int) -> Person:
    leaves = tuple((date.fromisoformat(leave["from"]), date.fromisoformat(leave["to"])) for leave in one.leaves)
    return Person(
        one.inspector_id,
        one.city,
        one.qualified,
        one.active,
        one.certificate_from,
        one.certificate_to,
        tuple(one.fields),
        leaves,
        max(0, one.workload_cap - busy),
    )


async def _busy(session: AsyncSession) -> dict[str, int]:
    """How many open tasks each inspector has."""
    open_tasks = (
        rows_of(TeamMember.inspector_id, func.count())
        .join(Assignment, col(Assignment.id) == col(TeamMember.assignment_id))
        .where(col(TeamMember.state) == InspectorMatchState.CONFIRMED, col(Assignment.state).not_in(_DONE))
        .group_by(col(TeamMember.inspector_id))
    )
    return dict((await session.exec(open_tasks)).all())


async def jobs(session: AsyncSession, assignments: Sequence[Assignment], on: date) -> list[Job]:
    """Assignments as tasks of a day, in the same order, with everyone who is barred from them."""
    usccs = [one.uscc for one in assignments]
    since = add_months(on, -12 * await _inspected_within_years(session, assignments))
    barred = await _barred(session, usccs, since)
    left = await _left(session, assignments)
    papers = rows_of(Certificate.certificate_no, Certificate.product_category_code).where(
        col(Certificate.certificate_no).in_([one.certificate_no for one in assignments])
    )
    product = dict((await session.exec(papers)).all())
    return [
        Job(
            one.team_task or one.task_no,
            one.city,
            product[one.certificate_no][:2],
            {**barred[one.uscc], **left[str(one.id)]},
        )
        for one in assignments
    ]


async def _inspected_within_years(session: AsyncSession, assignments: Sequence[Assignment]) -> int:
    """For how many years an inspector does not come back to the same object: the longest that these campaigns say (S-11)."""
    ids = {one.campaign_id for one in assignments}
    plans = await session.exec(rows_of(Campaign.plan).where(col(Campaign.id).in_(ids)))
    return max((int(plan["inspected_within_years"]) for plan in plans), default=0)


async def _barred(session: AsyncSession, usccs: Collection[str], since: date) -> dict[str, dict[str, str]]:
    """By organisation: whoever inspected it on that day or later, and whoever has a conflict with it (S-11)."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    past = rows_of(PastInspection).where(col(PastInspection.uscc).in_(usccs), col(PastInspection.inspected_on) >= since)
    for one in await session.exec(past):
        found[one.uscc] |= dict.fromkeys(one.inspectors, "INSPECTED_BEFORE")
    for conflict in await session.exec(rows_of(Conflict).where(col(Conflict.uscc).in_(usccs))):
        found[conflict.uscc][conflict.person] = "CONFLICT"
    return found


async def _left(session: AsyncSession, assignments: Sequence[Assignment]) -> dict[str, dict[str, str]]:
    """By assignment: whoever was recused from it or replaced."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    ids = [one.id for one in assignments]
    accepted = rows_of(MemberReplacement).where(
        col(MemberReplacement.assignment_id).in_(ids), col(MemberReplacement.accepted).is_(True)
    )
    for one in await session.exec(accepted):
        found[str(one.assignment_id)][one.inspector_id] = one.reason.value.upper()
    return found

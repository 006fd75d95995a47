"""Teams stand: by a draw, taken over with a replaced object, or with one member exchanged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.sampling.draw.replacement import member_parameters
from services.sampling.models import Assignment, Draw, Inspector, MemberReplacement, TeamMember
from services.sampling.queries import assignments, people, replica
from services.sampling.rules import eligibility
from services.sampling.service import deadlines
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.events.sampling import TeamAssigned
from shared.events.value_objects import AssignedMember, Leave
from shared.messaging import emit
from shared.vocabulary import AssignmentState, InspectorMatchState


def published_members(team: Sequence[tuple[TeamMember, Inspector]], today: date) -> tuple[AssignedMember, ...]:
    """The members as they are published, with the leaves that are not over; the first leads."""
    return tuple(
        AssignedMember(
            inspector_id=one.inspector_id,
            name=one.name,
            org=one.org,
            law_enforcement_no=one.law_enforcement_no,
            leader=place == 0,
            certificate_from=one.certificate_from,
            certificate_to=one.certificate_to,
            leaves=tuple(leave for leave in map(_leave, one.leaves) if leave.last >= today),
        )
        for place, (_, one) in enumerate(team)
    )


def _leave(kept: dict[str, Any]) -> Leave:
    return Leave(first=kept["from"], last=kept["to"])


async def assign(
    session: Session, assignment: Assignment, members: Sequence[str], *, draw_id: UUID | None, task: str | None
) -> None:
    """Give the assignment its team, in this order, and publish it."""
    session.add_all(
        TeamMember(assignment_id=assignment.id, inspector_id=who, place=place, state=InspectorMatchState.CONFIRMED)
        for place, who in enumerate(members, start=1)
    )
    assignment.state = AssignmentState.MATCHED
    assignment.team_draw_id, assignment.team_task = draw_id, task
    await deadlines.met(session, assignment)
    await session.flush()
    await _publish(session, assignment)


async def publish_again(session: Session, inspector_id: str) -> None:
    """Publish again the teams an inspector is to serve on as he is now: the visit's day is judged by it (S-08)."""
    await session.flush()
    for assignment in await assignments.coming(session, inspector_id):
        await _publish(session, assignment)


async def _publish(session: Session, assignment: Assignment) -> None:
    about = await replica.described(session, [(assignment.uscc, assignment.certificate_no)])
    described, certificate = about[assignment.uscc]
    event = TeamAssigned(
        assignment_id=assignment.id,
        campaign_id=assignment.campaign_id,
        task_no=assignment.task_no,
        object=described,
        certificate=certificate,
        members=published_members(await assignments.team(session, assignment.id), legal_day(session.now)),
        draw_id=assignment.team_draw_id,
    )
    emit(session, event)


async def day_of(session: Session, assignment: Assignment, asked: date | None = None) -> date:
    """The day for which eligibility is judged: the visit's as it is asked or known, else that of the team's draw; never past."""
    root = await session.get_one(Draw, assignment.team_draw_id)
    return max(asked or assignment.inspection_on or root.reference_on, legal_day(session.now))


@dataclass(frozen=True)
class Pool:
    """Who may come for a member who leaves: the parameters of the draw, and everyone left out with the reason."""

    terms: dict[str, Any]
    exclusions: list[dict[str, Any]]

    @property
    def eligible(self) -> list[str]:
        """Inspectors who may come, ascending."""
        found: list[str] = self.terms["tasks"][0]["eligible"]
        return found


async def pool(session: Session, request: MemberReplacement, on: date) -> Pool:
    """The remaining pool of the city for the place that this request leaves."""
    assignment = await session.get_one(Assignment, request.assignment_id)
    root = await session.get_one(Draw, assignment.team_draw_id)
    members = [one.inspector_id for _, one in await assignments.team(session, assignment.id)]
    staff = await people.persons(session, assignment.city)
    (job,) = await people.jobs(session, [assignment], on)
    found, excluded = eligibility.tasks(staff, [job], on, 1)
    terms = member_parameters(
        root.commitment_digest or "",
        job.task,
        members,
        request.inspector_id,
        found[0]["eligible"],
        {one.inspector_id: one.free for one in staff},
    )
    others = [one for one in excluded if one["inspector"] not in members]
    return Pool(terms, others + [{"inspector": who, "reason": "IN_TEAM", "task": job.task} for who in sorted(members)])

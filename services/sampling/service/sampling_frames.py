"""The frame of a draw is frozen: every unit with the rule that included it, every exclusion with its reason (S-05)."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import insert

from services.sampling.draw.allocation import required
from services.sampling.draw.parameters import allocation
from services.sampling.draw.teams import check_feasible
from services.sampling.errors import NothingToDraw
from services.sampling.models import Campaign, Draw, DrawUnit
from services.sampling.queries import assignments, people, replica
from services.sampling.rules import eligibility, sampling_frames
from services.sampling.rules.sampling_frames import Included, Scope
from services.sampling.service import teams
from shared.database.session import Session


async def freeze_objects(session: Session, draw: Draw, campaign: Campaign) -> None:
    """Every organisation of the library is in the frame or among the exclusions.

    Raises:
        NothingToDraw: no organisation may be drawn.
    """
    failed = campaign.plan["failed_sampling"]
    candidates = await replica.candidates(session, failed["years"], failed["levels"])
    included, excluded = sampling_frames.split(candidates, _scope(campaign), draw.reference_on)
    if not included:
        raise NothingToDraw
    await _store(session, draw, included)
    plan = campaign.plan
    draw.exclusions = excluded
    draw.required = min(draw.frame_size or 0, required(plan["planned_sample"], tuple(plan["minimum_ratio"]), len(included)))
    draw.sample_size = min(draw.frame_size or 0, plan["planned_sample"])


def _scope(campaign: Campaign) -> Scope:
    plan = campaign.plan
    return Scope(
        cities=campaign.participating_cities,
        groups=plan["priority_groups"],
        statuses=plan["frame_statuses"],
        ended=plan["frame_ended_statuses"],
        months=plan["frame_ended_within_months"],
        failed=plan["failed_sampling"]["stratum"],
    )


async def _store(session: Session, draw: Draw, units: Iterable[Included]) -> None:
    rows = [_row(draw, unit) for unit in units]
    await session.exec(insert(DrawUnit), params=rows)
    draw.frame_size = len(rows)


def _row(draw: Draw, unit: Included) -> dict[str, Any]:
    return {
        "draw_id": draw.id,
        "unit_id": unit.unit_id,
        "stratum": unit.stratum,
        "weight": 1,
        "salt": secrets.token_hex(16),
        "items": list(unit.items),
        "rule": unit.rule,
    }


def object_terms(draw: Draw, campaign: Campaign, units: Mapping[str, int]) -> dict[str, Any]:
    """The parameters of an object draw: the allocation of the sample to the frozen strata.

    Raises:
        InfeasibleAllocation: the floors or the units do not allow the sample.
    """
    plan = campaign.plan
    strata = sampling_frames.strata(units, plan["floor"], plan["multipliers"])
    return {
        "allocation": allocation(strata, draw.sample_size or 0, plan["reserves_per_stratum"]),
        "minimum_ratio": plan["minimum_ratio"],
        "sample_size": draw.sample_size,
        "waiver": draw.waiver,
    }


async def freeze_inspectors(session: Session, draw: Draw, campaign: Campaign) -> None:
    """Everyone of the city and its counties is in the frame; who may serve on which task is computed here.

    Raises:
        NothingToDraw: no task waits for a team, or the city has no inspectors.
        InfeasibleTeams: no assignment of inspectors fills every task; says which tasks lack how many.
    """
    waiting = await assignments.waiting(session, campaign.id, draw.city or "")
    staff = await people.persons(session, draw.city)
    if not waiting or not staff:
        raise NothingToDraw
    jobs = await people.jobs(session, waiting, draw.reference_on)
    found, excluded = eligibility.tasks(staff, jobs, draw.reference_on, campaign.team_size)
    draw.terms = {"capacity": {one.inspector_id: one.free for one in staff}, "tasks": found}
    check_feasible(draw.terms["tasks"], draw.terms["capacity"])
    draw.exclusions = excluded
    await _store(session, draw, [Included(one.inspector_id, one.city, (), "S-08") for one in staff])


async def freeze_successors(session: Session, draw: Draw, request_id: UUID) -> None:
    """The remaining pool for one place of a team.

    Raises:
        InfeasibleTeams: nobody is left.
    """
    request = await assignments.member_request(session, request_id)
    pool = await teams.pool(session, request, draw.reference_on)
    draw.terms, draw.exclusions = pool.terms, pool.exclusions
    check_feasible(draw.terms["tasks"], draw.terms["capacity"])
    await _store(session, draw, [Included(who, draw.city or "", (), "S-12") for who in sorted(pool.terms["capacity"])])

"""What was drawn goes to those entitled: lists to the cities, teams to their tasks; after the embargo, to the public."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from services.sampling.draw import bodies
from services.sampling.errors import EmbargoNotOver
from services.sampling.models import Assignment, Campaign, Draw
from services.sampling.queries import assignments, campaigns, replica
from services.sampling.queries import draws as queries
from services.sampling.queries import transcripts as documents
from services.sampling.rules import campaign_states as numbering
from services.sampling.rules import sampling_frames
from services.sampling.rules.issued_documents import issue
from services.sampling.service import deadlines, ledger, member_replacements, teams
from services.sampling.service.draws import at, took
from shared.core.clock import legal_day
from shared.core.ids import new_id
from shared.database.session import Session
from shared.events.sampling import ObjectsReleased
from shared.events.value_objects import InspectedObject, ProductOfCertificate, ReleasedObject
from shared.messaging import emit
from shared.security import audit
from shared.security.auth import Caller
from shared.vocabulary import DrawKind, DrawState

About = Mapping[str, tuple[InspectedObject, ProductOfCertificate]]


async def release(session: Session, draw_id: UUID, *, by: Caller) -> Draw:
    """Give the result to those entitled to it; from here on the tasks exist.

    Raises:
        DrawNotFound, StepForbidden, DrawStepRefused, SamePerson: see `draws.at`.
    """
    draw = await at(session, draw_id, "release", by)
    core = await queries.core(session, draw)
    assert core is not None
    if draw.kind is DrawKind.OBJECT:
        await _release_objects(session, draw, core["result"]["selected"])
    elif draw.replaces is None:
        await _release_teams(session, draw, core["result"]["selected"])
    else:
        await member_replacements.bring_in(session, draw.replaces, draw, core["result"]["selected"][0]["members"][0])
    await ledger.append(session, draw_id, "release", by.subject, bodies.release(issue(core), "entitled"))
    draw.state, draw.released_at = DrawState.RELEASED, session.now
    took(draw, "release", by)
    audit.record(session, by, "draw.released", draw_id)
    return draw


async def publish(session: Session, draw_id: UUID, *, by: Caller) -> Draw:
    """Bind the public's redacted transcript, once the embargo is over.

    Raises:
        EmbargoNotOver: it lasts.
    """
    draw = await at(session, draw_id, "publish", by)
    campaign = await campaigns.campaign(session, draw.campaign_id)
    if legal_day(session.now) < campaign.embargo_until:
        raise EmbargoNotOver(embargo_until=campaign.embargo_until.isoformat())
    document = await documents.public(session, draw, legal_day(session.now))
    await ledger.append(session, draw_id, "release", by.subject, bodies.release(document, "public"))
    audit.record(session, by, "draw.published", draw_id)
    return draw


async def _release_objects(session: Session, draw: Draw, selected: Sequence[Mapping[str, Any]]) -> None:
    campaign = await campaigns.campaign(session, draw.campaign_id, lock=True)
    about = await replica.described(session, [(entry["unit_id"], entry["item"]) for entry in selected])
    by_city: dict[str, list[Assignment]] = defaultdict(list)
    for position, entry in enumerate(selected, start=1):
        city = entry["stratum"].split("/", 1)[0]
        number = len(by_city[city]) + 1
        described = about[entry["unit_id"]][0]
        by_city[city].append(_assignment(session, campaign, draw, entry, number, position, described))
    session.add_all([one for listed in by_city.values() for one in listed])
    for city, listed in by_city.items():
        await deadlines.open_terms(session, listed)
        emit(session, _released(draw, city, listed, about))


def _assignment(
    session: Session,
    campaign: Campaign,
    draw: Draw,
    entry: Mapping[str, Any],
    number: int,
    position: int,
    described: InspectedObject,
) -> Assignment:
    city, _ = entry["stratum"].split("/", 1)
    return Assignment(
        campaign_id=campaign.id,
        draw_id=draw.id,
        task_no=numbering.task_no(campaign.code, city, number),
        uscc=entry["unit_id"],
        certificate_no=entry["item"],
        city=city,
        county=described.county,
        stratum=entry["stratum"],
        basis=sampling_frames.basis(entry["stratum"], campaign.plan["failed_sampling"]["stratum"]),
        rank=entry["rank"],
        position=position,
        match_due_on=legal_day(session.now),
        released_at=session.now,
    )


def _released(draw: Draw, city: str, listed: Sequence[Assignment], about: About) -> ObjectsReleased:
    return ObjectsReleased(
        release_id=new_id(),
        campaign_id=draw.campaign_id,
        draw_id=draw.id,
        city=city,
        match_due_on=listed[0].match_due_on,
        objects=tuple(released_object(one, about) for one in listed),
    )


def released_object(one: Assignment, about: About) -> ReleasedObject:
    """A drawn object as its city receives it."""
    described, certificate = about[one.uscc]
    return ReleasedObject(
        assignment_id=one.id,
        task_no=one.task_no,
        object=described,
        certificate=certificate,
        basis=one.basis,
        rank=one.rank,
    )


async def reserve_assignment(session: Session, outgoing: Assignment, entry: Mapping[str, Any]) -> Assignment:
    """The task of a reserve that comes for `outgoing`: the city's next number, the same place in the order."""
    campaign = await campaigns.campaign(session, outgoing.campaign_id, lock=True)
    draw = await queries.draw(session, outgoing.draw_id)
    mine = (col(Assignment.campaign_id) == campaign.id) & (col(Assignment.city) == outgoing.city)
    count = (await session.exec(select(func.count()).select_from(Assignment).where(mine))).one()
    about = await replica.described(session, [(entry["unit_id"], entry["item"])])
    described = about[entry["unit_id"]][0]
    made = _assignment(session, campaign, draw, entry, count + 1, outgoing.position, described)
    await deadlines.open_terms(session, [made])
    return made


async def _release_teams(session: Session, draw: Draw, selected: Sequence[Mapping[str, Any]]) -> None:
    waiting = {one.task_no: one for one in await assignments.waiting(session, draw.campaign_id, draw.city or "")}
    for team in selected:
        assignment = waiting.get(team["task"])
        if assignment is not None:  # its object may have been replaced since the frame was frozen
            await teams.assign(session, assignment, team["members"], draw_id=draw.id, task=team["task"])

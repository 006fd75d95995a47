"""The ceremony of a draw, step by step; each step holds the draw's row, so that two people give one effect."""

import secrets
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.sampling.draw import bodies, commitment, entropy, execution, transcript
from services.sampling.draw.allocation import required
from services.sampling.draw.entropy import SECRET_BYTES
from services.sampling.draw.errors import FrameChanged
from services.sampling.draw.frame import Kind, units_per_stratum
from services.sampling.draw.text import identifier
from services.sampling.errors import (
    CampaignNotInState,
    DrawUnderWay,
    MinimumSample,
    NotTheWitness,
    NoWaiverNeeded,
    RedrawDue,
)
from services.sampling.models import Campaign, Draw, DrawDocument
from services.sampling.queries import campaigns
from services.sampling.queries import draws as queries
from services.sampling.queries import ledger as ledger_queries
from services.sampling.rules import draw_steps
from services.sampling.rules.issued_documents import issue
from services.sampling.rules.vault import NONCE_BYTES, Keys
from services.sampling.schemas.draws import ContributionIn, DrawIn
from services.sampling.service import ledger, sampling_frames
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.events.sampling import DrawExecuted, DrawSealed
from shared.messaging import emit
from shared.security import audit
from shared.security.auth import Caller
from shared.vocabulary import CampaignState, DrawKind, DrawState

_OVER = (DrawState.ABORTED, DrawState.SUPERSEDED)


async def at(session: Session, draw_id: UUID, step: str, by: Caller) -> Draw:
    """The draw, locked, where the caller may take this step now.

    Raises:
        DrawNotFound, StepForbidden, DrawStepRefused, SamePerson: as their names say.
    """
    draw = await queries.draw_within(session, draw_id, by, lock=True)
    role_step = {"redraw": "plan", "publish": "release"}.get(step, step)
    draw_steps.check_role(role_step, draw.kind, by.role)
    draw_steps.check_order(step, draw.state)
    draw_steps.check_person(role_step, by.subject, draw.people, draw.attempt)
    return draw


def took(draw: Draw, step: str, by: Caller) -> None:
    """Note who took the step."""
    draw.people = {**draw.people, step: by.subject}


async def plan(session: Session, wanted: DrawIn, *, by: Caller) -> Draw:
    """Plan a draw of objects by the province or of inspectors by a city.

    Raises:
        CampaignNotFound, CampaignNotInState, StepForbidden, DrawUnderWay: as their names say.
        RedrawDue: the last one was sealed and given up.
        InvalidPlan: the sources would let somebody steer the seed.
    """
    draw_steps.check_role("plan", wanted.kind, by.role)
    campaign = await campaigns.campaign(session, wanted.campaign_id, lock=True)
    if campaign.state is not CampaignState.PUBLISHED:
        raise CampaignNotInState(campaign.state.value, state=campaign.state.value)
    city = by.org if wanted.kind is DrawKind.INSPECTOR else None
    sources = [source.model_dump(mode="json", exclude_none=True) for source in wanted.sources]
    entropy.check_plan([entropy.server_source(wanted.hash, bytes(SECRET_BYTES)), *sources], session.now)
    draw = Draw(
        campaign_id=campaign.id,
        kind=wanted.kind,
        city=city,
        reference_on=wanted.snapshot_on or wanted.inspection_on or legal_day(session.now),
        hash_name=wanted.hash,
        sources=sources,
        people={"plan": by.subject},
        planned_at=session.now,
    )
    await refuse_second(session, draw)
    latest = await latest_like(session, draw)
    if latest is not None and latest.state in _OVER and (latest.commitment_digest or latest.supersedes):
        raise RedrawDue(draw_id=str(latest.id))
    session.add(draw)
    audit.record(session, by, "draw.planned", draw.id, kind=wanted.kind, city=city)
    return draw


async def refuse_second(session: Session, draw: Draw) -> None:
    """Refuse a draw beside one that stands or goes on: one of objects a campaign, one of inspectors at a time a city.

    Raises:
        DrawUnderWay: names the other.
    """
    over = _OVER if draw.kind is DrawKind.OBJECT else (*_OVER, DrawState.RELEASED)
    with session.no_autoflush:
        found = (await session.exec(select(Draw.id).where(*_like(draw), col(Draw.state).not_in(over)))).first()
    if found is not None:
        raise DrawUnderWay(draw_id=str(found))


def _like(draw: Draw) -> list[Any]:
    names = ("campaign_id", "kind", "city", "replaces")
    return [col(getattr(Draw, name)).is_not_distinct_from(getattr(draw, name)) for name in names]


async def latest_like(session: Session, draw: Draw) -> Draw | None:
    """The newest draw of the same campaign, kind, city and replaced member; None where there was none."""
    with session.no_autoflush:
        return (await session.exec(select(Draw).where(*_like(draw)).order_by(col(Draw.id).desc()).limit(1))).first()


async def freeze(session: Session, draw_id: UUID, *, by: Caller) -> Draw:
    """Freeze the frame.

    Raises:
        NothingToDraw, InfeasibleTeams: nothing waits, or no teams exist whatever the seed.
    """
    draw = await at(session, draw_id, "freeze", by)
    campaign = await campaigns.campaign(session, draw.campaign_id)
    if draw.kind is DrawKind.OBJECT:
        await sampling_frames.freeze_objects(session, draw, campaign)
    elif draw.replaces is None:
        await sampling_frames.freeze_inspectors(session, draw, campaign)
    else:
        await sampling_frames.freeze_successors(session, draw, draw.replaces)
    units = await queries.frame(session, draw_id)
    frozen = draw_steps.frozen(draw.hash_name, units, draw.exclusions, draw.terms)
    session.add(DrawDocument(draw_id=draw_id, step="freeze", content=frozen))
    draw.state = DrawState.FRAME_FROZEN
    took(draw, "freeze", by)
    audit.record(session, by, "draw.frozen", draw_id, frame_size=draw.frame_size)
    return draw


async def set_sample_size(session: Session, draw_id: UUID, sample_size: int, *, by: Caller) -> Draw:
    """Raise the sample to what plan and ratio ask for, or above (A-02).

    Raises:
        MinimumSample: it would stay below.
        DrawUnderWay: a waiver was recorded before.
    """
    draw = await at(session, draw_id, "approve", by)
    if draw.waiver is not None:
        raise DrawUnderWay("a waiver is recorded")
    if sample_size < (draw.required or 0):
        raise MinimumSample(required=draw.required, sample_size=sample_size)
    draw.sample_size = sample_size
    took(draw, "approve", by)
    audit.record(session, by, "draw.sample_size_set", draw_id, sample_size=sample_size)
    return draw


async def waive(session: Session, draw_id: UUID, reason: str, *, by: Caller) -> Draw:
    """Record why the sample stays below the minimum ratio (A-02).

    Raises:
        NoWaiverNeeded: it does not, or a waiver is recorded.
        InvalidValue: the reason is no text that a commitment can hold.
    """
    identifier(reason)
    draw = await at(session, draw_id, "approve", by)
    campaign = await campaigns.campaign(session, draw.campaign_id)
    least = required(0, tuple(campaign.plan["minimum_ratio"]), draw.frame_size or 0)
    if draw.waiver is not None or (draw.sample_size or 0) >= least:
        raise NoWaiverNeeded
    draw.waiver = {"approved_by": by.subject, "reason": reason, "required": least}
    took(draw, "approve", by)
    body = {**draw.waiver, "sample_size": draw.sample_size}
    await ledger.append(session, draw.id, "waiver", draw.people["plan"], body)
    audit.record(session, by, "draw.waived", draw_id, reason=reason)
    return draw


async def seal(session: Session, draw_id: UUID, keys: Keys, *, by: Caller) -> Draw:
    """Commit to frame, terms and entropy plan before any outside value exists.

    Raises:
        MinimumSample: the sample is too small, and nobody waived it.
        FrameChanged: units, exclusions or tasks are not those that were frozen.
        InfeasibleAllocation, InfeasibleTeams, InvalidPlan: no draw can be made of it.
    """
    draw = await at(session, draw_id, "seal", by)
    campaign = await campaigns.campaign(session, draw.campaign_id)
    if draw.kind is DrawKind.OBJECT and draw.waiver is None and (draw.sample_size or 0) < (draw.required or 0):
        raise MinimumSample(required=draw.required, sample_size=draw.sample_size)
    content = await _committed(session, draw, campaign, keys, by)
    draw.commitment_digest = commitment.commitment_digest(content)
    session.add(DrawDocument(draw_id=draw_id, step="seal", content={"commitment": content, "exclusions": draw.exclusions}))
    head = await ledger.append(session, draw_id, "seal", by.subject, bodies.seal(content, draw.exclusions))
    draw.state, draw.sealed_at = DrawState.COMMITTED, session.now
    took(draw, "seal", by)
    audit.record(session, by, "draw.sealed", draw_id, commitment_digest=draw.commitment_digest)
    emit(session, DrawSealed(**_named(draw), ledger_head=head.digest))
    return draw


async def _committed(session: Session, draw: Draw, campaign: Campaign, keys: Keys, by: Caller) -> dict[str, Any]:
    units = await queries.frame(session, draw.id)
    if draw_steps.frozen(draw.hash_name, units, draw.exclusions, draw.terms) != await queries.document(
        session, draw.id, "freeze"
    ):
        raise FrameChanged
    terms = draw.terms
    if draw.kind is DrawKind.OBJECT:
        terms = sampling_frames.object_terms(draw, campaign, units_per_stratum(units))
    head = await ledger.hold(session)
    act = commitment.Act(
        draw_id=str(draw.id),
        campaign=campaign.code,
        sealed_by=by.subject,
        sealed_at=session.now,
        previous=head.digest if head else None,
        attempt=draw.attempt,
        supersedes=await _superseded(session, draw),
    )
    secret = secrets.token_bytes(SECRET_BYTES)
    draw.secret = keys.locked(secrets.token_bytes(NONCE_BYTES), str(draw.id), secret)
    kind: Kind = "object" if draw.kind is DrawKind.OBJECT else "inspector"
    return commitment.commit(act, kind, units, terms, secret, draw.sources, draw.hash_name)


async def _superseded(session: Session, draw: Draw) -> str | None:
    return None if draw.supersedes is None else (await queries.draw(session, draw.supersedes)).commitment_digest


def _named(draw: Draw) -> dict[str, Any]:
    names = ("campaign_id", "kind", "city", "attempt", "commitment_digest")
    return {"draw_id": draw.id, **{name: getattr(draw, name) for name in names}}


async def _given(session: Session, draw: Draw) -> dict[str, str]:
    return {body["source"]: body["value"] for body in await ledger_queries.bodies(session, draw.id, "contribution")}


async def contribute(session: Session, draw_id: UUID, wanted: ContributionIn, *, by: Caller) -> Draw:
    """Take in a source's value, once.

    Raises:
        UnknownSource, AlreadyContributed, TooEarly, TooLate, InvalidValue: see `entropy.admit`.
        NotTheWitness: the plan names another person for this source.
    """
    draw = await at(session, draw_id, "contribute", by)
    outside = [{"source": entropy.SERVER}, *draw.sources]
    entropy.admit(outside, await _given(session, draw), wanted.source, wanted.value, session.now)
    links = [link for source in draw.sources for link in entropy.chain(source)]
    person = next(link.get("person") for link in links if link["source"] == wanted.source)
    if person not in (None, by.subject):
        raise NotTheWitness
    body = {"commitment_digest": draw.commitment_digest, "source": wanted.source, "value": wanted.value}
    await ledger.append(session, draw_id, "contribution", by.subject, body)
    took(draw, f"contribute:{wanted.source}", by)
    audit.record(session, by, "draw.contributed", draw_id, source=wanted.source)
    return draw


async def execute(session: Session, draw_id: UUID, keys: Keys, *, by: Caller) -> Draw:
    """Draw, once and for all.

    Raises:
        IncompleteContributions: a source has not delivered.
        FrameChanged: the stored frame is not the one committed to.
    """
    draw = await at(session, draw_id, "execute", by)
    sealed = await queries.document(session, draw_id, "seal")
    assert sealed is not None
    assert draw.secret is not None
    content, units = sealed["commitment"], await queries.frame(session, draw_id)
    secret = keys.opened(str(draw_id), draw.secret).hex()
    values = entropy.in_plan_order(content["entropy_plan"], secret, await _given(session, draw))
    result = execution.execute(content, units, values)
    fixed = {"contributions": values, "reserves": result.reserves, "seed": result.seed, "selected": result.selected}
    session.add(DrawDocument(draw_id=draw_id, step="execution", content=fixed))
    head = await ledger.append(session, draw_id, "execution", by.subject, bodies.execution(content, units, result))
    draw.state, draw.executed_at, draw.secret = DrawState.EXECUTED, session.now, None
    took(draw, "execute", by)
    audit.record(session, by, "draw.executed", draw_id, seed=result.seed)
    document = issue(transcript.transcript(content, units, values, sealed["exclusions"], result))
    event = DrawExecuted(
        **_named(draw),
        seed=result.seed,
        frame_size=len(units),
        selected=len(result.selected),
        reserves=len(result.reserves),
        transcript_digest=transcript.transcript_digest(document),
        ledger_head=head.digest,
    )
    emit(session, event)
    return draw

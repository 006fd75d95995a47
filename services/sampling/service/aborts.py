"""A draw is given up, for a ground that stays visible, and only by two people; a redraw names what it replaces."""

from uuid import UUID

from services.sampling.draw.text import identifier
from services.sampling.errors import DrawUnderWay, NoAbortRequested
from services.sampling.models import Draw
from services.sampling.queries import assignments, campaigns
from services.sampling.service import ledger
from services.sampling.service.draws import at, latest_like, refuse_second, took
from shared.database.session import Session
from shared.events.sampling import DrawAborted
from shared.messaging import emit
from shared.security import audit
from shared.security.auth import Caller
from shared.vocabulary import DrawState


async def ask(session: Session, draw_id: UUID, ground: str, *, by: Caller) -> Draw:
    """Ask that a draw be given up.

    Raises:
        DrawNotFound, StepForbidden, DrawStepRefused: see `draws.at`.
        InvalidValue: the ground is no text that the ledger can hold.
    """
    identifier(ground)
    draw = await at(session, draw_id, "abort", by)
    draw.ground = ground
    took(draw, "abort", by)
    audit.record(session, by, "draw.abort_requested", draw_id, ground=ground)
    return draw


async def abort(session: Session, draw_id: UUID, *, by: Caller) -> Draw:
    """Approve it: the draw is aborted or, where it was executed, superseded.

    Raises:
        NoAbortRequested: nobody asked.
        SamePerson: the approver asked for it, sealed or executed.
    """
    draw = await at(session, draw_id, "approve_redraw", by)
    if draw.ground is None:
        raise NoAbortRequested
    executed = draw.state is DrawState.EXECUTED
    draw.state = DrawState.SUPERSEDED if executed else DrawState.ABORTED
    draw.secret = None
    took(draw, "approve_redraw", by)
    head = await ledger.hold(session)
    if draw.commitment_digest is not None:
        body = {"approved_by": by.subject, "commitment_digest": draw.commitment_digest, "ground": draw.ground}
        kind = "supersession" if executed else "abort"
        head = await ledger.append(session, draw_id, kind, draw.people["abort"], body)
    audit.record(session, by, "draw.aborted", draw_id, ground=draw.ground)
    event = DrawAborted(
        draw_id=draw.id,
        campaign_id=draw.campaign_id,
        kind=draw.kind,
        city=draw.city,
        attempt=draw.attempt,
        ground=draw.ground,
        ledger_head=head.digest if head else "",
    )
    emit(session, event)
    return draw


async def redraw(session: Session, draw_id: UUID, *, by: Caller) -> Draw:
    """Plan the next attempt of a draw that was given up.

    Raises:
        DrawUnderWay: there is one already, or a later attempt is the one to redraw.
    """
    old = await at(session, draw_id, "redraw", by)
    await campaigns.campaign(session, old.campaign_id, lock=True)
    await refuse_second(session, old)
    latest = await latest_like(session, old)
    if latest is not None and latest.id != old.id:
        raise DrawUnderWay(draw_id=str(latest.id))
    sealed = old.commitment_digest is not None
    draw = Draw(
        campaign_id=old.campaign_id,
        kind=old.kind,
        city=old.city,
        attempt=old.attempt + 1 if sealed else old.attempt,
        supersedes=old.id if sealed else old.supersedes,
        replaces=old.replaces,
        reference_on=old.reference_on,
        hash_name=old.hash_name,
        sources=old.sources,
        people={"plan": by.subject},
        planned_at=session.now,
    )
    session.add(draw)
    if old.replaces is not None:
        await session.flush()
        (await assignments.member_request(session, old.replaces)).draw_id = draw.id
    audit.record(session, by, "draw.replanned", draw.id, supersedes=old.id)
    return draw

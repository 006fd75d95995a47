"""Transcripts, redacted transcripts and proofs as they are handed out; they are signed at the edge."""

from datetime import date
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.sampling.draw import redaction
from services.sampling.draw.errors import NotInFrame
from services.sampling.draw.membership import membership
from services.sampling.errors import DrawStepRefused, EmbargoNotOver
from services.sampling.models import Campaign, Draw
from services.sampling.queries import draws, ledger
from services.sampling.rules.issued_documents import issue
from shared.security.auth import Caller
from shared.vocabulary import Role


async def full(session: AsyncSession, draw: Draw) -> dict[str, Any]:
    """The full transcript of an executed draw with its ledger and the draws that replaced members of its teams.

    Raises:
        DrawStepRefused: it is not executed.
    """
    core = await _executed(session, draw)
    successors = await _successors(session, draw)
    cores = [await _executed(session, one) for one in successors]
    chain = await ledger.slice_of(session, [draw.id, *(one.id for one in successors)])
    return issue(core, chain, cores)


async def public(session: AsyncSession, draw: Draw, today: date) -> dict[str, Any]:
    """The redacted transcript: after the embargo with the drawn units, before it with nothing that identifies them.

    Raises:
        DrawStepRefused: it is not sealed.
    """
    campaign = await session.get_one(Campaign, draw.campaign_id)
    core = await draws.core(session, draw) if today >= campaign.embargo_until else None
    if core is None:
        sealed = await draws.sealed(session, draw)
        if sealed is None:
            raise DrawStepRefused(draw.state.value, state=draw.state.value)
        chain = await ledger.slice_of(session, [draw.id], ledger.EMBARGOED)
        return issue(redaction.sealed_part(sealed), chain)
    return await _redacted(session, draw, core)


async def _redacted(session: AsyncSession, draw: Draw, core: dict[str, Any]) -> dict[str, Any]:
    used = [body["incoming"] for body in await ledger.bodies(session, draw.id, "replacement")]
    successors = await _successors(session, draw)
    cores = [redaction.redacted(await _executed(session, one)) for one in successors]
    chain = await ledger.slice_of(session, [draw.id, *(one.id for one in successors)])
    return issue(redaction.redacted(core, used), chain, cores)


async def proof(session: AsyncSession, draw: Draw, uscc: str, by: Caller, today: date) -> dict[str, Any]:
    """The proof that an organisation was in the frame of an executed draw, and at which rank.

    It carries the seed, from which anyone could compute every organisation's ticket: none but the province gets it before the
    embargo ends.

    Raises:
        DrawStepRefused: the draw is not executed.
        NotInFrame: it was not, or another organisation asks.
        EmbargoNotOver: an organisation asks too early.
    """
    if by.role is Role.OBJECT_CONTACT:
        if by.org != uscc:
            raise NotInFrame
        campaign = await session.get_one(Campaign, draw.campaign_id)
        if today < campaign.embargo_until:
            raise EmbargoNotOver(embargo_until=campaign.embargo_until.isoformat())
    chain = await ledger.slice_of(session, [draw.id], {"replacement"})
    return issue(membership(await _executed(session, draw), uscc), chain)


async def _executed(session: AsyncSession, draw: Draw) -> dict[str, Any]:
    core = await draws.core(session, draw)
    if core is None:
        raise DrawStepRefused(draw.state.value, state=draw.state.value)
    return core


async def _successors(session: AsyncSession, draw: Draw) -> list[Draw]:
    """The draws that replaced members of this draw's teams, in ledger order."""
    bodies = await ledger.bodies(session, draw.id, "replacement")
    digests = [body["replacement"] for body in bodies if body.get("replacement")]
    found = {
        one.commitment_digest: one for one in await session.exec(select(Draw).where(col(Draw.commitment_digest).in_(digests)))
    }
    return [found[digest] for digest in digests]

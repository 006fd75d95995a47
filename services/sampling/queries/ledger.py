"""The ledger as it is read."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.sampling.draw.ledger import Head, extract
from services.sampling.models import Campaign, Draw, LedgerEntry

EMBARGOED = frozenset({"contribution", "execution", "replacement"})
"""Entries whose bodies would let anyone compute or read who was drawn."""


async def head(session: AsyncSession) -> Head | None:
    """The last entry; None in an empty ledger."""
    last = select(LedgerEntry.seq, LedgerEntry.digest).order_by(col(LedgerEntry.seq).desc()).limit(1)
    found = (await session.exec(last)).first()
    return None if found is None else Head(*found)


async def entries(session: AsyncSession, since: int = 1) -> list[dict[str, Any]]:
    """The chain from an entry to the head."""
    rows = select(LedgerEntry).where(col(LedgerEntry.seq) >= since).order_by(col(LedgerEntry.seq))
    return [row.entry for row in await session.exec(rows)]


async def bodies(session: AsyncSession, draw_id: UUID, kind: str) -> list[dict[str, Any]]:
    """The bodies of one kind of entry of a draw, in ledger order."""
    mine = (col(LedgerEntry.draw_id) == draw_id) & (col(LedgerEntry.kind) == kind)
    rows = select(LedgerEntry.entry).where(mine).order_by(col(LedgerEntry.seq))
    return [entry["body"] for entry in await session.exec(rows)]


async def slice_of(session: AsyncSession, draw_ids: Collection[UUID], withheld: Collection[str] = ()) -> list[dict[str, Any]]:
    """The chain from the first entry of these draws to the head, without the bodies of other draws."""
    first = select(col(LedgerEntry.seq)).where(col(LedgerEntry.draw_id).in_(draw_ids)).order_by(col(LedgerEntry.seq)).limit(1)
    since = (await session.exec(first)).first()
    if since is None:
        return []
    return extract(await entries(session, since), {str(one) for one in draw_ids}, withheld)


async def public(session: AsyncSession, today: date) -> list[dict[str, Any]]:
    """The whole chain as anyone may see it: bodies that an embargo covers are withheld."""
    silent = select(Draw.id).join(Campaign).where(col(Campaign.embargo_until) > today)
    covered = {str(one) for one in await session.exec(silent)}
    return [
        {name: value for name, value in entry.items() if name != "body" or not _covered(entry, covered)}
        for entry in await entries(session)
    ]


def _covered(entry: dict[str, Any], covered: Collection[str]) -> bool:
    return entry["draw_id"] in covered and entry["kind"] in EMBARGOED

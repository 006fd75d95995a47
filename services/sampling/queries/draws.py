"""Draws, their frames and their documents as they are read."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlmodel import col
from sqlmodel import select as rows_of
from sqlmodel.ext.asyncio.session import AsyncSession

from services.sampling.draw.execution import Result
from services.sampling.draw.frame import Unit
from services.sampling.draw.transcript import transcript
from services.sampling.errors import DrawNotFound
from services.sampling.models import Draw, DrawDocument, DrawUnit
from services.sampling.schemas.draws import DrawOut
from shared.database.prepared import equals, prepared
from shared.security.auth import Caller
from shared.vocabulary import DrawKind


@prepared
def draws(**given: UUID | DrawKind | str | None) -> Select[Any]:
    """The rows of the public list: every attempt; `id`, `campaign_id`, `kind` and `city` narrow it where they are given."""
    rows = select(*(getattr(Draw, name) for name in DrawOut.model_fields))
    return rows.where(*equals(Draw, **given))


async def draw(session: AsyncSession, draw_id: UUID, *, lock: bool = False) -> Draw:
    """One draw; `lock` holds its row until the transaction ends.

    Raises:
        DrawNotFound: there is none.
    """
    found = await session.get(Draw, draw_id, with_for_update=lock)
    if found is None:
        raise DrawNotFound
    return found


async def draw_within(session: AsyncSession, draw_id: UUID, by: Caller, *, lock: bool = False) -> Draw:
    """One draw: those of a city's inspectors exist for that city and the province only; the province's for any official.

    Raises:
        DrawNotFound: there is none.
    """
    found = await draw(session, draw_id, lock=lock)
    if found.kind is DrawKind.INSPECTOR and not by.reaches(found.city, None):
        raise DrawNotFound
    return found


async def draw_entitled(session: AsyncSession, draw_id: UUID, by: Caller) -> Draw:
    """One draw whose whole frame and result the caller may see: the province any, a city its own of inspectors.

    Raises:
        DrawNotFound: there is none.
    """
    found = await draw(session, draw_id)
    if not by.reaches(found.city, None):
        raise DrawNotFound
    return found


async def frame(session: AsyncSession, draw_id: UUID) -> list[Unit]:
    """The frozen frame in the protocol's order, which no database collation may decide."""
    rows = await session.exec(rows_of(DrawUnit).where(col(DrawUnit.draw_id) == draw_id))
    units: list[Unit] = [
        {"items": row.items, "salt": row.salt, "stratum": row.stratum, "unit_id": row.unit_id, "weight": row.weight}
        for row in rows
    ]
    return sorted(units, key=lambda unit: unit["unit_id"])


async def document(session: AsyncSession, draw_id: UUID, step: str) -> dict[str, Any] | None:
    """What a step fixed; None before it."""
    found = await session.get(DrawDocument, (draw_id, step))
    return None if found is None else found.content


async def core(session: AsyncSession, draw: Draw) -> dict[str, Any] | None:
    """The core of the transcript of an executed draw; None before the execution."""
    sealed, executed = await document(session, draw.id, "seal"), await document(session, draw.id, "execution")
    if sealed is None or executed is None:
        return None
    result = Result(draw.commitment_digest or "", executed["seed"], executed["selected"], executed["reserves"])
    units = await frame(session, draw.id)
    return transcript(sealed["commitment"], units, executed["contributions"], sealed["exclusions"], result)


async def sealed(session: AsyncSession, draw: Draw) -> dict[str, Any] | None:
    """Commitment, its digest, exclusions and frame of a sealed draw; None before the seal."""
    found = await document(session, draw.id, "seal")
    if found is None:
        return None
    return {**found, "commitment_digest": draw.commitment_digest, "frame": await frame(session, draw.id)}

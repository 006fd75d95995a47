"""Draws, their frames and documents, and the ledger (抽取, 名录, 台账). All but the draw's state is append-only."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.sampling.models.base import Table
from shared.core.ids import new_id
from shared.database.session import APPEND_ONLY, enum_text, instant
from shared.vocabulary import DrawKind, DrawState

_NEVER_TWO = "replaces IS NULL AND state NOT IN ('aborted', 'superseded')"


class Draw(Table, table=True):
    """A draw on its way (抽取).

    `secret` is the server's, encrypted. `replaces` names the request that a member's draw answers. `people` says who took
    which step.
    """

    __tablename__ = "draw"
    __table_args__ = (
        Index("uq_draw_object", "campaign_id", unique=True, postgresql_where=text(f"kind = 'object' AND {_NEVER_TWO}")),
        Index(
            "uq_draw_inspector",
            "campaign_id",
            "city",
            unique=True,
            postgresql_where=text(f"kind = 'inspector' AND state <> 'released' AND {_NEVER_TWO}"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True)
    kind: DrawKind = Field(sa_type=enum_text(DrawKind))
    city: str | None = None
    attempt: int = 1
    supersedes: UUID | None = Field(default=None, foreign_key="draw.id")
    replaces: UUID | None = Field(default=None, index=True)
    state: DrawState = Field(default=DrawState.DRAFT, sa_type=enum_text(DrawState))
    reference_on: date
    hash_name: str
    sources: list[dict[str, Any]] = Field(sa_type=JSONB)
    sample_size: int | None = None
    required: int | None = None
    frame_size: int | None = None
    waiver: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    exclusions: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    terms: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    secret: bytes | None = Field(default=None, sa_type=LargeBinary)
    commitment_digest: str | None = Field(default=None, unique=True)
    people: dict[str, str] = Field(default_factory=dict, sa_type=JSONB)
    ground: str | None = None
    planned_at: datetime = Field(sa_type=instant())
    sealed_at: datetime | None = Field(default=None, sa_type=instant())
    executed_at: datetime | None = Field(default=None, sa_type=instant())
    released_at: datetime | None = Field(default=None, sa_type=instant())


class DrawUnit(Table, table=True):
    """One unit of a frozen frame, with the rule that included it (名录单位)."""

    __tablename__ = "draw_unit"
    __table_args__ = ({"info": APPEND_ONLY},)

    draw_id: UUID = Field(foreign_key="draw.id", primary_key=True)
    unit_id: str = Field(primary_key=True, sa_column_kwargs={"comment": "compared by code point"})
    stratum: str
    weight: int
    salt: str
    items: list[str] = Field(sa_type=JSONB)
    rule: str


class DrawDocument(Table, table=True):
    """What a step fixed for ever (抽取文件).

    `freeze` digests of what was frozen, `seal` the commitment and exclusions, `execution` contributions, seed and result.
    """

    __tablename__ = "draw_document"
    __table_args__ = ({"info": APPEND_ONLY},)

    draw_id: UUID = Field(foreign_key="draw.id", primary_key=True)
    step: str = Field(primary_key=True)
    content: dict[str, Any] = Field(sa_type=JSONB)


class LedgerEntry(Table, table=True):
    """One entry of the one chain of all draws (台账); see `draw.ledger`."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        ForeignKeyConstraint(["draw_id"], ["draw.id"]),
        Index(None, "draw_id"),
        {"info": APPEND_ONLY},
    )

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    digest: str = Field(unique=True)
    previous: str | None = Field(unique=True)
    draw_id: UUID
    kind: str
    entry: dict[str, Any] = Field(sa_type=JSONB)

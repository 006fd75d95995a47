"""The tables of deadlines, in the database of the service that opens them."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Column, Date, Identity, Index, String, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database.session import APPEND_ONLY, enum_text, instant, platform
from shared.vocabulary import DeadlineState

Document = dict[str, Any]
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""The end of a term that is not known yet; the board shows it last."""
OPEN = (DeadlineState.RUNNING, DeadlineState.PAUSED, DeadlineState.OVERDUE)
IS_OPEN = "state IN ('running', 'paused', 'overdue')"


class _Base(SQLModel, registry=registry(metadata=platform)):
    pass


class DeadlineRecord(_Base, table=True):
    """A deadline (期限): the inputs it is computed from, its end, its state and its pending warnings.

    `trigger`, `amount`, `until`, `pauses`, `extensions` are the query of the engine; `rule` and `calendar` the versions used.
    `warning_thresholds` and `warn_at` are the pending warnings, in order; `warned` the thresholds published.
    `excluded_subjects` are the persons who handle the matter and may therefore grant nothing here.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        Index("ix_deadline_subject_id", "subject_id", "code"),
        Index("ix_deadline_board", "ends_at", "id", postgresql_where=text(IS_OPEN)),
        Index("ix_deadline_board_city", "city", "ends_at", "id", postgresql_where=text(IS_OPEN)),
        Index("ix_deadline_board_county", "county", "ends_at", "id", postgresql_where=text(IS_OPEN)),
        Index("ix_deadline_next_at", "next_at", "id", postgresql_where=text("next_at IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    code: str
    name_zh: str = Field(default="", sa_column_kwargs={"server_default": ""})
    name_en: str = Field(default="", sa_column_kwargs={"server_default": ""})
    subject_kind: str = Field(default="case", sa_column_kwargs={"server_default": "case"})
    subject_id: UUID
    subject_no: str = Field(default="", sa_column_kwargs={"server_default": ""})
    office: str = Field(default="", sa_column_kwargs={"server_default": ""})
    city: str | None = None
    county: str | None = None
    campaign_id: UUID | None = None
    rule: str = Field(default="", sa_column_kwargs={"server_default": ""})
    calendar: str = Field(default="", sa_column_kwargs={"server_default": ""})
    trigger: str
    amount: int | None = None
    until: date | None = None
    pauses: list[Document] = Field(default_factory=list, sa_type=JSONB)
    extensions: list[Document] = Field(default_factory=list, sa_type=JSONB)
    state: DeadlineState = Field(
        default=DeadlineState.RUNNING, sa_type=enum_text(DeadlineState), sa_column_kwargs={"server_default": "running"}
    )
    due_on: date | None
    overdue_from: datetime | None = Field(sa_type=instant())
    ends_at: datetime = Field(default=NEVER, sa_type=instant(), sa_column_kwargs={"server_default": "9999-01-01T00:00:00Z"})
    met_at: datetime | None = Field(default=None, sa_type=instant())
    waived_at: datetime | None = Field(default=None, sa_type=instant())
    late: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    warned: list[str] = Field(default_factory=list, sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})
    warning_thresholds: list[str] = Field(default_factory=list, sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})
    warn_at: list[datetime] = Field(default_factory=list, sa_type=ARRAY(instant()), sa_column_kwargs={"server_default": "{}"})
    next_at: datetime | None = Field(default=None, sa_type=instant())
    excluded_subjects: list[str] = Field(default_factory=list, sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})
    opened_at: datetime | None = Field(default=None, sa_type=instant())


deadline_history = Table(
    "deadline_history",
    platform,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("deadline_id", Uuid, nullable=False),
    Column("at", instant(), nullable=False),
    Column("act", String, nullable=False, comment="opened, paused, resumed, extended, moved, warned, met or waived"),
    Column("state", String, nullable=False),
    Column("due_on", Date, comment="the last day in time after this act; null while it is not known"),
    Column("by_subject", String, nullable=False),
    Column("by_org", String, nullable=False),
    Column("content", JSONB, nullable=False),
    Index("ix_deadline_history_deadline_id", "deadline_id", "id"),
    info=APPEND_ONLY,
    comment="Everything that ever happened to a deadline.",
)

working_calendar = Table(
    "working_calendar",
    platform,
    Column("version", String, primary_key=True),
    Column("digest", String, nullable=False, comment="SHA-256 of the file"),
    Column("content", Text, nullable=False, comment="the file as it came (ccc-calendar/1)"),
    Column("proposed_by", String, nullable=False),
    Column("proposed_at", instant(), nullable=False),
    Column("published_by", String),
    Column("published_at", instant()),
    Column("moved_through", Uuid, comment="how far the open deadlines have been counted again"),
    Column("moved_at", instant(), comment="when all of them had been"),
    comment="Versions of the working-day calendar beyond the one that is delivered; a second person publishes.",
)

"""Events that every service publishes of its deadlines (期限): warned, moved, closed late. Each owner has its subclasses."""

from datetime import date, datetime
from uuid import UUID

from shared.events.base import Event
from shared.events.value_objects import Part
from shared.vocabulary import DeadlineState


class DeadlineReference(Part):
    """A deadline in an event; `subject_no` is the official number of its subject, `code` its rule (K01-K36)."""

    deadline_id: UUID
    code: str
    subject_kind: str
    subject_id: UUID
    subject_no: str
    campaign_id: UUID | None
    city: str | None
    county: str | None
    due_on: date | None


class Alert(DeadlineReference):
    """One warning of one deadline: `threshold` (50%, 80%, 1wd, due, overdue, elapsed) was reached at `at`."""

    threshold: str
    at: datetime


class Move(DeadlineReference):
    """A deadline ends on another day; `due_on` is the new day, None while an open pause holds it."""

    before: date | None
    reason: str
    document: str
    days: tuple[date, ...] = ()


class Closing(DeadlineReference):
    """A deadline that was overdue is over: met late, or waived."""

    state: DeadlineState
    closed_at: datetime


class Warned(Event):
    """Deadlines of one organisation reached a warning threshold; each threshold of each deadline is published once.

    What is overdue concerns `superior` too: the organisation one level up, None above the province.
    """

    office: str
    superior: str | None
    deadlines: tuple[Alert, ...]


class Moved(Event):
    """Deadlines of one organisation end on another day, each with the reason."""

    office: str
    deadlines: tuple[Move, ...]


class Closed(Event):
    """Overdue deadlines of one organisation were met late or waived."""

    office: str
    deadlines: tuple[Closing, ...]

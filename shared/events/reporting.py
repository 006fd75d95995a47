"""Events of reporting: summaries to the province, disclosures to the public."""

from datetime import date, datetime
from uuid import UUID

from shared.events.base import Event
from shared.events.deadlines import Closed, Moved, Warned


class SummarySubmitted(Event, owner="reporting", key="summary_id"):
    """A city submitted its summary with annexes 3 and 4 to the province (汇总上报)."""

    summary_id: UUID
    campaign_id: UUID
    round: str
    city: str
    digest: str
    submitted_on: date


class SummaryReturned(Event, owner="reporting", key="summary_id"):
    """The province returned a summary for correction (退回)."""

    summary_id: UUID
    campaign_id: UUID
    round: str
    city: str
    ground: str


class SummaryAccepted(Event, owner="reporting", key="summary_id"):
    """The province accepted a city's summary (接收)."""

    summary_id: UUID
    campaign_id: UUID
    round: str
    city: str
    digest: str
    accepted_on: date


class DisclosurePublished(Event, owner="reporting", key="disclosure_id"):
    """A disclosure was published (公示); `corrects` is the earlier publication that it replaces (更正)."""

    disclosure_id: UUID
    campaign_id: UUID
    kind: str
    items: int
    digest: str
    published_at: datetime
    edition: int = 1
    corrects: UUID | None = None


class DisclosureWithdrawn(Event, owner="reporting", key="disclosure_id"):
    """A disclosure was withdrawn (撤回公示)."""

    disclosure_id: UUID
    campaign_id: UUID
    ground: str
    withdrawn_on: date


class DeadlinesWarned(Warned, owner="reporting", key="office"):
    """Deadlines of this service reached a threshold: 50 %, 80 %, one working day before, due, overdue, elapsed (期限预警)."""


class DeadlinesMoved(Moved, owner="reporting", key="office"):
    """Deadlines of this service end on another day: extended, paused, resumed, or by a new calendar (期限变更)."""


class OverdueDeadlinesClosed(Closed, owner="reporting", key="office"):
    """Overdue deadlines of this service were met late or waived (逾期办结)."""

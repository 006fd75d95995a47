"""Facts of reporting: what was told upward and made public."""

from datetime import date, datetime
from uuid import UUID

from shared.events.base import Event


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
    """A disclosure was published (公示); `corrects` is the earlier publication whose place it takes (更正)."""

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

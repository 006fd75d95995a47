"""Tables of reporting: the replica of what other services publish, the frozen summaries, the disclosures."""

from services.reporting.models.campaigns import Campaign, Draw
from services.reporting.models.deadlines import OverdueDeadline
from services.reporting.models.disclosures import Disclosure, DisclosureVersion
from services.reporting.models.findings import Finding, LedgerEntry, Rectification
from services.reporting.models.followups import Case, Copy, Letter, Matter, Transfer
from services.reporting.models.objects import Assignment, TeamChange
from services.reporting.models.summaries import MergedPart, Summary, SummaryRow

REPLICA = (
    Campaign,
    Draw,
    Assignment,
    TeamChange,
    Finding,
    Rectification,
    LedgerEntry,
    Case,
    Transfer,
    Letter,
    Matter,
    Copy,
)
"""The tables made of the events of other services alone, so that they can be rebuilt from them."""

__all__ = [
    "REPLICA",
    "Assignment",
    "Campaign",
    "Case",
    "Copy",
    "Disclosure",
    "DisclosureVersion",
    "Draw",
    "Finding",
    "LedgerEntry",
    "Letter",
    "Matter",
    "MergedPart",
    "OverdueDeadline",
    "Rectification",
    "Summary",
    "SummaryRow",
    "TeamChange",
    "Transfer",
]

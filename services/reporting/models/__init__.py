"""Tables of reporting: its own picture of what the others told, the frozen summaries, the disclosures."""

from services.reporting.models.campaigns import Campaign, Draw
from services.reporting.models.deadlines import OverdueDeadline
from services.reporting.models.disclosures import Disclosure, DisclosureVersion
from services.reporting.models.findings import Finding, LedgerEntry, Rectification
from services.reporting.models.followups import Case, Copy, Letter, Matter, Transfer
from services.reporting.models.objects import Assignment, TeamChange
from services.reporting.models.summaries import MergedPart, Summary, SummaryRow

PROJECTIONS = (
    *(Campaign, Draw, Assignment, TeamChange, Finding, Rectification, LedgerEntry),
    *(Case, Transfer, Letter, Matter, Copy),
)
"""What is made of the facts of others and of nothing else, so that it can be made anew."""

__all__ = [
    "PROJECTIONS",
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

"""Which status event of a certification body answers which request (函告)."""

from services.cases.rules.reference_data import document
from shared.vocabulary import StatusEvent


def answers(requested: StatusEvent, change: StatusEvent) -> bool:
    """Whether the body's act does what the letter asked for, or more."""
    items = document("letters")["items"]
    return any(item["requested"] == requested and change in item["answered_by"] for item in items)

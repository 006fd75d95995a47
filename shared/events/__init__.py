"""The published language: every fact that one service tells the others, one file per owning service."""

from shared.core.services import SERVICES
from shared.events import cases, inspection, registry, reporting, sampling
from shared.events.base import CATALOGUE, Delivery, Event, UnknownEventType, event_class, topic_of

OWNERS = SERVICES


def told_by(owner: str) -> list[type[Event]]:
    """Every fact that a service tells, in all its versions."""
    return [event for event in CATALOGUE.values() if event.owner == owner]


__all__ = [
    "CATALOGUE",
    "OWNERS",
    "Delivery",
    "Event",
    "UnknownEventType",
    "cases",
    "event_class",
    "inspection",
    "registry",
    "reporting",
    "sampling",
    "told_by",
    "topic_of",
]

"""The published language: every event that a service publishes, one file per owning service."""

from shared.core.services import SERVICES
from shared.events import cases, inspection, registry, reporting, sampling
from shared.events.base import CATALOGUE, Delivery, Event, UnknownEventType, event_class, topic_of

OWNERS = SERVICES


def events_of(owner: str) -> list[type[Event]]:
    """Every event that a service publishes, in all its versions."""
    return [event for event in CATALOGUE.values() if event.owner == owner]


__all__ = [
    "CATALOGUE",
    "OWNERS",
    "Delivery",
    "Event",
    "UnknownEventType",
    "cases",
    "event_class",
    "events_of",
    "inspection",
    "registry",
    "reporting",
    "sampling",
    "topic_of",
]

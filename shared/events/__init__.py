"""The published language: every fact that one service tells the others, one file per owning service."""

from shared.events import cases, inspection, registry, reporting, sampling
from shared.events.base import CATALOGUE, Delivery, Event, UnknownEventType, event_class, topic_of

OWNERS = ("registry", "sampling", "inspection", "cases", "reporting")

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
    "topic_of",
]

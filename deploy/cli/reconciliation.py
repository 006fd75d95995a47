"""Reconciliation of the services: what each one published is compared with what its consumers handled."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Proof:
    """The comparison: a row for each type of event and consumer."""

    rows: list[dict[str, Any]]
    holds: bool
    events: int
    effects: int
    digest: str
    """SHA-256 over the lines "type consumer events digest" of what was published, in the order of the publishers."""


NOTHING = {"events": 0, "dropped": 0, "digest": hashlib.sha256().hexdigest()}


def compare(reconciliations: Mapping[str, Mapping[str, Any]]) -> Proof:
    """Compare the reconciliations of all services, by the service's name, over one period."""
    rows = [
        _row(published, consumer, reconciliation)
        for publisher in reconciliations.values()
        for published in publisher["published"]
        for consumer, reconciliation in reconciliations.items()
        if published["type"] in reconciliation["consumes"]
    ]
    lines = "".join(f"{row['type']} {row['consumer']} {row['published']} {row['digest']}\n" for row in rows)
    return Proof(
        rows,
        all(row["agrees"] for row in rows) and not _unpublished(reconciliations),
        sum(published["events"] for publisher in reconciliations.values() for published in publisher["published"]),
        sum(row["handled"] for row in rows),
        hashlib.sha256(lines.encode()).hexdigest(),
    )


def _row(published: Mapping[str, Any], consumer: str, reconciliation: Mapping[str, Any]) -> dict[str, Any]:
    handled = next((digest for digest in reconciliation["handled"] if digest["type"] == published["type"]), NOTHING)
    return {
        "type": published["type"],
        "consumer": consumer,
        "published": published["events"],
        "handled": handled["events"],
        "dropped": handled["dropped"],
        "digest": published["digest"],
        "agrees": published["digest"] == handled["digest"],
    }


def _unpublished(reconciliations: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Types that a consumer handled and nobody published."""
    published = {digest["type"] for reconciliation in reconciliations.values() for digest in reconciliation["published"]}
    handled = {digest["type"] for reconciliation in reconciliations.values() for digest in reconciliation["handled"]}
    return handled - published

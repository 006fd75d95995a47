"""Compares what services say they told with what their listeners say they heard."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Proof:
    """The comparison: a row for each type of event and listener."""

    rows: list[dict[str, Any]]
    holds: bool
    events: int
    effects: int
    digest: str
    """SHA-256 over the lines "source type listener events digest" of what the tellers say, in their order."""


NOTHING = {"events": 0, "dropped": 0, "digest": hashlib.sha256().hexdigest()}


def compare(accounts: Mapping[str, Mapping[str, Any]]) -> Proof:
    """Compare the accounts of all services over one period."""
    rows = [
        _row(told, listener, account)
        for teller in accounts.values()
        for told in teller["told"]
        for listener, account in accounts.items()
        if told["type"] in account["listens"]
    ]
    lines = "".join(f"{row['type']} {row['listener']} {row['told']} {row['digest']}\n" for row in rows)
    return Proof(
        rows,
        all(row["agrees"] for row in rows) and not _unknown(accounts),
        sum(told["events"] for teller in accounts.values() for told in teller["told"]),
        sum(row["heard"] for row in rows),
        hashlib.sha256(lines.encode()).hexdigest(),
    )


def _row(told: Mapping[str, Any], listener: str, account: Mapping[str, Any]) -> dict[str, Any]:
    heard = next((one for one in account["heard"] if one["type"] == told["type"]), NOTHING)
    return {
        "type": told["type"],
        "listener": listener,
        "told": told["events"],
        "heard": heard["events"],
        "dropped": heard["dropped"],
        "digest": told["digest"],
        "agrees": told["digest"] == heard["digest"],
    }


def _unknown(accounts: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Types that somebody heard and nobody told."""
    told = {one["type"] for account in accounts.values() for one in account["told"]}
    return {one["type"] for account in accounts.values() for one in account["heard"]} - told

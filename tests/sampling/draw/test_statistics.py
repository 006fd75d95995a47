"""What `make draw-statistics` shows over 100 000 seeds holds over a thousand, and a bent draw would not pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.sampling.draw import selection
from services.sampling.draw.frame import Unit
from services.sampling.draw.selection import Place
from tests.sampling.draw import draw_statistics as statistics

SEEDS = 1000


def test_everyone_is_drawn_as_often_as_the_protocol_promises() -> None:
    found = statistics.report(SEEDS, ["sha-256"])
    assert statistics.alarms(found) == []
    lines = [line for part in found["hashes"]["sha-256"]["parts"] for line in part["lines"]]
    assert len(lines) > 400
    assert sum(line["inside"] for line in lines) >= len(lines) * 0.99


def test_the_distribution_of_tight_teams_is_described_and_is_not_uniform() -> None:
    part, described = statistics.tight_teams("sha-256", SEEDS)
    assert described["all_feasible"]
    assert sum(line.seen for line in part.lines) == SEEDS
    assert sorted(str(line.expected) for line in part.lines) == ["1/2", "1/4", "1/8", "1/8"]
    assert part.probability > statistics.ALARM
    assert described["distance_from_uniform"] > 0.2
    assert "random under constraints" in described["statement"]


def bent(hash_name: str, seed: str, frame: Sequence[Unit], places: Sequence[Place]) -> tuple[list[Any], list[Any]]:
    """A draw that now and then looks again when the first unit of a stratum was selected."""
    drawn = selection.select(hash_name, seed, frame, places)
    again = seed.startswith(("0", "1", "2")) and any(entry["unit_id"] == "A-00" for entry in drawn[0])
    return selection.select(hash_name, seed[::-1], frame, places) if again else drawn


def test_a_draw_that_favours_one_unit_is_noticed() -> None:
    parts = {part.title: part for part in statistics.objects("sha-256", 4 * SEEDS, bent)}
    assert parts["inclusion in A"].probability < 0.01
    assert not parts["inclusion in A"].lines[0].row()["inside"]

"""Facts about the source that hold for ever; test_planted.py shows of each guard that it sees a violation."""

from collections.abc import Callable

import pytest

from tests.architecture import guards
from tests.architecture.guards import Verdict
from tests.architecture.source import Tree


@pytest.mark.parametrize(
    ("guard", "enough"),
    [
        (guards.too_large, 2000),
        (guards.grown, 2000),
        (guards.clock_and_chance, 5000),
        (guards.random_generators, 1000),
        (guards.left_for_later, 500),
        (guards.dropped_exceptions, 40),
    ],
)
def test_the_source_keeps_its_rules(guard: Callable[[Tree], Verdict], enough: int) -> None:
    verdict = guard(Tree())
    assert verdict.seen > enough
    assert verdict.wrong == []

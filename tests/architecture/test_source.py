"""Facts about the source that hold for ever; test_planted.py shows of each guard that it sees a violation."""

from collections.abc import Callable

import pytest

from tests.architecture import guards, literals
from tests.architecture.guards import Verdict
from tests.architecture.source import ROOT, Tree


@pytest.mark.parametrize(
    ("guard", "enough"),
    [
        (guards.too_large, 2000),
        (guards.grown, 2000),
        (guards.clock_and_chance, 5000),
        (guards.sources_of_chance, 1000),
        (guards.urandom_calls, 5000),
        (guards.living_imports, 50),
        (guards.left_for_later, 500),
        (guards.dropped_exceptions, 40),
        (literals.provinces_and_years, 20_000),
    ],
)
def test_the_source_keeps_its_rules(guard: Callable[[Tree], Verdict], enough: int) -> None:
    verdict = guard(Tree())
    assert verdict.seen > enough
    assert verdict.wrong == []


def test_released_migrations_are_byte_for_byte_what_was_released() -> None:
    verdict = guards.changed_migrations(ROOT, (ROOT / "tests/architecture/released_migrations.sha256").read_text())
    assert verdict.seen > 30
    assert verdict.wrong == []

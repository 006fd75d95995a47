from datetime import datetime, timedelta
from typing import Any

import pytest

from services.sampling.draw import entropy
from services.sampling.draw.errors import (
    AlreadyContributed,
    IncompleteContributions,
    InvalidPlan,
    InvalidValue,
    TooEarly,
    TooLate,
    UnknownSource,
    WrongSecret,
)
from tests.sampling.draw.builders import PUBLIC, SEALED_AT, SECRET, VALUES, WITNESS

SERVER = entropy.server_source("sha-256", SECRET)
DUE = datetime.fromisoformat(PUBLIC["not_before"])
DEADLINE = DUE + timedelta(hours=4)
BACKUP = {**WITNESS, "source": "witness-2", "deadline": (DEADLINE + timedelta(hours=1)).isoformat()}
LAST = {**WITNESS, "source": "witness-3"}
CHAINED: dict[str, Any] = {**PUBLIC, "deadline": DEADLINE.isoformat(), "fallback": [BACKUP, LAST]}
PLAN: list[dict[str, Any]] = [SERVER, WITNESS, CHAINED]


def admit(source: str, at: datetime, given: dict[str, str] | None = None, value: str = "x") -> None:
    entropy.admit(PLAN, given or {}, source, value, at)


def test_a_plan_with_fallbacks_is_accepted() -> None:
    entropy.check_plan(PLAN, SEALED_AT)


@pytest.mark.parametrize(
    "plan",
    [
        None,
        [],
        [SERVER],
        [WITNESS, SERVER],
        [{**SERVER, "commitment": "00"}, WITNESS],
        [SERVER, SERVER],
        [SERVER, WITNESS, WITNESS],
        [SERVER, {**CHAINED, "fallback": [BACKUP, WITNESS]}, WITNESS],
        [SERVER, None],
        [SERVER, {**WITNESS, "kind": "oracle"}],
        [SERVER, {**WITNESS, "kind": ["witness"]}],
        [SERVER, {**WITNESS, "source": "server"}],
        [SERVER, {**WITNESS, "colour": "red"}],
        [SERVER, {**WITNESS, "person": 7}],
        [SERVER, {**WITNESS, "not_before": "tomorrow"}],
        [SERVER, {**WITNESS, "not_before": "2024-08-05T20:00:00"}],
        [SERVER, {**WITNESS, "not_before": "2024-W32-1T20:00:00+08:00"}],
        [SERVER, {**WITNESS, "not_before": "2024-13-05T20:00:00+08:00"}],
        [SERVER, {**WITNESS, "deadline": CHAINED["deadline"]}],
        [SERVER, {**PUBLIC, "not_before": SEALED_AT.isoformat()}],
        [SERVER, {name: value for name, value in PUBLIC.items() if name != "description"}],
        [SERVER, {**CHAINED, "fallback": []}],
        [SERVER, {**CHAINED, "fallback": "witness-2"}],
        [SERVER, {**CHAINED, "fallback": [LAST, BACKUP]}],
        [SERVER, {**CHAINED, "fallback": [{**BACKUP, "fallback": [LAST]}]}],
        [SERVER, {**CHAINED, "fallback": [{**BACKUP, "deadline": CHAINED["deadline"]}, LAST]}],
        [SERVER, {**CHAINED, "deadline": SEALED_AT.isoformat()}],
        [SERVER, {**CHAINED, "deadline": PUBLIC["not_before"]}],
        [SERVER, {**CHAINED, "fallback": [None]}],
    ],
    ids=str,
)
def test_a_plan_that_lets_someone_know_or_steer_the_seed_is_refused(plan: Any) -> None:
    with pytest.raises(InvalidPlan):
        entropy.check_plan(plan, SEALED_AT)


def test_a_value_in_its_time_is_admitted() -> None:
    admit("witness-1", SEALED_AT)
    admit("public-1", DUE)
    admit("public-1", DEADLINE)
    admit("witness-2", DEADLINE + timedelta(microseconds=1))
    admit("witness-3", DEADLINE + timedelta(hours=2))


@pytest.mark.parametrize("source", ["server", "stranger", ""])
def test_a_source_outside_the_plan_is_refused(source: str) -> None:
    with pytest.raises(UnknownSource):
        admit(source, DUE)


def test_no_source_and_no_chain_gives_a_second_value() -> None:
    with pytest.raises(AlreadyContributed):
        admit("witness-1", DUE, {"witness-1": "x"})
    with pytest.raises(AlreadyContributed):
        admit("witness-2", DEADLINE + timedelta(minutes=1), {"public-1": "x"})


@pytest.mark.parametrize(
    ("source", "at"),
    [
        ("public-1", DUE - timedelta(microseconds=1)),
        ("witness-2", DEADLINE),
        ("witness-3", DEADLINE + timedelta(hours=1)),
    ],
)
def test_an_early_value_or_fallback_is_refused(source: str, at: datetime) -> None:
    with pytest.raises(TooEarly):
        admit(source, at)


def test_a_source_that_missed_its_deadline_is_refused() -> None:
    with pytest.raises(TooLate):
        admit("public-1", DEADLINE + timedelta(microseconds=1))


def test_a_value_of_unacceptable_text_is_refused() -> None:
    with pytest.raises(InvalidValue):
        admit("witness-1", DUE, value="  dice")


def test_values_stand_in_plan_order_with_the_fallback_that_delivered() -> None:
    given = {"witness-2": "b", "witness-1": "a"}
    listed = entropy.in_plan_order(PLAN, SECRET.hex(), given)
    assert [(c["source"], c["value"]) for c in listed] == [
        ("server", SECRET.hex()),
        ("witness-1", "a"),
        ("witness-2", "b"),
    ]
    entropy.check_contributions("sha-256", PLAN, listed)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(IncompleteContributions) as error:
        entropy.in_plan_order(PLAN, SECRET.hex(), {"witness-1": "a"})
    assert error.value.extra["sources"] == ["public-1"]


GIVEN = entropy.in_plan_order(PLAN, SECRET.hex(), VALUES)


@pytest.mark.parametrize(
    ("contributions", "error"),
    [
        (GIVEN[:2], IncompleteContributions),
        (None, IncompleteContributions),
        ([GIVEN[0], GIVEN[2], GIVEN[1]], IncompleteContributions),
        ([GIVEN[0], GIVEN[1], {"source": "public-1", "value": ""}], InvalidValue),
        ([GIVEN[0], GIVEN[1], {"source": "public-1"}], InvalidValue),
        ([{"source": "server", "value": "00" * 32}, *GIVEN[1:]], WrongSecret),
        ([{"source": "server", "value": SECRET.hex().upper()}, *GIVEN[1:]], WrongSecret),
        ([{"source": "server", "value": "00"}, *GIVEN[1:]], WrongSecret),
    ],
)
def test_values_that_do_not_answer_the_plan_are_refused(contributions: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        entropy.check_contributions("sha-256", PLAN, contributions)

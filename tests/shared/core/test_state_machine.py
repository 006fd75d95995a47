"""A state machine from data allows what the data names, and nothing else."""

import pytest

from shared.core.state_machine import Machine, Transition


class NotAllowedError(Exception):
    pass


MACHINE = Machine(
    [
        Transition.model_validate({"event": "order", "from": None, "to": "ordered", "name_zh": "责令改正"}),
        Transition.model_validate({"event": "report", "from": ["ordered"], "to": "reported"}),
        Transition.model_validate({"event": "remind", "from": ["ordered", "reported"]}),
    ],
    NotAllowedError,
)


def test_an_event_leads_to_its_target() -> None:
    assert MACHINE.apply("ordered", "report").target == "reported"
    assert MACHINE.apply("reported", "remind").target is None


def test_an_event_that_the_state_does_not_allow_gives_the_error_of_the_service_with_what_is_allowed() -> None:
    with pytest.raises(NotAllowedError) as error:
        MACHINE.apply("reported", "report")
    assert error.value.args == ("reported", "report", ["remind"])
    assert MACHINE.allowed("ordered") == ["report", "remind"]


def test_the_event_that_creates_an_object_is_possible_in_no_state() -> None:
    assert MACHINE.transition("order").sources == frozenset()
    with pytest.raises(NotAllowedError):
        MACHINE.apply("ordered", "order")

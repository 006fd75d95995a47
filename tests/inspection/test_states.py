"""The state machines of the data and the enumerations of the code agree."""

from services.inspection.rules.states import INSPECTION, RECTIFICATION, InspectionEvent, InspectionState, RectificationEvent
from shared.core.state_machine import Machine, Transition
from shared.vocabulary import RectificationState


def reached(machine: Machine[Transition]) -> set[str | None]:
    return {machine.transition(event).target for event in machine.events()} - {None}


def test_every_event_of_the_inspection_is_in_the_data_and_the_other_way_round() -> None:
    assert set(INSPECTION.events()) == set(InspectionEvent)


def test_every_state_of_an_inspection_but_its_first_is_reached_by_an_event() -> None:
    assert reached(INSPECTION) == set(InspectionState) - {InspectionState.ASSIGNED}


def test_an_ended_inspection_allows_no_event() -> None:
    assert INSPECTION.allowed(InspectionState.COMPLETED) == INSPECTION.allowed(InspectionState.CANCELLED) == []


def test_the_events_and_states_of_a_rectification_are_those_of_its_data() -> None:
    assert set(RectificationEvent) <= set(RECTIFICATION.events())
    assert reached(RECTIFICATION) == set(RectificationState)

"""The state machines of a summary (summary_states.json) and of a disclosure (disclosure.json)."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final

from services.reporting.errors import DisclosureTransition, SummaryTransition
from services.reporting.rules.enums import SummaryState
from services.reporting.rules.reference_data import document
from shared.core.state_machine import IllegalTransition, Machine, Transition
from shared.vocabulary import DisclosureStatus


class SummaryEvent(StrEnum):
    """The events of summary_states.json."""

    SUPERSEDE = "supersede"
    SUBMIT = "submit"
    RETURN = "return"
    ACCEPT = "accept"
    MERGE = "merge"


class DisclosureEvent(StrEnum):
    """The events of disclosure.json."""

    REVIEW_SECRECY = "review_secrecy"
    APPROVE = "approve"
    PUBLISH = "publish"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


def _summary_error(state: str, event: str, _: list[str]) -> SummaryTransition:
    return SummaryTransition(f"the summary is {state}", state=state, event=event)


def _disclosure_error(state: str, event: str, _: list[str]) -> DisclosureTransition:
    return DisclosureTransition(f"it is {state}", state=state, event=event)


def _machine(transitions: Iterable[Mapping[str, Any]], error: IllegalTransition) -> Machine[Transition]:
    return Machine([Transition.model_validate(item) for item in transitions], error)


SUMMARY: Final = _machine(document("summary_states")["items"], _summary_error)
DISCLOSURE: Final = _machine(document("disclosure")["transitions"], _disclosure_error)


def summary_after(state: SummaryState, event: SummaryEvent) -> SummaryState:
    """The state of a summary after an event.

    Raises:
        SummaryTransition: the event is not possible in this state.
    """
    return SummaryState(SUMMARY.apply(state, event).target or state)


def disclosure_after(state: DisclosureStatus, event: DisclosureEvent) -> DisclosureStatus:
    """The state of a disclosure after an event.

    Raises:
        DisclosureTransition: the event is not possible in this state.
    """
    return DisclosureStatus(DISCLOSURE.apply(state, event).target or state)


def state_on(day: date, state: DisclosureStatus, expires_on: date | None) -> DisclosureStatus:
    """The state of a disclosure on a day: a publication whose term is over has expired, without anybody's act."""
    expired = expires_on is not None and expires_on <= day
    return DisclosureStatus.EXPIRED if expired and state is DisclosureStatus.PUBLISHED else state

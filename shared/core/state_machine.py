"""State machines read from data: which event leads from which states to which, and nothing else is possible."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Transition(BaseModel):
    """One event of a machine: `sources` is empty where it creates the object, `target` is None where the state stays."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    event: str
    sources: frozenset[str] = Field(alias="from")
    target: str | None = Field(default=None, alias="to")

    @field_validator("sources", mode="before")
    @classmethod
    def _none_creates(cls, sources: object) -> object:
        return () if sources is None else sources


T = TypeVar("T", bound=Transition)
IllegalTransition = Callable[[str, str, list[str]], Exception]
"""Makes the error of a service from state, event and the events that the state allows."""


class Machine(Generic[T]):
    """A state machine; a service names its error and, where a transition carries more data, the class of it."""

    def __init__(self, transitions: Iterable[T], error: IllegalTransition) -> None:
        """Allow these transitions and no others."""
        self._transitions = {transition.event: transition for transition in transitions}
        self._error = error

    def transition(self, event: str) -> T:
        """The transition of this event, whatever the state. Raises KeyError for an unknown event."""
        return self._transitions[event]

    def events(self) -> tuple[str, ...]:
        """Every event, in the order of the data."""
        return tuple(self._transitions)

    def allowed(self, state: str) -> list[str]:
        """The events that are possible in `state`, in the order of the data."""
        return [transition.event for transition in self._transitions.values() if state in transition.sources]

    def apply(self, state: str, event: str) -> T:
        """The transition of `event` from `state`.

        Raises:
            KeyError: the machine has no such event.
            Exception: the error of the service, when `state` does not allow the event.
        """
        transition = self._transitions[event]
        if state not in transition.sources:
            raise self._error(state, event, self.allowed(state))
        return transition

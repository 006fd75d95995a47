"""State machines as data: which step leads from where to where, who may take it, which clocks it starts, meets and waives."""

from collections.abc import Iterable
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from services.cases.errors import TransitionForbidden
from services.cases.rules.reference_data import document
from shared.vocabulary import Role


class Transition(BaseModel):
    """One step of a machine. `target` is None for what is put on record without a change of state."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    event: str
    sources: tuple[str, ...] = Field(alias="from")
    target: str | None = Field(default=None, alias="to")
    guards: tuple[str, ...]
    roles: tuple[Role, ...]
    starts_clocks: tuple[str, ...]
    meets_clocks: tuple[str, ...]
    waives_clocks: tuple[str, ...] = ()


class Machine:
    """A state machine read from a data file."""

    def __init__(self, transitions: Iterable[Transition]) -> None:
        """Know these steps and no others."""
        self._steps = {step.event: step for step in transitions}

    def step(self, event: str) -> Transition:
        """The step of this name, wherever it may be taken from."""
        return self._steps[event]

    def events(self) -> tuple[str, ...]:
        """The names of all steps."""
        return tuple(self._steps)

    def allowed(self, state: str) -> list[str]:
        """The steps that may follow `state`."""
        return [step.event for step in self._steps.values() if state in step.sources]

    def take(self, state: str, event: str) -> Transition:
        """The step from `state`.

        Raises:
            TransitionForbidden: there is none.
        """
        step = self._steps[event]
        if state not in step.sources:
            raise TransitionForbidden(f"{state} -> {event}", state=state, event=event, allowed=self.allowed(state))
        return step


@cache
def machine(name: str) -> Machine:
    """The machine of a data file: `case_states` or `criminal_states`."""
    table = document(name)
    return Machine(
        Transition.model_validate(item) for item in (*table["items"], *table.get("records", ()), *table.get("acts", ()))
    )


CASE, TRANSFER = "case_states", "criminal_states"

CLEARED_BY: dict[str, tuple[str, ...]] = {
    "submit_review": (
        "review",
        "serve_notice",
        "make_statement",
        "ask_hearing",
        "notify_hearing",
        "record_hearing",
        "review_after_hearing",
    ),
}
"""What an earlier round put on record and a new round begins without; the history keeps it."""


ACTS: tuple[str, ...] = tuple(item["event"] for item in document(CASE)["acts"])
"""What is put on record of a case with no more than a document, and starts or meets a clock."""


def roles(name: str, *events: str) -> tuple[Role, ...]:
    """Who may take any of these steps."""
    return tuple(dict.fromkeys(role for event in events for role in machine(name).step(event).roles))

"""State machines as data: which step leads from where to where, who may take it, which clocks it starts, meets and waives."""

from functools import cache

from services.cases.errors import TransitionForbidden
from services.cases.rules.reference_data import document
from shared.core import state_machine
from shared.core.state_machine import Machine
from shared.vocabulary import Role


class Transition(state_machine.Transition):
    """One step of a machine, by the law's own conditions, persons and clocks."""

    guards: tuple[str, ...]
    roles: tuple[Role, ...]
    starts_clocks: tuple[str, ...]
    meets_clocks: tuple[str, ...]
    waives_clocks: tuple[str, ...] = ()


@cache
def machine(name: str) -> Machine[Transition]:
    """The machine of a data file: `case_states` or `criminal_states`; it raises TransitionForbidden."""
    table = document(name)
    items = (*table["items"], *table.get("records", ()), *table.get("acts", ()))
    return Machine([Transition.model_validate(item) for item in items], _forbidden)


def _forbidden(state: str, event: str, allowed: list[str]) -> TransitionForbidden:
    return TransitionForbidden(f"{state} -> {event}", state=state, event=event, allowed=allowed)


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
    return tuple(dict.fromkeys(role for event in events for role in machine(name).transition(event).roles))

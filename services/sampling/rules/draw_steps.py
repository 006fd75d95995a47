"""Who may take which step of a draw, and after which: segregation of duties as the data of the procedure states it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from services.sampling.draw.frame import Frame, frame_root
from services.sampling.errors import DrawStepRefused, SamePerson, StepForbidden
from services.sampling.rules import reference_data
from shared.core.canonical import fingerprint
from shared.vocabulary import DrawKind, DrawState, Role

FROM: Final[Mapping[str, frozenset[DrawState]]] = {
    "freeze": frozenset({DrawState.DRAFT}),
    "approve": frozenset({DrawState.FRAME_FROZEN}),
    "seal": frozenset({DrawState.FRAME_FROZEN}),
    "contribute": frozenset({DrawState.COMMITTED}),
    "execute": frozenset({DrawState.COMMITTED}),
    "release": frozenset({DrawState.EXECUTED}),
    "abort": frozenset(DrawState) - {DrawState.ABORTED, DrawState.SUPERSEDED, DrawState.RELEASED},
    "approve_redraw": frozenset(DrawState) - {DrawState.ABORTED, DrawState.SUPERSEDED, DrawState.RELEASED},
    "redraw": frozenset({DrawState.ABORTED, DrawState.SUPERSEDED}),
    "publish": frozenset({DrawState.RELEASED}),
}
"""The states from which a step may be taken."""


def check_role(step: str, kind: DrawKind, role: Role) -> None:
    """Refuse a role that does not take this step of this kind of draw.

    Raises:
        StepForbidden: the procedure gives the step to others.
    """
    if role.value not in reference_data.step(step)["roles"][kind.value]:
        raise StepForbidden(f"{step}: {', '.join(reference_data.step(step)['roles'][kind.value])}")


def check_order(step: str, state: DrawState) -> None:
    """Refuse a step out of its order.

    Raises:
        DrawStepRefused: the draw stands elsewhere.
    """
    if state not in FROM[step]:
        raise DrawStepRefused(f"{step}: {state.value}", state=state.value)


def check_person(step: str, subject: str, people: Mapping[str, str], attempt: int = 1) -> None:
    """Refuse a person who may not take this step because of an earlier one; `people` says who took which.

    Raises:
        SamePerson: names the earlier step.
    """
    rules = reference_data.step(step)
    on_a_redraw = rules.get("not_same_person_on_redraw_as", []) if attempt > 1 else []
    for other in (*rules["not_same_person_as"], *on_a_redraw):
        if people.get(other) == subject:
            raise SamePerson(f"{step} / {other}", step=step, other=other)


def frozen(hash_name: str, units: Frame, exclusions: Sequence[Mapping[str, Any]], terms: Mapping[str, Any]) -> dict[str, Any]:
    """What the freeze fixes, so that the seal notices any change in between: root and size of the frame, and two digests."""
    return {
        "exclusions_digest": fingerprint(hash_name, exclusions),
        "frame_root": frame_root(hash_name, units),
        "frame_size": len(units),
        "terms_digest": fingerprint(hash_name, terms),
    }

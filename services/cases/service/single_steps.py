"""One step of what has only a few states in a row: a qualification matter, a letter, a copy, a clue to a duty crime."""

from collections.abc import Mapping
from typing import NamedTuple

from services.cases.errors import TransitionForbidden
from services.cases.models import DutyCrimeClue, Letter, MatterCopy, QualificationMatter
from services.cases.service import history
from shared.database.session import Session
from shared.security.auth import Caller


class Move(NamedTuple):
    """What is done, from which states, and to which it leads."""

    event: str
    sources: tuple[str, ...]
    target: str


SEND = Move("send", ("drafted",), "sent")


def take(
    session: Session,
    subject: tuple[str, QualificationMatter | Letter | MatterCopy | DutyCrimeClue],
    move: Move,
    by: Caller,
    content: Mapping[str, str],
) -> None:
    """Let a locked row (with its kind) take a step, and put it into its history.

    Raises:
        TransitionForbidden: its state does not allow it.
    """
    kind, row = subject
    before = row.state
    if before not in move.sources:
        raise TransitionForbidden(f"{before} -> {move.event}", state=before, event=move.event, allowed=[])
    row.state = move.target
    history.note(session, (kind, row.id), move.event, (before, move.target), by, content)

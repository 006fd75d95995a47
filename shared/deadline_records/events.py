"""What the services tell of deadlines, each in its own vocabulary, grouped by the organisation whose duty they are."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import Any, TypeVar

from shared.database.session import Session
from shared.deadline_records.subject import superior
from shared.deadline_records.tables import DeadlineRecord
from shared.events import events_of
from shared.events.base import Event
from shared.events.deadlines import Alert, Closed, Closing, Move, Moved, Warned
from shared.messaging import emit
from shared.vocabulary import DeadlineState

AT_ONCE = 1000
"""Most deadlines in one event, far below what the broker takes."""

_ABOUT = {"code", "subject_kind", "subject_id", "subject_no", "campaign_id", "city", "county", "due_on"}
Kind = TypeVar("Kind", bound=Event)


@cache
def _own(service: str, kind: type[Kind]) -> type[Kind]:
    """The event of this kind in a service's vocabulary."""
    (found,) = (event for event in events_of(service) if issubclass(event, kind))
    return found


def about(record: DeadlineRecord) -> dict[str, Any]:
    """A deadline as others hear of it."""
    return record.model_dump(include=_ABOUT) | {"deadline_id": record.id}


def warned(session: Session, office: str, warnings: Sequence[Alert]) -> None:
    """Tell thresholds that were reached, in their order."""
    for first in range(0, len(warnings), AT_ONCE):
        event = _own(session.database.service, Warned)
        emit(session, event(office=office, superior=superior(office), deadlines=tuple(warnings[first : first + AT_ONCE])))


def moved(session: Session, moves: Iterable[tuple[str, Move]]) -> None:
    """Tell that deadlines end on other days; each comes with its office."""
    by_office = sorted(moves, key=lambda one: one[0])
    for office, group in groupby(by_office, key=lambda one: one[0]):
        emit(session, _own(session.database.service, Moved)(office=office, deadlines=tuple(move for _, move in group)))


def closed(session: Session, record: DeadlineRecord, state: DeadlineState) -> None:
    """Tell that an overdue deadline is over."""
    closing = Closing(**about(record), state=state, closed_at=session.now)
    emit(session, _own(session.database.service, Closed)(office=record.office, deadlines=(closing,)))

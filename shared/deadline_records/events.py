"""The events of deadlines, each published as the subclass of the service, grouped by the organisation that has to act."""

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

MAX_PER_EVENT = 1000
"""Most deadlines in one event, far below the broker's limit of a message."""

_REFERENCE = {"code", "subject_kind", "subject_id", "subject_no", "campaign_id", "city", "county", "due_on"}
EventType = TypeVar("EventType", bound=Event)


@cache
def _event_class(service: str, base: type[EventType]) -> type[EventType]:
    """The service's subclass of this event."""
    (subclass,) = (event for event in events_of(service) if issubclass(event, base))
    return subclass


def reference_fields(record: DeadlineRecord) -> dict[str, Any]:
    """The fields of a `DeadlineReference`."""
    return record.model_dump(include=_REFERENCE) | {"deadline_id": record.id}


def publish_warnings(session: Session, office: str, alerts: Sequence[Alert]) -> None:
    """Publish thresholds that were reached by deadlines of one organisation, in their order."""
    for first in range(0, len(alerts), MAX_PER_EVENT):
        event = _event_class(session.database.service, Warned)
        emit(session, event(office=office, superior=superior(office), deadlines=tuple(alerts[first : first + MAX_PER_EVENT])))


def publish_moves(session: Session, moves: Iterable[tuple[str, Move]]) -> None:
    """Publish that deadlines end on other days; each comes with its office."""
    by_office = sorted(moves, key=lambda move: move[0])
    for office, group in groupby(by_office, key=lambda move: move[0]):
        event = _event_class(session.database.service, Moved)
        emit(session, event(office=office, deadlines=tuple(move for _, move in group)))


def publish_closing(session: Session, record: DeadlineRecord, state: DeadlineState) -> None:
    """Publish that an overdue deadline is over."""
    closing = Closing(**reference_fields(record), state=state, closed_at=session.now)
    emit(session, _event_class(session.database.service, Closed)(office=record.office, deadlines=(closing,)))

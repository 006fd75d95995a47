"""Warnings that are due before the scheduler has come to them: a change of the deadline publishes them first."""

from shared.database.session import Session
from shared.deadline_records import events, history
from shared.deadline_records.computation import ELAPSED
from shared.deadline_records.tables import DeadlineRecord
from shared.events.deadlines import Alert
from shared.security.auth import SYSTEM
from shared.vocabulary import DeadlineState


def publish_pending(session: Session, record: DeadlineRecord) -> None:
    """Publish the warnings of a locked deadline that are due by now, in their order."""
    count = sum(at <= session.now for at in record.warn_at)
    if not count:
        return
    reached = list(zip(record.warning_thresholds[:count], record.warn_at[:count], strict=True))
    record.warning_thresholds, record.warn_at = record.warning_thresholds[count:], record.warn_at[count:]
    record.next_at = record.warn_at[0] if record.warn_at else None
    record.warned = [*record.warned, *(threshold for threshold, _ in reached)]
    record.state = _state_after(record, [threshold for threshold, _ in reached])
    for threshold, at in reached:
        history.add_entry(session, record, "warned", SYSTEM, threshold=threshold, at=at)
    reference = events.reference_fields(record)
    alerts = [Alert(**reference, threshold=threshold, at=at) for threshold, at in reached]
    events.publish_warnings(session, record.office, alerts)


def _state_after(record: DeadlineRecord, reached: list[str]) -> DeadlineState:
    """The state once these thresholds have been published."""
    if ELAPSED in reached:
        record.met_at = record.overdue_from
        return DeadlineState.MET
    return DeadlineState.OVERDUE if "overdue" in reached else record.state

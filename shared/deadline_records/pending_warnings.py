"""An act may come before the scheduler has told what is due: then it is told first, by the act itself."""

from shared.database.session import Session
from shared.deadline_records import events, history
from shared.deadline_records.computation import ELAPSED
from shared.deadline_records.tables import DeadlineRecord
from shared.events.deadlines import Alert
from shared.security.auth import SYSTEM
from shared.vocabulary import DeadlineState


def catch_up(session: Session, record: DeadlineRecord) -> None:
    """Tell the warnings of a locked deadline that are due by now, in their order."""
    count = sum(at <= session.now for at in record.warn_at)
    if not count:
        return
    reached = list(zip(record.warn_what[:count], record.warn_at[:count], strict=True))
    record.warn_what, record.warn_at = record.warn_what[count:], record.warn_at[count:]
    record.next_at = record.warn_at[0] if record.warn_at else None
    record.told = [*record.told, *(what for what, _ in reached)]
    record.state = state_after(record, [what for what, _ in reached])
    for what, at in reached:
        history.note(session, record, "warned", SYSTEM, threshold=what, at=at)
    about = events.about(record)
    events.warned(session, record.office, [Alert(**about, threshold=what, at=at) for what, at in reached])


def state_after(record: DeadlineRecord, reached: list[str]) -> DeadlineState:
    """The state once these thresholds have been told."""
    if ELAPSED in reached:
        record.met_at = record.overdue_from
        return DeadlineState.MET
    return DeadlineState.OVERDUE if "overdue" in reached else record.state

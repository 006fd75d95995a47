"""A deadline is met by the act it waited for, or waived when the act is no longer owed."""

from collections.abc import Sequence
from uuid import UUID

from shared.database.session import Session
from shared.deadline_records import events, history
from shared.deadline_records.changes import open_deadlines_of, require_not_excluded
from shared.deadline_records.computation import clear_warnings, rules
from shared.deadline_records.errors import ActTooLate, DeadlineIsClosed
from shared.deadline_records.pending_warnings import publish_pending
from shared.deadline_records.tables import OPEN, DeadlineRecord
from shared.security.auth import SYSTEM, Caller
from shared.vocabulary import DeadlineState


async def meet(
    session: Session, subject_id: UUID, codes: Sequence[str], *, by: Caller = SYSTEM, accept_late: bool = False
) -> list[DeadlineRecord]:
    """The act that these deadlines of a subject waited for has happened; a late one is marked as late.

    `accept_late`: the act happened elsewhere and is only recorded here, so it cannot be rejected.

    Raises:
        ActTooLate: the rule accepts no late act.
    """
    if not codes:
        return []
    records = [record for record in await open_deadlines_of(session, subject_id, codes) if not _is_over(session, record)]
    for record in records:
        record.late = record.overdue_from is not None and session.now >= record.overdue_from
        if record.late and not accept_late and rules().versions(record.code)[-1].late == "refuse":
            raise ActTooLate(f"{record.code}: {record.due_on}", due_on=str(record.due_on), deadline=record.code)
        _close(session, record, DeadlineState.MET, by, late=record.late)
    return records


async def waive(session: Session, subject_id: UUID, codes: Sequence[str] | None, reason: str, *, by: Caller = SYSTEM) -> None:
    """The act is no longer owed, for this reason; `codes` None means every open deadline of the subject."""
    for record in await open_deadlines_of(session, subject_id, codes):
        waive_record(session, record, reason, by=by)


def waive_by_decision(session: Session, record: DeadlineRecord, reason: str, *, by: Caller) -> None:
    """A person decides that the act of a locked deadline is no longer owed.

    Raises:
        DeadlineIsClosed: it is over already.
        GranterHandles: the caller handles the matter.
    """
    if record.state not in OPEN:
        raise DeadlineIsClosed(state=record.state.value)
    require_not_excluded(record, by)
    waive_record(session, record, reason, by=by)


def waive_record(session: Session, record: DeadlineRecord, reason: str, *, by: Caller) -> None:
    """Waive a locked deadline; one that has elapsed meanwhile stays met."""
    if not _is_over(session, record):
        _close(session, record, DeadlineState.WAIVED, by, reason=reason)


def _is_over(session: Session, record: DeadlineRecord) -> bool:
    """Whether the warnings that are due, published first, end the deadline by themselves."""
    publish_pending(session, record)
    return record.state not in OPEN


def _close(session: Session, record: DeadlineRecord, state: DeadlineState, by: Caller, **content: object) -> None:
    was_overdue = record.state is DeadlineState.OVERDUE
    record.state = state
    record.met_at, record.waived_at = (session.now, None) if state is DeadlineState.MET else (None, session.now)
    clear_warnings(record)
    history.add_entry(session, record, state.value, by, **content)
    if was_overdue:
        events.publish_closing(session, record, state)

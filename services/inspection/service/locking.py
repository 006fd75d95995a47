"""Load and lock: every act begins here."""

from uuid import UUID

from sqlmodel import col, select

from services.inspection.errors import InspectionNotFound
from services.inspection.models import Inspection, Rectification
from services.inspection.queries import findings
from services.inspection.queries.visibility import visible
from services.inspection.rules import states
from services.inspection.rules.states import InspectionEvent
from shared.core.errors import StaleVersion
from shared.database.session import Session
from shared.security.auth import Caller


async def lock_inspection(session: Session, inspection_id: UUID, *, by: Caller) -> Inspection:
    """The inspection, locked until the transaction ends.

    Raises:
        InspectionNotFound: the caller sees no such inspection.
    """
    rows = select(Inspection).where(col(Inspection.id) == inspection_id, visible(by)).with_for_update()
    inspection = (await session.exec(rows)).one_or_none()
    if inspection is None:
        raise InspectionNotFound
    return inspection


async def lock_for_record(session: Session, inspection_id: UUID, *, by: Caller) -> Inspection:
    """The same, for the team that writes its record: an inspector sees no inspections but those of his teams.

    Raises:
        InspectionNotFound: the caller sees no such inspection.
        TransitionForbidden: the record is not open.
    """
    inspection = await lock_inspection(session, inspection_id, by=by)
    states.require_allowed(inspection.state, InspectionEvent.RECORD)
    return inspection


async def lock_rectification(session: Session, rectification_id: UUID, *, by: Caller) -> tuple[Rectification, Inspection]:
    """The rectification, read again after its inspection was locked, and the inspection.

    Raises:
        RectificationNotFound: the caller sees no such rectification.
    """
    rectification = await findings.get_rectification(session, rectification_id, by=by)
    inspection = await lock_inspection(session, rectification.inspection_id, by=by)
    await session.refresh(rectification)
    return rectification, inspection


def require_version(inspection: Inspection, expected: int) -> None:
    """Reject an edit of an older version.

    Raises:
        StaleVersion: the inspection has changed since.
    """
    if inspection.version != expected:
        raise StaleVersion(version=inspection.version)


def apply_event(inspection: Inspection, event: InspectionEvent) -> None:
    """Put the inspection into the state after `event`, as a new version.

    Raises:
        TransitionForbidden: the state does not allow the event.
    """
    inspection.state = states.next_state(inspection.state, event)
    inspection.version += 1

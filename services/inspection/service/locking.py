"""Load and lock: every act begins here."""

from uuid import UUID

from sqlmodel import col, select

from services.inspection.errors import InspectionNotFound
from services.inspection.models import Inspection, Rectification
from services.inspection.queries import findings
from services.inspection.queries.visibility import visible
from services.inspection.rules import states
from services.inspection.rules.states import Act
from shared.core.errors import StaleVersion
from shared.database.session import Session
from shared.security.auth import Caller


async def locked(session: Session, inspection_id: UUID, by: Caller) -> Inspection:
    """The inspection, held until the transaction ends.

    Raises:
        InspectionNotFound: the caller sees no such inspection.
    """
    rows = select(Inspection).where(col(Inspection.id) == inspection_id, visible(by)).with_for_update()
    found = (await session.exec(rows)).one_or_none()
    if found is None:
        raise InspectionNotFound
    return found


async def locked_for_team(session: Session, inspection_id: UUID, by: Caller) -> Inspection:
    """The same, for the team that is writing its record: an inspector finds no inspection but those of his teams.

    Raises:
        InspectionNotFound: the caller sees no such inspection.
        TransitionForbidden: the record is not open.
    """
    inspection = await locked(session, inspection_id, by)
    states.after(Act.RECORD, inspection.state)
    return inspection


async def locked_rectification(session: Session, rectification_id: UUID, by: Caller) -> tuple[Rectification, Inspection]:
    """The order to correct as it is once its inspection is held, and the inspection.

    Raises:
        RectificationNotFound: the caller sees no such order.
    """
    found = await findings.rectification(session, rectification_id, by)
    inspection = await locked(session, found.inspection_id, by)
    await session.refresh(found)
    return found, inspection


def require_version(inspection: Inspection, expected: int) -> None:
    """Refuse an edit of an older version.

    Raises:
        StaleVersion: the inspection has changed since.
    """
    if inspection.version != expected:
        raise StaleVersion(version=inspection.version)


def move(inspection: Inspection, act: Act) -> None:
    """Put the inspection into the state that follows the act, as a new version.

    Raises:
        TransitionForbidden: the act is not possible now.
    """
    inspection.state = states.after(act, inspection.state)
    inspection.version += 1

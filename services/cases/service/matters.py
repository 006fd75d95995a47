"""Matters of qualification on their way from the city over the province to SAMR, and copies to other departments."""

from collections.abc import Mapping
from uuid import UUID

from services.cases import queries
from services.cases.errors import CopyNotFound, MatterNotFound
from services.cases.models import MatterCopy, QualificationMatter
from services.cases.service import single_steps
from services.cases.service.single_steps import Move
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.events.cases import MatterCopied, QualificationMatterReported, QualificationMatterReturned
from shared.messaging import emit
from shared.security.auth import Caller
from shared.vocabulary import OrgLevel

_SUBMIT = Move("submitted", ("open", "returned"), "submitted")
_RETURN = Move("returned", ("submitted",), "returned")
_REPORT = Move("reported", ("submitted",), "reported")


async def submit(session: Session, matter_id: UUID, opinion: str, *, by: Caller) -> QualificationMatter:
    """Submit a matter from the city to the province.

    Raises:
        MatterNotFound: the caller's jurisdiction does not reach it.
        TransitionForbidden: it lies with the province, or has been reported.
    """
    matter = await _moved(session, matter_id, by, _SUBMIT, {"opinion": opinion})
    matter.opinion, matter.submitted_on = opinion, legal_day(session.now)
    _publish(session, matter, OrgLevel.PROVINCIAL)
    return matter


async def send_back(session: Session, matter_id: UUID, ground: str, *, by: Caller) -> QualificationMatter:
    """Return a matter from the province to the city, which may submit it again.

    Raises:
        MatterNotFound: there is no such matter.
        TransitionForbidden: it does not lie with the province.
    """
    matter = await _moved(session, matter_id, by, _RETURN, {"ground": ground})
    matter.return_ground, matter.returned_on = ground, legal_day(session.now)
    whose = {"matter_id": matter.id, "finding_id": matter.finding_id, "campaign_id": matter.campaign_id}
    emit(session, QualificationMatterReturned(**whose, ground=ground, returned_on=matter.returned_on))
    return matter


async def report(session: Session, matter_id: UUID, document_no: str, *, by: Caller) -> QualificationMatter:
    """Report a matter from the province to SAMR.

    Raises:
        MatterNotFound: there is no such matter.
        TransitionForbidden: the city has not submitted it, or it has been reported before.
    """
    matter = await _moved(session, matter_id, by, _REPORT, {"document_no": document_no})
    matter.document_no, matter.reported_on = document_no, legal_day(session.now)
    _publish(session, matter, OrgLevel.NATIONAL)
    return matter


async def send_copy(session: Session, copy_id: UUID, department: str, content: str, *, by: Caller) -> MatterCopy:
    """Copy a matter to the department that is competent for it.

    Raises:
        CopyNotFound: the caller's jurisdiction does not reach it.
        TransitionForbidden: it has been sent before.
    """
    copy = await queries.locked(session, MatterCopy, copy_id, by, CopyNotFound)
    single_steps.take(session, ("copy", copy), single_steps.SEND, by, {"department": department})
    copy.department, copy.content, copy.copied_on = department, content, legal_day(session.now)
    whose = {"copy_id": copy.id, "finding_id": copy.finding_id, "campaign_id": copy.campaign_id}
    emit(session, MatterCopied(**whose, department=department, copied_on=copy.copied_on))
    return copy


async def _moved(session: Session, matter_id: UUID, by: Caller, move: Move, content: Mapping[str, str]) -> QualificationMatter:
    matter = await queries.locked(session, QualificationMatter, matter_id, by, MatterNotFound)
    single_steps.take(session, ("matter", matter), move, by, content)
    return matter


def _publish(session: Session, matter: QualificationMatter, level: OrgLevel) -> None:
    emit(
        session,
        QualificationMatterReported(
            matter_id=matter.id,
            finding_id=matter.finding_id,
            campaign_id=matter.campaign_id,
            city=matter.city,
            body_code=matter.body_code,
            body_name=matter.body_name,
            violation_type=matter.violation_type,
            level=level,
            reported_on=legal_day(session.now),
        ),
    )

"""What a confirmed finding sets in motion, and what a failed rectification adds to it."""

from typing import TypedDict
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from services.cases.models import CriminalTransfer, FailedRectification, Finding, Letter, MatterCopy, QualificationMatter
from services.cases.rules import routing
from services.cases.rules.record import TransferRecord
from services.cases.rules.routing import Matter, Route
from services.cases.rules.transfer_steps import Suspicion
from services.cases.service import cases, history
from shared.core.clock import legal_day
from shared.core.ids import new_id
from shared.database.session import Session, lock
from shared.events.inspection import FindingConfirmed, RectificationFailed
from shared.security.auth import SYSTEM
from shared.vocabulary import FindingSeverity, RespondentType, TransferStatus

REVIEWED, NOT_RECTIFIED = "finding_confirmed", "rectification_failed"


class _Origin(TypedDict):
    id: UUID
    finding_id: UUID
    campaign_id: UUID
    city: str
    county: str


async def confirm(session: Session, event: FindingConfirmed) -> None:
    """Send a confirmed finding on all its ways; a second delivery changes nothing."""
    await lock(session, f"finding:{event.finding_id}")
    if await _known(session, event):
        return
    matter = _matter(event)
    ways = routing.routes(matter)
    if Route.ENFORCEMENT in ways or await _failed(session, event):
        await cases.open_case(session, event, REVIEWED if Route.ENFORCEMENT in ways else NOT_RECTIFIED)
    if Route.CRIMINAL in ways:
        await _suspect(session, event, routing.crime(matter) or "")
    if Route.QUALIFICATION in ways:
        _open(session, "matter", _qualification(event))
    if Route.LETTER in ways:
        _open(session, "letter", _letter(event))
    if Route.COPY in ways:
        _open(session, "copy", _copy(event))


async def rectification_failed(session: Session, event: RectificationFailed) -> None:
    """Make a case of the finding whose rectification failed, now or as soon as the finding is known."""
    await lock(session, f"finding:{event.finding_id}")
    kept = {"id": event.rectification_id, "finding_id": event.finding_id, "failed_on": event.failed_on, "reason": event.reason}
    await session.exec(insert(FailedRectification).values(kept).on_conflict_do_nothing())
    finding = await session.get(Finding, event.finding_id)
    if finding is None:
        return
    if _may_become_a_case(finding.event):
        await cases.open_case(session, finding.event, NOT_RECTIFIED)


async def _known(session: Session, event: FindingConfirmed) -> bool:
    kept = {
        "id": event.finding_id,
        "campaign_id": event.campaign_id,
        "city": event.object.city,
        "county": event.object.county,
        "event": event,
    }
    stored = insert(Finding).values(kept).on_conflict_do_nothing().returning(col(Finding.id))
    return (await session.exec(stored)).first() is None


async def _failed(session: Session, event: FindingConfirmed) -> bool:
    query = select(FailedRectification.id).where(col(FailedRectification.finding_id) == event.finding_id).limit(1)
    return _may_become_a_case(event) and (await session.exec(query)).first() is not None


def _may_become_a_case(event: FindingConfirmed) -> bool:
    """Advice is never a violation, and only the object is ordered to rectify."""
    return event.severity is not FindingSeverity.ADVICE and event.respondent_type is RespondentType.OBJECT


def _matter(event: FindingConfirmed) -> Matter:
    return Matter(
        respondent=event.respondent_type,
        severity=event.severity,
        violation_type=event.violation_type,
        measures=event.measures,
        suspected_crime=event.suspected_crime,
        goods_value_fen=event.goods_value_fen,
        sales_amount_fen=event.sales_amount_fen,
    )


async def _suspect(session: Session, event: FindingConfirmed, ground: str) -> None:
    case = await cases.open_case(session, event, REVIEWED)
    transfer = CriminalTransfer(
        **_whose(event),
        case_id=case.id,
        state=TransferStatus.SUSPECTED,
        ground=ground,
        suspected_on=legal_day(session.now),
        record=TransferRecord().after(Suspicion(ground=ground)),
    )
    _open(session, "transfer", transfer, Suspicion.event)


def _qualification(event: FindingConfirmed) -> QualificationMatter:
    return QualificationMatter(
        **_whose(event),
        state="open",
        respondent_type=event.respondent_type,
        respondent_name=event.respondent_name,
        body_code=event.certificate.body_code,
        body_name=event.certificate.body_name,
        violation_type=event.violation_type or "",
        fact=event.fact,
    )


def _letter(event: FindingConfirmed) -> Letter:
    return Letter(
        **_whose(event),
        state="drafted",
        certificate_no=event.certificate.certificate_no,
        body_code=event.certificate.body_code,
        body_name=event.certificate.body_name,
        fact=event.fact,
    )


def _copy(event: FindingConfirmed) -> MatterCopy:
    return MatterCopy(**_whose(event), state="drafted", fact=event.fact)


def _whose(event: FindingConfirmed) -> _Origin:
    return {
        "id": new_id(),
        "finding_id": event.finding_id,
        "campaign_id": event.campaign_id,
        "city": event.object.city,
        "county": event.object.county,
    }


def _open(
    session: Session, kind: str, row: CriminalTransfer | QualificationMatter | Letter | MatterCopy, event: str = "receive"
) -> None:
    session.add(row)
    history.note(session, (kind, row.id), event, (None, row.state), SYSTEM, {"finding_id": str(row.finding_id)})

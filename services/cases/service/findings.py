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


async def confirm(session: Session, told: FindingConfirmed) -> None:
    """Send a confirmed finding on all its ways; a second telling changes nothing."""
    await lock(session, f"finding:{told.finding_id}")
    if await _known(session, told):
        return
    matter = _matter(told)
    ways = routing.routes(matter)
    if Route.ENFORCEMENT in ways or await _failed(session, told):
        await cases.open_case(session, told, REVIEWED if Route.ENFORCEMENT in ways else NOT_RECTIFIED)
    if Route.CRIMINAL in ways:
        await _suspect(session, told, routing.crime(matter) or "")
    if Route.QUALIFICATION in ways:
        _open(session, "matter", _qualification(told))
    if Route.LETTER in ways:
        _open(session, "letter", _letter(told))
    if Route.COPY in ways:
        _open(session, "copy", _copy(told))


async def rectification_failed(session: Session, told: RectificationFailed) -> None:
    """Make a case of the finding whose rectification failed, now or as soon as the finding is known."""
    await lock(session, f"finding:{told.finding_id}")
    kept = {"id": told.rectification_id, "finding_id": told.finding_id, "failed_on": told.failed_on, "reason": told.reason}
    await session.exec(insert(FailedRectification).values(kept).on_conflict_do_nothing())
    finding = await session.get(Finding, told.finding_id)
    if finding is None:
        return
    if _may_become_a_case(finding.told):
        await cases.open_case(session, finding.told, NOT_RECTIFIED)


async def _known(session: Session, told: FindingConfirmed) -> bool:
    kept = {
        "id": told.finding_id,
        "campaign_id": told.campaign_id,
        "city": told.object.city,
        "county": told.object.county,
        "told": told,
    }
    stored = insert(Finding).values(kept).on_conflict_do_nothing().returning(col(Finding.id))
    return (await session.exec(stored)).first() is None


async def _failed(session: Session, told: FindingConfirmed) -> bool:
    query = select(FailedRectification.id).where(col(FailedRectification.finding_id) == told.finding_id).limit(1)
    return _may_become_a_case(told) and (await session.exec(query)).first() is not None


def _may_become_a_case(told: FindingConfirmed) -> bool:
    """Advice is never a violation, and only the object is ordered to rectify."""
    return told.severity is not FindingSeverity.ADVICE and told.respondent_type is RespondentType.OBJECT


def _matter(told: FindingConfirmed) -> Matter:
    return Matter(
        respondent=told.respondent_type,
        severity=told.severity,
        violation_type=told.violation_type,
        measures=told.measures,
        suspected_crime=told.suspected_crime,
        goods_value_fen=told.goods_value_fen,
        sales_amount_fen=told.sales_amount_fen,
    )


async def _suspect(session: Session, told: FindingConfirmed, ground: str) -> None:
    case = await cases.open_case(session, told, REVIEWED)
    transfer = CriminalTransfer(
        **_whose(told),
        case_id=case.id,
        state=TransferStatus.SUSPECTED,
        ground=ground,
        suspected_on=legal_day(session.now),
        record=TransferRecord().after(Suspicion(ground=ground)),
    )
    _open(session, "transfer", transfer, Suspicion.event)


def _qualification(told: FindingConfirmed) -> QualificationMatter:
    return QualificationMatter(
        **_whose(told),
        state="open",
        respondent_type=told.respondent_type,
        respondent_name=told.respondent_name,
        body_code=told.certificate.body_code,
        body_name=told.certificate.body_name,
        violation_type=told.violation_type or "",
        fact=told.fact,
    )


def _letter(told: FindingConfirmed) -> Letter:
    return Letter(
        **_whose(told),
        state="drafted",
        certificate_no=told.certificate.certificate_no,
        body_code=told.certificate.body_code,
        body_name=told.certificate.body_name,
        fact=told.fact,
    )


def _copy(told: FindingConfirmed) -> MatterCopy:
    return MatterCopy(**_whose(told), state="drafted", fact=told.fact)


def _whose(told: FindingConfirmed) -> _Origin:
    return {
        "id": new_id(),
        "finding_id": told.finding_id,
        "campaign_id": told.campaign_id,
        "city": told.object.city,
        "county": told.object.county,
    }


def _open(
    session: Session, kind: str, row: CriminalTransfer | QualificationMatter | Letter | MatterCopy, event: str = "receive"
) -> None:
    session.add(row)
    history.note(session, (kind, row.id), event, (None, row.state), SYSTEM, {"finding_id": str(row.finding_id)})

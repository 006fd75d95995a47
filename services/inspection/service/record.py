"""On site: answers, the record, findings."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.inspection import errors
from services.inspection.models import Certificate, Evidence, Finding, Inspection
from services.inspection.queries import findings as reading
from services.inspection.queries import inspections, replica
from services.inspection.rules import findings as rule
from services.inspection.rules import reference_data, submission
from services.inspection.schemas.findings import FindingIn
from services.inspection.schemas.inspections import AnswersIn, RecordIn
from services.inspection.service.locking import locked_for_team, require_version
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.security import audit
from shared.security.auth import Caller
from shared.vocabulary import RespondentType


async def answer(session: Session, inspection_id: UUID, body: AnswersIn, *, version: int, by: Caller) -> Inspection:
    """Replace the answers to the checklist."""
    inspection = await locked_for_team(session, inspection_id, by)
    require_version(inspection, version)
    checklist = reference_data.checklist(inspection.checklist_version)
    for given in body.answers:
        submission.require_answer(checklist, given.code, given.answer, given.note)
    inspection.answers = {given.code: {"answer": given.answer, "note": given.note} for given in body.answers}
    inspection.version += 1
    audit.record(session, by, "checklist.answered", inspection_id, answers=len(body.answers))
    return inspection


async def write_record(session: Session, inspection_id: UUID, body: RecordIn, *, version: int, by: Caller) -> Inspection:
    """Replace what the sheet says besides the findings."""
    inspection = await locked_for_team(session, inspection_id, by)
    require_version(inspection, version)
    inspection.record = body.model_dump(mode="json")
    inspection.version += 1
    audit.record(session, by, "inspection.recorded", inspection_id, integrity_declared=body.integrity_declared)
    return inspection


async def find(session: Session, inspection_id: UUID, body: FindingIn, *, by: Caller) -> Finding:
    """Record a problem, as far as the rules allow it to be held against its respondent."""
    inspection = await locked_for_team(session, inspection_id, by)
    await _require_own_evidence(session, inspection, body)
    about = await _certificate(session, inspection, body.certificate_no)
    certificate_no, product = about["certificate_no"], body.product_category_code or about["product_category_code"]
    status = await replica.status_for(session, inspection, certificate_no, body.act_on, body.model)
    checklist = reference_data.checklist(inspection.checklist_version)
    facts = rule.Facts(checklist, legal_day(session.now), await replica.obligation(session, product), status)
    judged = rule.judge(_claim(body), facts)
    respondent_id, respondent_name = _respondent(inspection, body, about)
    finding = Finding(
        **body.model_dump(include=_AS_STATED),
        inspection_id=inspection_id,
        no=await inspections.next_no(session, Finding, inspection_id),
        focus_point=judged.focus_point,
        respondent_id=respondent_id,
        respondent_name=respondent_name,
        violation_type=judged.violation_type,
        legal_basis=reference_data.cited(judged.item.basis),
        certificate_no=certificate_no,
        product_category_code=product,
        certificate_status=status,
        measures=[measure.value for measure in body.measures],
        evidence_ids=[str(one) for one in body.evidence_ids],
        rectify_days=judged.rectify_days,
        recorded_by=by.subject,
        recorded_at=session.now,
    )
    session.add(finding)
    audit.record(session, by, "finding.recorded", finding.id, inspection=str(inspection_id), code=body.checklist_code)
    return finding


_AS_STATED = {
    "checklist_code",
    "respondent_type",
    "severity",
    "fact",
    "act_on",
    "model",
    "goods_value_fen",
    "sales_amount_fen",
    "suspected_crime",
    "requirement",
    "cause",
    "guidance",
}


def _claim(body: FindingIn) -> rule.Claim:
    return rule.Claim(
        checklist_code=body.checklist_code,
        focus_point=body.focus_point,
        respondent_type=body.respondent_type,
        violation_type=body.violation_type,
        severity=body.severity,
        act_on=body.act_on,
        measures=frozenset(body.measures),
        suspected_crime=body.suspected_crime,
        requirement=body.requirement,
        rectify_days=body.rectify_days,
        evidence=len(body.evidence_ids),
    )


async def _require_own_evidence(session: Session, inspection: Inspection, body: FindingIn) -> None:
    rows = select(Evidence.id).where(col(Evidence.inspection_id) == inspection.id)
    if not set(body.evidence_ids) <= set((await session.exec(rows)).all()):
        raise errors.EvidenceRequired("not evidence of this inspection", pointer="/evidence_ids")


async def _certificate(session: Session, inspection: Inspection, certificate_no: str | None) -> Mapping[str, Any]:
    """The certificate that a finding is about: the drawn one, or another one that the registry has told of."""
    if certificate_no in {None, inspection.certificate_no}:
        return inspection.certificate
    found = await session.get(Certificate, certificate_no)
    if found is None:
        raise errors.UnknownCertificate(pointer="/certificate_no")
    return found.model_dump()


def _respondent(inspection: Inspection, body: FindingIn, about: Mapping[str, Any]) -> tuple[str, str]:
    """Who answers for it: the object itself, by default the body of the certificate, else whoever is named."""
    if body.respondent_type is RespondentType.OBJECT:
        return inspection.uscc, inspection.object["name"]
    if body.respondent_id and body.respondent_name:
        return body.respondent_id, body.respondent_name
    if body.respondent_type is not RespondentType.CERT_BODY:
        raise errors.RespondentNotAllowed("respondent_id and respondent_name are needed", pointer="/respondent_id")
    return about["body_code"], about["body_name"]


async def withdraw(session: Session, finding_id: UUID, reason: str, *, by: Caller) -> Finding:
    """Take a finding back before it is submitted; it stays in the record as withdrawn."""
    finding = await reading.finding(session, finding_id, by)
    await locked_for_team(session, finding.inspection_id, by)
    finding.withdrawn_at, finding.withdrawal_reason = session.now, reason
    audit.record(session, by, "finding.withdrawn", finding_id, reason=reason)
    return finding

"""The record written on site: checklist answers, the record itself, findings."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.inspection import errors
from services.inspection.models import Certificate, Evidence, Finding, Inspection
from services.inspection.queries import findings as queries
from services.inspection.queries import inspections, replica
from services.inspection.rules import findings as finding_rules
from services.inspection.rules import reference_data, submission
from services.inspection.schemas.findings import FindingIn
from services.inspection.schemas.inspections import AnswersIn, RecordIn
from services.inspection.service.locking import lock_for_record, require_version
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.security import audit
from shared.security.auth import Caller
from shared.vocabulary import CertificateStatus, RespondentType


async def replace_answers(session: Session, inspection_id: UUID, body: AnswersIn, *, version: int, by: Caller) -> Inspection:
    """Replace the answers to the checklist.

    Raises:
        InspectionNotFound: the caller sees no such inspection.
        TransitionForbidden: the record is not open.
        StaleVersion: the inspection has changed since the caller read it.
        ChecklistVersionUnavailable: the campaign's checklist version is not on this platform.
        UnknownChecklistCode: the checklist has no such item.
        AnswerNeedsNote: an item that was not checked has no reason.
    """
    inspection = await lock_for_record(session, inspection_id, by=by)
    require_version(inspection, version)
    checklist = reference_data.checklist(inspection.checklist_version)
    for answer in body.answers:
        submission.require_answer(checklist, answer.code, answer.answer, answer.note)
    inspection.answers = {answer.code: {"answer": answer.answer, "note": answer.note} for answer in body.answers}
    inspection.version += 1
    audit.record(session, by, "checklist.answered", inspection_id, answers=len(body.answers))
    return inspection


async def replace_record(session: Session, inspection_id: UUID, body: RecordIn, *, version: int, by: Caller) -> Inspection:
    """Replace the content of the confirmation sheet besides the findings.

    Raises:
        InspectionNotFound: the caller sees no such inspection.
        TransitionForbidden: the record is not open.
        StaleVersion: the inspection has changed since the caller read it.
    """
    inspection = await lock_for_record(session, inspection_id, by=by)
    require_version(inspection, version)
    inspection.record = body.model_dump(mode="json")
    inspection.version += 1
    audit.record(session, by, "inspection.recorded", inspection_id, integrity_declared=body.integrity_declared)
    return inspection


async def record_finding(session: Session, inspection_id: UUID, body: FindingIn, *, by: Caller) -> Finding:
    """Record a problem against its respondent.

    Raises:
        InspectionNotFound: the caller sees no such inspection.
        TransitionForbidden: the record is not open.
        EvidenceRequired: a piece of evidence is not of this inspection.
        UnknownCertificate: the certificate is not in the replica.
        RespondentNotAllowed: a respondent is not named, or does not fit the checklist item.
        DomainError: the finding is not valid; see `rules.findings.validate`.
    """
    inspection = await lock_for_record(session, inspection_id, by=by)
    await _require_own_evidence(session, inspection, body)
    certificate = await _certificate(session, inspection, body.certificate_no)
    certificate_no = certificate["certificate_no"]
    product = body.product_category_code or certificate["product_category_code"]
    status = await replica.status_for(session, inspection, certificate_no, body.act_on, body.model)
    valid = await _validated(session, inspection, body, product, status)
    respondent_id, respondent_name = _respondent(inspection, body, certificate)
    finding = Finding(
        **body.model_dump(include=_STATED_FIELDS),
        inspection_id=inspection_id,
        no=await inspections.next_no(session, Finding, inspection_id),
        focus_point=valid.focus_point,
        respondent_id=respondent_id,
        respondent_name=respondent_name,
        violation_type=valid.violation_type,
        legal_basis=reference_data.cited(valid.item.basis),
        certificate_no=certificate_no,
        product_category_code=product,
        certificate_status=status,
        measures=[measure.value for measure in body.measures],
        evidence_ids=[str(evidence_id) for evidence_id in body.evidence_ids],
        rectify_days=valid.rectify_days,
        recorded_by=by.subject,
        recorded_at=session.now,
    )
    session.add(finding)
    audit.record(session, by, "finding.recorded", finding.id, inspection=str(inspection_id), code=body.checklist_code)
    return finding


_STATED_FIELDS = {
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


async def _validated(
    session: Session, inspection: Inspection, body: FindingIn, product: str, status: CertificateStatus | None
) -> finding_rules.ValidatedFinding:
    checklist = reference_data.checklist(inspection.checklist_version)
    obligation = await replica.get_obligation(session, product)
    return finding_rules.validate(
        _claim(body), finding_rules.FindingContext(checklist, legal_day(session.now), obligation, status)
    )


def _claim(body: FindingIn) -> finding_rules.Claim:
    return finding_rules.Claim(
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
    """The certificate that a finding is about: the drawn one, or another one in the replica."""
    if certificate_no in {None, inspection.certificate_no}:
        return inspection.certificate
    certificate = await session.get(Certificate, certificate_no)
    if certificate is None:
        raise errors.UnknownCertificate(pointer="/certificate_no")
    return certificate.model_dump()


def _respondent(inspection: Inspection, body: FindingIn, certificate: Mapping[str, Any]) -> tuple[str, str]:
    """Id and name of the respondent: the object itself, the named one, or by default the body of the certificate."""
    if body.respondent_type is RespondentType.OBJECT:
        return inspection.uscc, inspection.object["name"]
    if body.respondent_id and body.respondent_name:
        return body.respondent_id, body.respondent_name
    if body.respondent_type is not RespondentType.CERT_BODY:
        raise errors.RespondentNotAllowed("respondent_id and respondent_name are needed", pointer="/respondent_id")
    return certificate["body_code"], certificate["body_name"]


async def withdraw_finding(session: Session, finding_id: UUID, reason: str, *, by: Caller) -> Finding:
    """Withdraw a finding before it is submitted; it stays on record as withdrawn.

    Raises:
        FindingNotFound: the caller sees no such finding.
        TransitionForbidden: the record is not open.
    """
    finding = await queries.get_finding(session, finding_id, by=by)
    await lock_for_record(session, finding.inspection_id, by=by)
    finding.withdrawn_at, finding.withdrawal_reason = session.now, reason
    audit.record(session, by, "finding.withdrawn", finding_id, reason=reason)
    return finding

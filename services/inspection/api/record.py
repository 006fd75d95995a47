"""Routes of what is written on site: checklist, record, findings."""

from uuid import UUID

from fastapi import APIRouter, Response, status
from sqlmodel import col

from services.inspection import errors
from services.inspection.api.callers import Inspector, Reader
from services.inspection.models import Finding
from services.inspection.queries import findings as queries
from services.inspection.queries import inspections
from services.inspection.schemas.findings import FindingIn, FindingOut, WithdrawalIn
from services.inspection.schemas.inspections import AnswersIn, ChecklistOut, InspectionOut, RecordIn
from services.inspection.service import record
from shared.core.errors import Forbidden, StaleVersion, VersionRequired
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading, Transaction
from shared.web.etag import Version
from shared.web.pagination import Page, Paging, page
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/inspections/{inspection_id}", route_class=ServiceRoute, tags=["record 检查记录"])
finding_router = APIRouter(prefix="/v1/findings", route_class=ServiceRoute, tags=["findings 问题"])

_WRITING = (Forbidden, errors.InspectionNotFound, errors.TransitionForbidden)


@router.get(
    "/checklist",
    dependencies=[audited("checklist.read")],
    responses=problem_responses(Forbidden, errors.InspectionNotFound, errors.ChecklistNotHeld),
)
async def get_checklist(inspection_id: UUID, by: Reader, session: Reading) -> ChecklistOut:
    """Annex 1 with the answers given so far (现场检查表)."""
    return inspections.checklist_of(await inspections.inspection(session, inspection_id, by))


@router.put(
    "/answers",
    responses=problem_responses(
        *_WRITING, StaleVersion, VersionRequired, errors.ChecklistNotHeld, errors.UnknownChecklistCode, errors.AnswerNeedsNote
    ),
)
async def put_answers(
    inspection_id: UUID, body: AnswersIn, by: Inspector, session: Transaction, version: Version
) -> InspectionOut:
    """Replace the answers to the checklist (填写核查结果)."""
    found = await record.answer(session, inspection_id, body, version=version, by=by)
    return await inspections.detail(session, found)


@router.put("/record", responses=problem_responses(*_WRITING, StaleVersion, VersionRequired))
async def put_record(inspection_id: UUID, body: RecordIn, by: Inspector, session: Transaction, version: Version) -> InspectionOut:
    """Replace place, people met, guidance given and the integrity declaration (填写检查记录与廉政承诺)."""
    found = await record.write_record(session, inspection_id, body, version=version, by=by)
    return await inspections.detail(session, found)


@router.post(
    "/findings",
    status_code=status.HTTP_201_CREATED,
    response_model=FindingOut,
    responses=problem_responses(
        *_WRITING,
        errors.ChecklistNotHeld,
        errors.UnknownChecklistCode,
        errors.RespondentNotAllowed,
        errors.FocusPointMismatch,
        errors.ViolationNotAllowed,
        errors.AdviceOnlyGuides,
        errors.NotInCatalogue,
        errors.NotYetMandatory,
        errors.CertificateWasValid,
        errors.ActInTheFuture,
        errors.UnknownCertificate,
        errors.EvidenceRequired,
        errors.RequirementMissing,
        errors.RectificationTermTooLong,
    ),
)
async def record_finding(inspection_id: UUID, body: FindingIn, by: Inspector, session: Transaction) -> Finding:
    """Record a problem against its respondent; before the mandatory date of a product it can only be advice (记录问题)."""
    return await record.find(session, inspection_id, body, by=by)


@router.get(
    "/findings",
    response_model=Page[FindingOut],
    dependencies=[audited("findings.listed")],
    responses=problem_responses(Forbidden, errors.InspectionNotFound),
)
async def list_findings(inspection_id: UUID, by: Reader, session: Reading, paging: Paging) -> Response:
    """Findings of an inspection, withdrawn ones too (问题列表)."""
    await inspections.inspection(session, inspection_id, by)
    return await page(session, queries.findings(by, inspection_id), paging, by=[col(Finding.no)])


@finding_router.get(
    "/{finding_id}",
    response_model=FindingOut,
    dependencies=[audited("finding.read")],
    responses=problem_responses(Forbidden, errors.FindingNotFound),
)
async def get_finding(finding_id: UUID, by: Reader, session: Reading) -> Finding:
    """One finding (问题详情)."""
    return await queries.finding(session, finding_id, by)


@finding_router.post(
    "/{finding_id}/withdrawal",
    response_model=FindingOut,
    responses=problem_responses(Forbidden, errors.FindingNotFound, errors.TransitionForbidden),
)
async def withdraw_finding(finding_id: UUID, body: WithdrawalIn, by: Inspector, session: Transaction) -> Finding:
    """Take a finding back before it is submitted; it stays on record as withdrawn (撤回问题)."""
    return await record.withdraw(session, finding_id, body.reason, by=by)

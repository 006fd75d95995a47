"""Criminal transfers from the team to the hand-over (涉嫌犯罪移送, 国务院令第310号)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.cases import queries
from services.cases.api.callers import of_transfer, readers
from services.cases.errors import GuardFailed, TransferNotFound, TransitionForbidden
from services.cases.models import CriminalTransfer
from services.cases.rules import transfer_steps
from services.cases.schemas.answers import DeadlineOut, StepOut, TransferOut
from services.cases.service import transfers
from shared.deadline_records.explanation import with_explanation
from shared.security.auth import Caller
from shared.vocabulary import Role, TransferStatus
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading, Transaction
from shared.web.pagination import Page, Paging, page, single
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/criminal-transfers", route_class=ServiceRoute, tags=["criminal transfers 涉嫌犯罪移送"])

Reader = Annotated[Caller, readers(Role.POLICE_LIAISON)]
_STEP = problem_responses(TransferNotFound, TransitionForbidden, GuardFailed)


@router.get("", response_model=Page[TransferOut], dependencies=[audited("transfers.listed")])
async def list_transfers(
    by: Reader,
    session: Reading,
    paging: Paging,
    state: TransferStatus | None = None,
    finding_id: UUID | None = None,
    case_id: UUID | None = None,
) -> Response:
    """Criminal transfers of the caller's jurisdiction; the reading is audited (移送列表)."""
    rows = queries.rows(CriminalTransfer, TransferOut, by, state=state, finding_id=finding_id, case_id=case_id)
    return await page(session, rows, paging, by=queries.KEY[CriminalTransfer])


@router.get(
    "/{transfer_id}",
    response_model=TransferOut,
    dependencies=[audited("transfer.read")],
    responses=problem_responses(TransferNotFound),
)
async def get_transfer(transfer_id: UUID, by: Reader, session: Reading) -> Response:
    """A criminal transfer; the reading is audited (移送详情)."""
    return await single(session, queries.rows(CriminalTransfer, TransferOut, by, id=transfer_id), TransferNotFound)


@router.get(
    "/{transfer_id}/history",
    response_model=list[StepOut],
    dependencies=[audited("transfer_history.read")],
    responses=problem_responses(TransferNotFound),
)
async def get_transfer_history(transfer_id: UUID, by: Reader, session: Reading) -> object:
    """Every step of a transfer (移送记录)."""
    await queries.require(session, CriminalTransfer, transfer_id, by, TransferNotFound)
    return await queries.history_of(session, transfer_id)


@router.get(
    "/{transfer_id}/deadlines",
    response_model=list[DeadlineOut],
    dependencies=[audited("transfer_deadlines.read")],
    responses=problem_responses(TransferNotFound),
)
async def get_transfer_deadlines(transfer_id: UUID, by: Reader, session: Reading) -> object:
    """The deadlines of a transfer, each with the explanation of its date (移送期限)."""
    await queries.require(session, CriminalTransfer, transfer_id, by, TransferNotFound)
    return [await with_explanation(session, record) for record in await queries.deadlines_of(session, transfer_id)]


@router.post("/{transfer_id}/team", response_model=TransferOut, responses=_STEP)
async def form_transfer_team(
    transfer_id: UUID, body: transfer_steps.Team, by: Annotated[Caller, of_transfer("form_team")], session: Transaction
) -> CriminalTransfer:
    """Form the team of at least two (组成专案组)."""
    return await transfers.take(session, transfer_id, body, by=by)


@router.post("/{transfer_id}/report", response_model=TransferOut, responses=_STEP)
async def submit_transfer_report(
    transfer_id: UUID, body: transfer_steps.Report, by: Annotated[Caller, of_transfer("submit_report")], session: Transaction
) -> CriminalTransfer:
    """Submit the team's report (提出移送报告)."""
    return await transfers.take(session, transfer_id, body, by=by)


@router.post("/{transfer_id}/approval", response_model=TransferOut, responses=_STEP)
async def approve_transfer(
    transfer_id: UUID, body: transfer_steps.Approval, by: Annotated[Caller, of_transfer("approve")], session: Transaction
) -> CriminalTransfer:
    """Approve the transfer; the head is not on the team (批准移送)."""
    return await transfers.take(session, transfer_id, body, by=by)


@router.post("/{transfer_id}/rejection", response_model=TransferOut, responses=_STEP)
async def reject_transfer(
    transfer_id: UUID, body: transfer_steps.Rejection, by: Annotated[Caller, of_transfer("reject")], session: Transaction
) -> CriminalTransfer:
    """Do not approve the transfer, with the ground (不批准移送)."""
    return await transfers.take(session, transfer_id, body, by=by)


@router.post("/{transfer_id}/sending", response_model=TransferOut, responses=_STEP)
async def send_transfer(
    transfer_id: UUID, body: transfer_steps.Sending, by: Annotated[Caller, of_transfer("send")], session: Transaction
) -> CriminalTransfer:
    """Send the case to the police with all materials, within 24 hours of the approval (移送公安)."""
    return await transfers.take(session, transfer_id, body, by=by)


@router.post("/{transfer_id}/acceptance", response_model=TransferOut, responses=_STEP)
async def accept_transfer(
    transfer_id: UUID, body: transfer_steps.Acceptance, by: Annotated[Caller, of_transfer("accept")], session: Transaction
) -> CriminalTransfer:
    """The police acknowledge receipt (公安受理)."""
    return await transfers.take(session, transfer_id, body, by=by)


@router.post("/{transfer_id}/forwarding", response_model=TransferOut, responses=_STEP)
async def forward_transfer(
    transfer_id: UUID, body: transfer_steps.Forwarding, by: Annotated[Caller, of_transfer("forward")], session: Transaction
) -> CriminalTransfer:
    """The police forward the case to the competent police (公安转送)."""
    return await transfers.take(session, transfer_id, body, by=by)


@router.post("/{transfer_id}/police-filing", response_model=TransferOut, responses=_STEP)
async def file_by_police(
    transfer_id: UUID, body: transfer_steps.PoliceFiling, by: Annotated[Caller, of_transfer("police_file")], session: Transaction
) -> CriminalTransfer:
    """The police file the case (公安立案)."""
    return await transfers.take(session, transfer_id, body, by=by)


@router.post("/{transfer_id}/police-rejection", response_model=TransferOut, responses=_STEP)
async def decline_by_police(
    transfer_id: UUID,
    body: transfer_steps.PoliceRejection,
    by: Annotated[Caller, of_transfer("police_decline")],
    session: Transaction,
) -> CriminalTransfer:
    """The police do not file the case, with the ground (公安不予立案)."""
    return await transfers.take(session, transfer_id, body, by=by)


@router.post("/{transfer_id}/reconsideration", response_model=TransferOut, responses=_STEP)
async def ask_reconsideration(
    transfer_id: UUID,
    body: transfer_steps.Reconsideration,
    by: Annotated[Caller, of_transfer("ask_reconsideration")],
    session: Transaction,
) -> CriminalTransfer:
    """Ask the police to reconsider, within three days (提请复议)."""
    return await transfers.take(session, transfer_id, body, by=by)


@router.post("/{transfer_id}/procuratorate-advice", response_model=TransferOut, responses=_STEP)
async def advise_procuratorate(
    transfer_id: UUID,
    body: transfer_steps.ProcuratorateAdvice,
    by: Annotated[Caller, of_transfer("advise_procuratorate")],
    session: Transaction,
) -> CriminalTransfer:
    """Advise the procuratorate to supervise (建议检察院立案监督)."""
    return await transfers.take(session, transfer_id, body, by=by)


@router.post("/{transfer_id}/handover", response_model=TransferOut, responses=_STEP)
async def hand_over_goods(
    transfer_id: UUID, body: transfer_steps.Handover, by: Annotated[Caller, of_transfer("hand_over")], session: Transaction
) -> CriminalTransfer:
    """Hand goods and papers over to the police (移交涉案物品)."""
    return await transfers.take(session, transfer_id, body, by=by)


@router.post("/{transfer_id}/return", response_model=TransferOut, responses=_STEP)
async def return_to_administration(
    transfer_id: UUID,
    body: transfer_steps.ReturnToAdministration,
    by: Annotated[Caller, of_transfer("return_to_admin")],
    session: Transaction,
) -> CriminalTransfer:
    """Return the case to the administration (退回行政处理)."""
    return await transfers.take(session, transfer_id, body, by=by)

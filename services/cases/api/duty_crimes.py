"""Clues to duty crimes of civil servants (职务犯罪线索移送); the province's discipline inspection alone handles them."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response

from services.cases import queries
from services.cases.errors import CaseNotFound, DutyCrimeClueNotFound, TransitionForbidden
from services.cases.models import DutyCrimeClue
from services.cases.schemas.answers import DutyCrimeClueOut
from services.cases.schemas.others import DutyCrime, DutyCrimeSending, Receipt
from services.cases.service import duty_crimes as service
from shared.security.auth import Caller, caller
from shared.vocabulary import Role
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading, Transaction
from shared.web.pagination import Page, Paging, page, single
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/duty-crime-clues", route_class=ServiceRoute, tags=["duty crime clues 职务犯罪线索"])

Supervisor = Annotated[Caller, caller(Role.PROV_SUPERVISOR)]
State = Literal["drafted", "sent", "received"] | None
_MOVES = problem_responses(DutyCrimeClueNotFound, TransitionForbidden)


@router.post("", status_code=201, response_model=DutyCrimeClueOut, responses=problem_responses(CaseNotFound))
async def draft_duty_crime_clue(body: DutyCrime, by: Supervisor, session: Transaction) -> DutyCrimeClue:
    """Put down a clue to a duty crime, found in handling a case (登记职务犯罪线索)."""
    return await service.draft(session, body.case_id, body.organisation, body.post, body.fact, by=by)


@router.get("", response_model=Page[DutyCrimeClueOut], dependencies=[audited("duty_crime_clues.listed")])
async def list_duty_crime_clues(by: Supervisor, session: Reading, paging: Paging, state: State = None) -> Response:
    """Clues to duty crimes (职务犯罪线索列表)."""
    rows = queries.rows(DutyCrimeClue, DutyCrimeClueOut, by, state=state)
    return await page(session, rows, paging, by=queries.KEY[DutyCrimeClue])


@router.get(
    "/{clue_id}",
    response_model=DutyCrimeClueOut,
    dependencies=[audited("duty_crime_clue.read")],
    responses=problem_responses(DutyCrimeClueNotFound),
)
async def read_duty_crime_clue(clue_id: UUID, by: Supervisor, session: Reading) -> Response:
    """A clue to a duty crime (职务犯罪线索)."""
    return await single(session, queries.rows(DutyCrimeClue, DutyCrimeClueOut, by, id=clue_id), DutyCrimeClueNotFound)


@router.post("/{clue_id}/sending", response_model=DutyCrimeClueOut, responses=_MOVES)
async def send_duty_crime_clue(clue_id: UUID, body: DutyCrimeSending, by: Supervisor, session: Transaction) -> DutyCrimeClue:
    """Send the clue to the supervisory commission or the procuratorate (移送监察机关或检察机关)."""
    return await service.send(session, clue_id, body.recipient, body.document_no, by=by)


@router.post("/{clue_id}/receipt", response_model=DutyCrimeClueOut, responses=_MOVES)
async def receive_duty_crime_clue(clue_id: UUID, body: Receipt, by: Supervisor, session: Transaction) -> DutyCrimeClue:
    """Note the recipient's receipt (登记回执)."""
    return await service.receive(session, clue_id, body.receipt, by=by)

"""Letters to certification bodies, answered by their status events (函告认证机构)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response

from services.cases import queries
from services.cases.api.callers import readers
from services.cases.errors import LetterNotFound, TransitionForbidden
from services.cases.models import Letter
from services.cases.schemas.answers import LetterOut
from services.cases.schemas.others import LetterSending
from services.cases.service import letters
from shared.security.auth import Caller, caller
from shared.vocabulary import Role
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading, Transaction
from shared.web.pagination import Page, Paging, page, single
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/letters", route_class=ServiceRoute, tags=["letters to bodies 函告"])

Reader = Annotated[Caller, readers()]
State = Literal["drafted", "sent", "answered"] | None


@router.get("", response_model=Page[LetterOut], dependencies=[audited("letters.listed")])
async def list_letters(
    by: Reader, session: Reading, paging: Paging, state: State = None, finding_id: UUID | None = None
) -> Response:
    """Letters to certification bodies in the caller's jurisdiction (函告列表)."""
    rows = queries.rows(Letter, LetterOut, by, state=state, finding_id=finding_id)
    return await page(session, rows, paging, by=queries.KEY[Letter])


@router.get(
    "/{letter_id}", response_model=LetterOut, dependencies=[audited("letter.read")], responses=problem_responses(LetterNotFound)
)
async def get_letter(letter_id: UUID, by: Reader, session: Reading) -> Response:
    """A letter to a certification body (函告)."""
    return await single(session, queries.rows(Letter, LetterOut, by, id=letter_id), LetterNotFound)


@router.post("/{letter_id}/send", response_model=LetterOut, responses=problem_responses(LetterNotFound, TransitionForbidden))
async def send_letter(
    letter_id: UUID,
    body: LetterSending,
    by: Annotated[Caller, caller(Role.CITY_LEAD, Role.PROV_ADMIN)],
    session: Transaction,
) -> Letter:
    """Send the letter; it waits for the body's status event (发函)."""
    return await letters.send(session, letter_id, body.requested, body.content, by=by)

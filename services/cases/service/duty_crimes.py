"""Clues to duty crimes of civil servants, on their way to the supervisory commission or the procuratorate (S310 art 19).

Nothing is published of them to the other services: who needs to know is the discipline inspection, and nobody else.
"""

from collections.abc import Mapping
from uuid import UUID

from services.cases import queries
from services.cases.errors import DutyCrimeClueNotFound
from services.cases.models import DutyCrimeClue
from services.cases.service import history, single_steps
from services.cases.service.single_steps import Move
from shared.core.clock import legal_day
from shared.core.ids import new_id
from shared.database.session import Session
from shared.security.auth import Caller

_SEND = Move("sent", ("drafted",), "sent")
_RECEIVE = Move("received", ("sent",), "received")


async def draft(session: Session, case_id: UUID, organisation: str, post: str, fact: str, *, by: Caller) -> DutyCrimeClue:
    """Put down a clue found in handling a case. Raises CaseNotFound."""
    case = await queries.locked_case(session, case_id, by)
    clue = DutyCrimeClue(
        id=new_id(),
        case_id=case.id,
        state="drafted",
        city=case.city,
        county=case.county,
        organisation=organisation,
        post=post,
        fact=fact,
    )
    session.add(clue)
    history.note(session, ("duty_crime_clue", clue.id), "draft", (None, clue.state), by, {"case_id": str(case.id)})
    return clue


async def send(session: Session, clue_id: UUID, recipient: str, document_no: str, *, by: Caller) -> DutyCrimeClue:
    """Send the clue.

    Raises:
        DutyCrimeClueNotFound: there is no such clue.
        TransitionForbidden: it has been sent before.
    """
    clue = await _moved(session, clue_id, by, _SEND, {"recipient": recipient, "document_no": document_no})
    clue.recipient, clue.document_no, clue.sent_on = recipient, document_no, legal_day(session.now)
    return clue


async def receive(session: Session, clue_id: UUID, receipt: str, *, by: Caller) -> DutyCrimeClue:
    """Note the recipient's receipt.

    Raises:
        DutyCrimeClueNotFound: there is no such clue.
        TransitionForbidden: it has not been sent, or its receipt is known.
    """
    clue = await _moved(session, clue_id, by, _RECEIVE, {"receipt": receipt})
    clue.receipt, clue.received_on = receipt, legal_day(session.now)
    return clue


async def _moved(session: Session, clue_id: UUID, by: Caller, move: Move, content: Mapping[str, str]) -> DutyCrimeClue:
    clue = await queries.locked(session, DutyCrimeClue, clue_id, by, DutyCrimeClueNotFound)
    single_steps.take(session, ("duty_crime_clue", clue), move, by, content)
    return clue

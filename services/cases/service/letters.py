"""Letters to certification bodies: only the body may suspend or revoke, so a letter asks and waits for its status event."""

from uuid import UUID

from services.cases import queries
from services.cases.errors import LetterNotFound
from services.cases.models import Letter
from services.cases.rules import letters
from services.cases.service import history, single_steps
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.events.cases import LetterToBodyAnswered, LetterToBodySent
from shared.events.registry import CertificateStatusChanged
from shared.messaging import emit
from shared.security.auth import SYSTEM, Caller
from shared.vocabulary import StatusEvent


async def send(session: Session, letter_id: UUID, requested: StatusEvent, content: str, *, by: Caller) -> Letter:
    """Ask the body to suspend, revoke or cancel the certificate.

    Raises:
        LetterNotFound: the caller's jurisdiction does not reach the letter.
        TransitionForbidden: it has been sent before.
    """
    letter = await queries.locked(session, Letter, letter_id, by, LetterNotFound)
    single_steps.take(session, ("letter", letter), single_steps.SEND, by, {"requested": requested})
    letter.requested, letter.content = requested, content
    letter.sent_at, letter.sent_on = session.now, legal_day(session.now)
    emit(
        session,
        LetterToBodySent(
            letter_id=letter.id,
            finding_id=letter.finding_id,
            campaign_id=letter.campaign_id,
            certificate_no=letter.certificate_no,
            body_code=letter.body_code,
            requested=requested,
            sent_on=letter.sent_on,
        ),
    )
    return letter


async def status_changed(session: Session, event: CertificateStatusChanged) -> None:
    """Let every letter that waited for such a change of this certificate be answered by it."""
    for letter in await queries.waiting_letters(session, event.certificate_no):
        if letter.requested is not None and letters.answers(letter.requested, event.change) and _later(session, letter):
            _answer(session, letter, event.change)


def _later(session: Session, letter: Letter) -> bool:
    """A change that happened before the letter went out does not answer it, however late it is consumed."""
    return letter.sent_at is not None and session.now >= letter.sent_at


def _answer(session: Session, letter: Letter, change: StatusEvent) -> None:
    letter.state, letter.change, letter.answered_on = "answered", change, legal_day(session.now)
    history.note(session, ("letter", letter.id), "answer", ("sent", "answered"), SYSTEM, {"change": change})
    emit(
        session,
        LetterToBodyAnswered(
            letter_id=letter.id,
            finding_id=letter.finding_id,
            campaign_id=letter.campaign_id,
            certificate_no=letter.certificate_no,
            change=change,
            answered_on=letter.answered_on,
        ),
    )

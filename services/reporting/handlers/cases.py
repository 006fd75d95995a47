"""Cases, transfers, letters, reports upward and copies."""

from services.reporting.models import Case, Copy, Letter, Matter, Transfer
from services.reporting.service.disclosures import withdraw_decision
from services.reporting.service.replica import add_to_history, parts
from shared.database.session import Session
from shared.database.upsert import upsert
from shared.events import Delivery, Event, cases
from shared.messaging import Handler
from shared.vocabulary import TransferStatus

_CASE = {"case_id", "finding_id", "campaign_id"}
_TRANSFER = {"case_id", "transfer_id", "finding_id", "campaign_id"}
_LETTER = {"letter_id", "finding_id", "campaign_id", "certificate_no"}


async def on_case_referred(session: Session, event: cases.CaseReferred, delivery: Delivery) -> None:
    """A clue went to enforcement."""
    product = {"certificate_no", "product_name", "body_name", "violation_type", "provision", "office"}
    values = event.model_dump(include={*_CASE, *product, "clue_no", "referred_on", "filing_due_on"})
    respondent = event.respondent
    party = {"city": respondent.city, "county": respondent.county, "uscc": respondent.uscc, "party_name": respondent.name}
    await upsert(session, Case, values | party)
    await add_to_history(session, event, delivery)


async def on_case_filed(session: Session, event: cases.CaseFiled, delivery: Delivery) -> None:
    """A clue was filed as a case."""
    values = event.model_dump(include={*_CASE, "case_no", "goods_value_fen"})
    await upsert(session, Case, values | {"filing_decided_on": event.decided_on})
    await add_to_history(session, event, delivery)


async def on_case_not_filed(session: Session, event: cases.CaseNotFiled, delivery: Delivery) -> None:
    """A clue was closed without filing."""
    values = event.model_dump(include=_CASE)
    await upsert(session, Case, values | {"not_filed_for": event.ground, "filing_decided_on": event.decided_on})
    await add_to_history(session, event, delivery)


async def on_case_decided(session: Session, event: cases.CaseDecided, delivery: Delivery) -> None:
    """A case has its decision."""
    money = {"fine_fen", "confiscated_fen", "goods_value_fen"}
    values = event.model_dump(include={*_CASE, *money, "outcome", "decision_no", "decided_on", "penalty_basis"})
    await upsert(session, Case, values | {"penalties": parts(event.penalties)})
    await add_to_history(session, event, delivery)


async def on_case_published(session: Session, event: cases.CasePublished, delivery: Delivery) -> None:
    """A decision was made public, or its publication was withdrawn."""
    day = event.published_on
    days = {"withdrawn_on": day} if event.withdrawn else {"published_on": day, "withdrawn_on": None}
    await upsert(session, Case, event.model_dump(include=_CASE) | days)
    if event.withdrawn:
        await withdraw_decision(session, event.case_id)
    await add_to_history(session, event, delivery)


async def on_case_closed(session: Session, event: cases.CaseClosed, delivery: Delivery) -> None:
    """A case was closed."""
    await upsert(session, Case, event.model_dump(include={*_CASE, "closed_on"}))
    await add_to_history(session, event, delivery)


async def on_transfer_sent(session: Session, event: cases.CriminalTransferSent, delivery: Delivery) -> None:
    """A suspected crime was sent to the police."""
    await upsert(session, Transfer, event.model_dump(include={*_TRANSFER, "sent_on"}))
    await add_to_history(session, event, delivery)


async def on_transfer_answered(session: Session, event: cases.CriminalTransferAnswered, delivery: Delivery) -> None:
    """The police answered; a later answer does not overwrite the day on which they filed."""
    values = event.model_dump(include={*_TRANSFER, "answer", "answered_on"})
    filing = {"filed_on": event.answered_on} if event.answer is TransferStatus.FILED else {}
    await upsert(session, Transfer, values | filing)
    await add_to_history(session, event, delivery)


async def on_matter_reported(session: Session, event: cases.QualificationMatterReported, delivery: Delivery) -> None:
    """A matter went one level up."""
    columns = {"matter_id", "finding_id", "campaign_id", "city", "body_code", "body_name", "violation_type"}
    day = {"national_on" if event.level == "national" else "provincial_on": event.reported_on}
    await upsert(session, Matter, event.model_dump(include=columns) | day)
    await add_to_history(session, event, delivery)


async def on_matter_returned(session: Session, event: cases.QualificationMatterReturned, delivery: Delivery) -> None:
    """The province returned a matter: it counts as not reported until it is reported again."""
    columns = {"matter_id", "finding_id", "campaign_id"}
    await upsert(session, Matter, event.model_dump(include=columns) | {"provincial_on": None})
    await add_to_history(session, event, delivery)


async def on_letter_sent(session: Session, event: cases.LetterToBodySent, delivery: Delivery) -> None:
    """A certification body was asked to act."""
    await upsert(session, Letter, event.model_dump(include={*_LETTER, "body_code", "requested", "sent_on"}))
    await add_to_history(session, event, delivery)


async def on_letter_answered(session: Session, event: cases.LetterToBodyAnswered, delivery: Delivery) -> None:
    """The certification body has acted."""
    await upsert(session, Letter, event.model_dump(include={*_LETTER, "change", "answered_on"}))
    await add_to_history(session, event, delivery)


async def on_matter_copied(session: Session, event: cases.MatterCopied, delivery: Delivery) -> None:
    """A matter was copied to another department."""
    await upsert(session, Copy, event.model_dump())
    await add_to_history(session, event, delivery)


HANDLERS: dict[type[Event], Handler] = {
    cases.CaseReferred: on_case_referred,
    cases.CaseFiled: on_case_filed,
    cases.CaseNotFiled: on_case_not_filed,
    cases.CaseDecided: on_case_decided,
    cases.CasePublished: on_case_published,
    cases.CaseClosed: on_case_closed,
    cases.CriminalTransferSent: on_transfer_sent,
    cases.CriminalTransferAnswered: on_transfer_answered,
    cases.QualificationMatterReported: on_matter_reported,
    cases.QualificationMatterReturned: on_matter_returned,
    cases.LetterToBodySent: on_letter_sent,
    cases.LetterToBodyAnswered: on_letter_answered,
    cases.MatterCopied: on_matter_copied,
}

"""Cases, transfers, letters, reports upward and copies."""

from services.reporting.models import Case, Copy, Letter, Matter, Transfer
from services.reporting.service.disclosures import withdraw_decision
from services.reporting.service.replica import fill, remember
from shared.database.session import Session
from shared.events import Delivery, cases
from shared.vocabulary import TransferStatus

_CASE = {"case_id", "finding_id", "campaign_id"}
_TRANSFER = {"case_id", "transfer_id", "finding_id", "campaign_id"}
_LETTER = {"letter_id", "finding_id", "campaign_id", "certificate_no"}


async def on_case_referred(session: Session, event: cases.CaseReferred, delivery: Delivery) -> None:
    """A clue went to enforcement."""
    product = {"certificate_no", "product_name", "body_name", "violation_type", "provision", "office"}
    values = event.model_dump(include={*_CASE, *product, "clue_no", "referred_on", "filing_due_on"})
    party = event.respondent
    where = {"city": party.city, "county": party.county, "uscc": party.uscc, "party_name": party.name}
    await fill(session, Case, **values, **where)
    await remember(session, event, delivery)


async def on_case_filed(session: Session, event: cases.CaseFiled, delivery: Delivery) -> None:
    """A clue was filed as a case."""
    values = event.model_dump(include={*_CASE, "case_no", "goods_value_fen"})
    await fill(session, Case, **values, filing_decided_on=event.decided_on)
    await remember(session, event, delivery)


async def on_case_not_filed(session: Session, event: cases.CaseNotFiled, delivery: Delivery) -> None:
    """A clue was closed without filing."""
    values = event.model_dump(include=_CASE)
    await fill(session, Case, **values, not_filed_for=event.ground, filing_decided_on=event.decided_on)
    await remember(session, event, delivery)


async def on_case_decided(session: Session, event: cases.CaseDecided, delivery: Delivery) -> None:
    """A case has its decision."""
    money = {"fine_fen", "confiscated_fen", "goods_value_fen"}
    values = event.model_dump(include={*_CASE, *money, "outcome", "decision_no", "decided_on", "penalty_basis"})
    await fill(session, Case, **values, penalties=[one.model_dump(mode="json") for one in event.penalties])
    await remember(session, event, delivery)


async def on_case_published(session: Session, event: cases.CasePublished, delivery: Delivery) -> None:
    """A decision was made public, or taken back."""
    day = event.published_on
    days = {"withdrawn_on": day} if event.withdrawn else {"published_on": day, "withdrawn_on": None}
    await fill(session, Case, **event.model_dump(include=_CASE), **days)
    if event.withdrawn:
        await withdraw_decision(session, event.case_id)
    await remember(session, event, delivery)


async def on_case_closed(session: Session, event: cases.CaseClosed, delivery: Delivery) -> None:
    """A case is over."""
    await fill(session, Case, **event.model_dump(include={*_CASE, "closed_on"}))
    await remember(session, event, delivery)


async def on_transfer_sent(session: Session, event: cases.CriminalTransferSent, delivery: Delivery) -> None:
    """The police have the papers."""
    await fill(session, Transfer, **event.model_dump(include={*_TRANSFER, "sent_on"}))
    await remember(session, event, delivery)


async def on_transfer_answered(session: Session, event: cases.CriminalTransferAnswered, delivery: Delivery) -> None:
    """The police have answered; the day on which they filed is kept beside a later answer."""
    values = event.model_dump(include={*_TRANSFER, "answer", "answered_on"})
    filed = {"filed_on": event.answered_on} if event.answer is TransferStatus.FILED else {}
    await fill(session, Transfer, **values, **filed)
    await remember(session, event, delivery)


async def on_matter_reported(session: Session, event: cases.QualificationMatterReported, delivery: Delivery) -> None:
    """A matter went one level up."""
    known = {"matter_id", "finding_id", "campaign_id", "city", "body_code", "body_name", "violation_type"}
    day = {"national_on" if event.level == "national" else "provincial_on": event.reported_on}
    await fill(session, Matter, **event.model_dump(include=known), **day)
    await remember(session, event, delivery)


async def on_matter_returned(session: Session, event: cases.QualificationMatterReturned, delivery: Delivery) -> None:
    """The province does not take a matter up as it stands."""
    known = {"matter_id", "finding_id", "campaign_id"}
    await fill(session, Matter, **event.model_dump(include=known), provincial_on=None)
    await remember(session, event, delivery)


async def on_letter_sent(session: Session, event: cases.LetterToBodySent, delivery: Delivery) -> None:
    """A body was asked to act."""
    await fill(session, Letter, **event.model_dump(include={*_LETTER, "body_code", "requested", "sent_on"}))
    await remember(session, event, delivery)


async def on_letter_answered(session: Session, event: cases.LetterToBodyAnswered, delivery: Delivery) -> None:
    """The body has acted."""
    await fill(session, Letter, **event.model_dump(include={*_LETTER, "change", "answered_on"}))
    await remember(session, event, delivery)


async def on_matter_copied(session: Session, event: cases.MatterCopied, delivery: Delivery) -> None:
    """Another department knows."""
    await fill(session, Copy, **event.model_dump())
    await remember(session, event, delivery)

"""Events of cases: what followed a finding, from clue to archive, transfer, letter or report upward."""

from datetime import date
from uuid import UUID

from shared.events.base import Event
from shared.events.deadlines import Closed, Moved, Warned
from shared.events.value_objects import InspectedObject, Penalty
from shared.vocabulary import CaseStatus, StatusEvent, TransferStatus


class CaseReferred(Event, owner="cases", key="case_id"):
    """A clue went to the enforcement office of the competent bureau (案件线索移交)."""

    case_id: UUID
    clue_no: str
    finding_id: UUID
    campaign_id: UUID
    respondent: InspectedObject
    certificate_no: str
    product_name: str
    body_name: str
    violation_type: str
    provision: str
    office: str
    referred_on: date
    filing_due_on: date


class CaseFiled(Event, owner="cases", key="case_id"):
    """A case was filed under `case_no` (立案); None: its deadline is paused, the goods have no established value."""

    case_id: UUID
    finding_id: UUID
    campaign_id: UUID
    case_no: str
    decided_on: date
    decision_due_on: date | None
    goods_value_fen: int | None


class CaseNotFiled(Event, owner="cases", key="case_id"):
    """A clue was closed without filing (不予立案); `ground` is a code of the not-filed grounds."""

    case_id: UUID
    finding_id: UUID
    campaign_id: UUID
    ground: str
    decided_on: date


class CaseDecided(Event, owner="cases", key="case_id"):
    """The decision of a case (处理决定). Money in fen; `penalty_basis` is the legal provision applied."""

    case_id: UUID
    finding_id: UUID
    campaign_id: UUID
    outcome: CaseStatus
    decision_no: str | None
    decided_on: date
    penalty_basis: str
    penalties: tuple[Penalty, ...]
    fine_fen: int
    confiscated_fen: int
    goods_value_fen: int | None
    publish_due_on: date | None


class CasePublished(Event, owner="cases", key="case_id"):
    """A decision was made public (处罚信息公示); `withdrawn` where the publication was withdrawn."""

    case_id: UUID
    finding_id: UUID
    campaign_id: UUID
    published_on: date
    withdrawn: bool = False


class CaseClosed(Event, owner="cases", key="case_id"):
    """A case was closed (结案)."""

    case_id: UUID
    finding_id: UUID
    campaign_id: UUID
    closed_on: date


class CriminalTransferSent(Event, owner="cases", key="case_id"):
    """A suspected crime was sent to the police (涉嫌犯罪移送)."""

    case_id: UUID
    transfer_id: UUID
    finding_id: UUID
    campaign_id: UUID
    sent_on: date
    answer_due_on: date


class CriminalTransferAnswered(Event, owner="cases", key="case_id"):
    """The police answered a transfer (公安机关答复)."""

    case_id: UUID
    transfer_id: UUID
    finding_id: UUID
    campaign_id: UUID
    answer: TransferStatus
    answered_on: date


class QualificationMatterReported(Event, owner="cases", key="matter_id"):
    """A matter of a body's or a person's qualification went one level up (资质问题上报): to `level` provincial or national."""

    matter_id: UUID
    finding_id: UUID
    campaign_id: UUID
    city: str
    body_code: str
    body_name: str
    violation_type: str
    level: str
    reported_on: date


class QualificationMatterReturned(Event, owner="cases", key="matter_id"):
    """The province returned a matter of qualification to its city (资质问题退回): not reported until it is reported again."""

    matter_id: UUID
    finding_id: UUID
    campaign_id: UUID
    ground: str
    returned_on: date


class LetterToBodySent(Event, owner="cases", key="letter_id"):
    """A certification body was asked to suspend or revoke a certificate (函告认证机构)."""

    letter_id: UUID
    finding_id: UUID
    campaign_id: UUID
    certificate_no: str
    body_code: str
    requested: StatusEvent
    sent_on: date


class LetterToBodyAnswered(Event, owner="cases", key="letter_id"):
    """The certification body acted as a letter had requested (认证机构已处理)."""

    letter_id: UUID
    finding_id: UUID
    campaign_id: UUID
    certificate_no: str
    change: StatusEvent
    answered_on: date


class MatterCopied(Event, owner="cases", key="copy_id"):
    """A matter was copied to another department (抄告)."""

    copy_id: UUID
    finding_id: UUID
    campaign_id: UUID
    department: str
    copied_on: date


class DeadlinesWarned(Warned, owner="cases", key="office"):
    """Deadlines of this service reached a threshold: 50 %, 80 %, one working day before, due, overdue, elapsed (期限预警)."""


class DeadlinesMoved(Moved, owner="cases", key="office"):
    """Deadlines of this service end on another day: extended, paused, resumed, or by a new calendar (期限变更)."""


class OverdueDeadlinesClosed(Closed, owner="cases", key="office"):
    """Overdue deadlines of this service were met late or waived (逾期办结)."""

"""Bodies of the steps of a case."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from services.cases.schemas.base import Body, Explained, Fen, PenaltyIn, Person, Receipt, Short, Text
from shared.core.province import province
from shared.vocabulary import CaseStatus, ReviewKind

NotFiledGround = Literal["minor", "first_time", "no_fault", "look_back_over", "no_breach", "other"]
Outcome = Literal[CaseStatus.PENALTY_DECIDED, CaseStatus.NO_PENALTY, CaseStatus.FACTS_NOT_ESTABLISHED]
PauseGround = Literal["suspension", "testing", "appraisal", "public_notice", "right_holder_identification"]


class Assignment(Explained):
    """Assignment to a bureau below (指定承办机关)."""

    office: str = Field(
        pattern=province().bureau_below_pattern, description="code of the bureau that takes over", examples=["350102"]
    )


class Filing(Body):
    """Approval of filing (立案审批); the caller is the head who approves."""

    handlers: list[Person] = Field(max_length=20, description="at least two with enforcement certificates")
    initial_proof: Text
    penalty_due: bool
    case_no: Short | None = Field(
        default=None, description="the bureau's own number; given by the platform if missing", examples=["榕市监立〔2024〕12号"]
    )
    violation_type: Short | None = Field(default=None, examples=["SUPPLY_WHILE_INVALID"])
    goods_value_fen: Fen | None = None
    named_informant: bool = Field(default=False, description="the clue came from a named informant, who is to be told (K06)")


class NonFiling(Body):
    """Approval of not filing (不予立案)."""

    ground: NotFiledGround
    explanation: Text
    named_informant: bool = Field(default=False, description="the clue came from a named informant, who is to be told (K06)")


class Suspension(Explained):
    """Suspension of the investigation (中止); the clocks that know the ground stand still."""

    clock_ground: PauseGround = "suspension"


class InvestigationEnd(Body):
    """End of the investigation (调查终结)."""

    final_report: Text
    evidence: list[Short] = Field(max_length=500, description="ids of evidence", examples=[["E-0001"]])
    goods_value_fen: Fen | None = None
    gains_fen: Fen | None = Field(default=None, description="illegal gains (违法所得)")
    complex: bool = Field(default=False, description="difficult, complex or of major public interest (疑难复杂)")


class ReviewSubmission(Body):
    """Submission to review (送审)."""

    kind: ReviewKind


class Review(Body):
    """Opinion of the reviewer (审核意见); not passed = returned."""

    passed: bool
    opinion: Text


class Notice(Body):
    """Notice of the intended penalty (行政处罚告知)."""

    penalties: list[PenaltyIn] = Field(max_length=10)
    facts: Text
    hearing_right_told: bool = False
    correction_overdue: bool = Field(default=False, description="the term to correct has passed without correction")
    mitigation: Literal["SELLER_INNOCENT"] | None = None


class Statement(Body):
    """Statement and defence of the party (陈述申辩)."""

    text: Text


class HearingRequest(Body):
    """The party asks for a hearing (要求听证)."""

    request: Text


class HearingNotice(Body):
    """Time and place of the hearing (听证通知)."""

    held_on: date
    place: Short = Field(examples=["福州市市场监督管理局听证室"])


class HearingRecord(Body):
    """Record of the hearing (听证笔录)."""

    held_on: date
    record: Text


class RightsConclusion(Body):
    """The party's rights were exercised, waived, or their term is over."""

    answer: Text | None = Field(default=None, description="what the bureau says to the statement")
    waived: bool = Field(default=False, description="the party waived its rights in writing")


class Decision(Body):
    """The decision (处理决定)."""

    outcome: Outcome
    decision_no: Short | None = Field(
        default=None, description="处罚决定书文号; needed for a penalty", examples=["榕市监处罚〔2024〕12号"]
    )
    penalties: list[PenaltyIn] = Field(default_factory=list, max_length=10)
    explanation: Text
    educated: bool = Field(default=False, description="the party was educated where no penalty is imposed (PL art 33)")
    collective_discussion: Text | None = Field(default=None, description="minutes, needed for complex cases")


class ExternalTransfer(Explained):
    """Transfer to the competent bureau or department (移送)."""

    receiver: Short = Field(examples=["厦门市市场监督管理局"])


class Service(Receipt):
    """Service of the decision (送达)."""

    method: Literal["direct", "left", "mail", "electronic", "entrusted", "public_notice"]
    cross_province: bool = Field(default=False, description="the party is registered in another province, which publishes (K21)")


class OnTheSpot(Body):
    """A decision of the simplified procedure (当场处罚)."""

    penalties: list[PenaltyIn] = Field(min_length=1, max_length=5)
    decision_no: Short | None = None
    explanation: Text


class ActOnRecord(Body):
    """An act that no more than its document proves (在案行为); its statutory clock begins or ends with it."""

    document: Short = Field(examples=["协助调查函〔2024〕3号"])
    explanation: Text | None = None
    happened_at: AwareDatetime | None = Field(default=None, description="when it happened; now if missing, never in the future")


class Publication(Body):
    """Publication of the decision (公示)."""

    platform: Short = Field(examples=["国家企业信用信息公示系统"])


class Payment(Body):
    """A payment, or how the decision was carried out otherwise (缴纳、执行)."""

    amount_fen: Fen | None = None
    settlement: Text | None = Field(default=None, description="how it was settled when not by payment, e.g. court enforcement")


class TermExtension(Body):
    """An extension of a term (延长期限): so many units, or a new date where the law lets the decision fix one."""

    approver: Literal["agency_head", "collective"]
    document: Short = Field(examples=["延长办案期限审批表 2024-12"])
    amount: int | None = Field(default=None, ge=1, le=1000, examples=[15])
    until: date | None = None

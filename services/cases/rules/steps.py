"""The steps of a case as values: checked once where the request comes in, then read by guards, deadlines, events and record."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

from pydantic import AliasChoices, AwareDatetime, Field, create_model

from services.cases.rules.bodies import Body, Explained, Fen, PenaltyIn, Person, Receipted, Short, Step, Text
from services.cases.rules.state_machine import ACTS
from shared.core.province import province
from shared.vocabulary import CaseStatus, ReviewKind

NotFiledGround = Literal["minor", "first_time", "no_fault", "look_back_over", "no_breach", "other"]
Outcome = Literal[CaseStatus.PENALTY_DECIDED, CaseStatus.NO_PENALTY, CaseStatus.FACTS_NOT_ESTABLISHED]
PauseGround = Literal["suspension", "testing", "appraisal", "public_notice", "right_holder_identification"]


class ClueReceived(Step, event="receive"):
    """A clue came in (收到线索); `source` says why."""

    source: str


class Assignment(Explained, Step, event="assign"):
    """Assignment to a bureau below (指定承办机关)."""

    office: str = Field(
        pattern=province().bureau_below_pattern, description="code of the bureau that takes over", examples=["350102"]
    )


class Verification(Step, event="verify"):
    """Start of the verification (开始核查)."""


class Filing(Step, event="file"):
    """Approval of filing (立案审批); the caller is the head who approves."""

    handlers: tuple[Person, ...] = Field(max_length=20, description="at least two with enforcement certificates")
    initial_proof: Text
    penalty_due: bool
    case_no: Short | None = Field(
        default=None, description="the bureau's own number; given by the platform if missing", examples=["榕市监立〔2024〕12号"]
    )
    violation_type: Short | None = Field(default=None, examples=["SUPPLY_WHILE_INVALID"])
    goods_value_fen: Fen | None = None
    named_informant: bool = Field(default=False, description="the clue came from a named informant, who is to be informed (K06)")

    def numbered(self, case_no: str) -> "Filing":
        """The same filing under this number."""
        return Filing.model_validate({**dict(self), "case_no": case_no})


class NonFiling(Explained, Step, event="decline_filing"):
    """Approval of not filing (不予立案)."""

    ground: NotFiledGround
    named_informant: bool = Field(default=False, description="the clue came from a named informant, who is to be informed (K06)")


class InvestigationStart(Step, event="investigate"):
    """Start of the investigation (开始调查)."""


class Suspension(Explained, Step, event="suspend"):
    """Suspension of the investigation (中止); the clocks that know the ground stand still."""

    clock_ground: PauseGround = "suspension"


class Resumption(Explained, Step, event="resume"):
    """Resumption of the investigation (恢复调查)."""


class InvestigationEnd(Step, event="end_investigation"):
    """End of the investigation (调查终结)."""

    final_report: Text
    evidence: tuple[Short, ...] = Field(max_length=500, description="ids of evidence", examples=[["E-0001"]])
    goods_value_fen: Fen | None = None
    gains_fen: Fen | None = Field(default=None, description="illegal gains (违法所得)")
    complex: bool = Field(default=False, description="difficult, complex or of major public interest (疑难复杂)")


class ReviewSubmission(Step, event="submit_review"):
    """Submission to review (送审)."""

    kind: ReviewKind


class Review(Body):
    """Opinion of the reviewer (审核意见); not passed = returned."""

    passed: bool
    opinion: Text


class ReviewOpinion(Review, Step, event="review"):
    """An opinion with the person who gave it."""

    reviewer: str


class ReviewReturn(ReviewOpinion, event="return"):
    """An opinion that returns the case (退回补充)."""


class ReviewAfterHearing(ReviewOpinion, event="review_after_hearing"):
    """The opinion after a hearing (听证后法制审核)."""


class Supplement(Step, event="supplement"):
    """Supplementary investigation of a returned case (补充调查)."""


class PenaltyNotice(Step, event="serve_notice"):
    """Notice of the intended penalty (行政处罚告知)."""

    penalties: tuple[PenaltyIn, ...] = Field(max_length=10)
    facts: Text
    hearing_right_notified: bool = Field(
        default=False, validation_alias=AliasChoices("hearing_right_notified", "hearing_right_told")
    )
    correction_overdue: bool = Field(default=False, description="the term to correct has passed without correction")
    mitigation: Literal["SELLER_INNOCENT"] | None = None


class NoPenaltyProposal(Explained, Step, event="pass_without_notice"):
    """Why no penalty is intended, so that no notice is served (拟不予处罚)."""


class Statement(Step, event="make_statement"):
    """Statement and defence of the party (陈述申辩)."""

    text: Text


class HearingRequest(Step, event="ask_hearing"):
    """The party asks for a hearing (要求听证)."""

    request: Text


class HearingNotice(Step, event="notify_hearing"):
    """Time and place of the hearing (听证通知)."""

    held_on: date
    place: Short = Field(examples=["福州市市场监督管理局听证室"])


class HearingRecord(Step, event="record_hearing"):
    """Record of the hearing (听证笔录)."""

    held_on: date
    record: Text


class RightsConclusion(Step, event="conclude_rights"):
    """The party's rights were exercised, waived, or their term is over."""

    answer: Text | None = Field(default=None, description="what the bureau says to the statement")
    waived: bool = Field(default=False, description="the party waived its rights in writing")


class Decision(Explained):
    """The decision (处理决定)."""

    outcome: Outcome
    decision_no: Short | None = Field(
        default=None, description="处罚决定书文号; needed for a penalty", examples=["榕市监处罚〔2024〕12号"]
    )
    penalties: tuple[PenaltyIn, ...] = Field(default_factory=tuple, max_length=10)
    educated: bool = Field(default=False, description="the party was educated where no penalty is imposed (PL art 33)")
    collective_discussion: Text | None = Field(default=None, description="minutes, needed for complex cases")

    def step(self) -> "DecisionStep":
        """The step that the outcome makes of it."""
        return _DECISIONS[self.outcome].model_validate(self, from_attributes=True)


class DecisionStep(Decision, Step):
    """A decision by its outcome."""


class PenaltyDecision(DecisionStep, event="decide_penalty"):
    """A penalty (行政处罚决定)."""


class NoPenaltyDecision(DecisionStep, event="decide_no_penalty"):
    """No penalty (不予行政处罚)."""


class NotEstablished(DecisionStep, event="decide_not_established"):
    """The facts are not established (违法事实不成立)."""


_DECISIONS: Final[Mapping[CaseStatus, type[DecisionStep]]] = {
    CaseStatus.PENALTY_DECIDED: PenaltyDecision,
    CaseStatus.NO_PENALTY: NoPenaltyDecision,
    CaseStatus.FACTS_NOT_ESTABLISHED: NotEstablished,
}


class OnTheSpot(Explained, Step, event="decide_on_the_spot"):
    """A decision of the simplified procedure (当场处罚)."""

    penalties: tuple[PenaltyIn, ...] = Field(min_length=1, max_length=5)
    decision_no: Short | None = None


Sanction = PenaltyNotice | DecisionStep | OnTheSpot
"""What intends or imposes penalties."""


class ExternalTransfer(Explained, Step, event="transfer_other"):
    """Transfer to the competent bureau or department (移送)."""

    receiver: Short = Field(examples=["厦门市市场监督管理局"])


class JudicialTransfer(Step, event="transfer_judicial"):
    """The case is left to the judiciary (移送司法机关)."""


class JudicialReturn(Step, event="return_from_judicial"):
    """The case comes back from the judiciary (退回行政处理)."""


class ServiceOfDecision(Receipted, Step, event="serve"):
    """Service of the decision (送达)."""

    method: Literal["direct", "left", "mail", "electronic", "entrusted", "public_notice"]
    cross_province: bool = Field(default=False, description="the party is registered in another province, which publishes (K21)")


class Publication(Step, event="publish"):
    """Publication of the decision (公示)."""

    platform: Short = Field(examples=["国家企业信用信息公示系统"])


class PublicationWithdrawal(Explained, Step, event="withdraw_publication"):
    """Withdrawal of the publication (撤回公示)."""


class ExecutionStart(Step, event="execute"):
    """Start of the execution (执行)."""


class Payment(Body):
    """A payment, or how the decision was carried out otherwise (缴纳、执行)."""

    amount_fen: Fen | None = None
    settlement: Text | None = Field(default=None, description="how it was settled when not by payment, e.g. court enforcement")


class PaymentRecord(Payment, Step, event="pay"):
    """A payment with the sum of all so far, in fen; `complete` once nothing more is owed."""

    paid_fen: int
    complete: bool


class Closure(Step, event="close"):
    """The case is closed (结案)."""


class Archiving(Step, event="archive"):
    """The dossier is archived (归档)."""


class TermExtension(Body):
    """An extension of a term (延长期限): so many units, or a new date where the law lets the decision fix one."""

    approver: Literal["agency_head", "collective"]
    document: Short = Field(examples=["延长办案期限审批表 2024-12"])
    amount: int | None = Field(default=None, ge=1, le=1000, examples=[15])
    until: date | None = None


class GrantedExtension(TermExtension, Step, event="extend_deadline"):
    """An extension with the number of the deadline and the day of its approval."""

    code: str
    approved_on: date


class ActOnRecord(Body):
    """An act that no more than its document proves (在案行为); its statutory clock begins or ends with it."""

    document: Short = Field(examples=["协助调查函〔2024〕3号"])
    explanation: Text | None = None
    happened_at: AwareDatetime | None = Field(default=None, description="when it happened; now if missing, never in the future")

    def step(self, event: str) -> "ActStep":
        """The act under its own event, one of `ACTS`."""
        return _ACTS[event].model_validate(self, from_attributes=True)


class ActStep(ActOnRecord, Step):
    """An act that the state machine knows by its own event."""


_ACTS: Final[Mapping[str, type[ActStep]]] = {
    event: create_model(event, __base__=ActStep, __cls_kwargs__={"event": event}) for event in ACTS
}

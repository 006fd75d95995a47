"""What is on record of a case or of a criminal transfer: each step taken, under the name of its event."""

from typing import Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    field_validator,
    model_serializer,
    model_validator,
)

from services.cases.rules import steps
from services.cases.rules import transfer_steps as transfer
from services.cases.rules.bodies import NOT_RECORDED, PenaltyIn, Person, Step
from services.cases.rules.state_machine import ACTS, CLEARED_BY


class Record(BaseModel):
    """One field for each step, None where it was not taken; in JSON the steps taken alone, by their events."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    @property
    def taken(self) -> dict[str, object]:
        """The steps on record by their events."""
        fields = {field.alias or name: getattr(self, name) for name, field in type(self).model_fields.items()}
        return {event: step for event, step in (fields | (self.model_extra or {})).items() if step is not None}

    def after(self, step: Step) -> Self:
        """The record once `step` was taken; a step that opens a new round removes what the earlier one put down."""
        cleared = CLEARED_BY.get(step.event, ())
        kept = {event: earlier for event, earlier in self.taken.items() if event not in cleared}
        return self.model_validate(kept | {step.event: step})

    @model_serializer(mode="wrap")
    def _steps_taken(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {event: step for event, step in serialize(self).items() if step is not None}


class CaseRecord(Record):
    """The record of a case (案件记录); acts on record lie beside the fields, under events of the state machine's own."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, steps.ActOnRecord] = Field(init=False)

    clue: steps.ClueReceived | None = Field(None, alias=steps.ClueReceived.event)
    assignment: steps.Assignment | None = Field(None, alias=steps.Assignment.event)
    verification: steps.Verification | None = Field(None, alias=steps.Verification.event)
    non_filing: steps.NonFiling | None = Field(None, alias=steps.NonFiling.event)
    filing: steps.Filing | None = Field(None, alias=steps.Filing.event)
    on_the_spot: steps.OnTheSpot | None = Field(None, alias=steps.OnTheSpot.event)
    investigation_start: steps.InvestigationStart | None = Field(None, alias=steps.InvestigationStart.event)
    suspension: steps.Suspension | None = Field(None, alias=steps.Suspension.event)
    resumption: steps.Resumption | None = Field(None, alias=steps.Resumption.event)
    investigation_end: steps.InvestigationEnd | None = Field(None, alias=steps.InvestigationEnd.event)
    review_submission: steps.ReviewSubmission | None = Field(None, alias=steps.ReviewSubmission.event)
    review: steps.ReviewOpinion | None = Field(None, alias=steps.ReviewOpinion.event)
    review_return: steps.ReviewReturn | None = Field(None, alias=steps.ReviewReturn.event)
    supplement: steps.Supplement | None = Field(None, alias=steps.Supplement.event)
    notice: steps.PenaltyNotice | None = Field(None, alias=steps.PenaltyNotice.event)
    no_penalty_proposal: steps.NoPenaltyProposal | None = Field(None, alias=steps.NoPenaltyProposal.event)
    statement: steps.Statement | None = Field(None, alias=steps.Statement.event)
    hearing_request: steps.HearingRequest | None = Field(None, alias=steps.HearingRequest.event)
    hearing_notice: steps.HearingNotice | None = Field(None, alias=steps.HearingNotice.event)
    hearing_record: steps.HearingRecord | None = Field(None, alias=steps.HearingRecord.event)
    review_after_hearing: steps.ReviewAfterHearing | None = Field(None, alias=steps.ReviewAfterHearing.event)
    rights_conclusion: steps.RightsConclusion | None = Field(None, alias=steps.RightsConclusion.event)
    penalty_decision: steps.PenaltyDecision | steps.OnTheSpot | None = Field(None, alias=steps.PenaltyDecision.event)
    no_penalty_decision: steps.NoPenaltyDecision | None = Field(None, alias=steps.NoPenaltyDecision.event)
    not_established: steps.NotEstablished | None = Field(None, alias=steps.NotEstablished.event)
    external_transfer: steps.ExternalTransfer | None = Field(None, alias=steps.ExternalTransfer.event)
    judicial_transfer: steps.JudicialTransfer | None = Field(None, alias=steps.JudicialTransfer.event)
    judicial_return: steps.JudicialReturn | None = Field(None, alias=steps.JudicialReturn.event)
    service: steps.ServiceOfDecision | None = Field(None, alias=steps.ServiceOfDecision.event)
    publication: steps.Publication | None = Field(None, alias=steps.Publication.event)
    publication_withdrawal: steps.PublicationWithdrawal | None = Field(None, alias=steps.PublicationWithdrawal.event)
    execution_start: steps.ExecutionStart | None = Field(None, alias=steps.ExecutionStart.event)
    payment: steps.PaymentRecord | None = Field(None, alias=steps.PaymentRecord.event)
    extension: steps.GrantedExtension | None = Field(None, alias=steps.GrantedExtension.event)
    closure: steps.Closure | None = Field(None, alias=steps.Closure.event)
    archiving: steps.Archiving | None = Field(None, alias=steps.Archiving.event)

    @field_validator("filing", mode="before")
    @classmethod
    def _handlers_of_old(cls, filing: object) -> object:
        return _with_certificate_days(filing, "handlers")

    @model_validator(mode="after")
    def _only_acts_beside(self) -> Self:
        if unknown := set(self.model_extra or ()) - set(ACTS):
            raise ValueError(f"no such steps: {sorted(unknown)}")
        return self

    @property
    def handlers(self) -> tuple[Person, ...]:
        """The persons who handle the case, as the filing named them."""
        return self.filing.handlers if self.filing else ()

    @property
    def penalties(self) -> tuple[PenaltyIn, ...]:
        """The penalties decided, else those that the party was notified of."""
        sanctions = (self.penalty_decision, self.notice)
        return next((sanction.penalties for sanction in sanctions if sanction and sanction.penalties), ())

    def after(self, step: Step) -> Self:
        """The record once `step` was taken; a decision on the spot counts as the decision too."""
        record = super().after(step)
        if not isinstance(step, steps.OnTheSpot):
            return record
        return self.model_validate(record.taken | {steps.PenaltyDecision.event: step})


class TransferRecord(Record):
    """The record of a criminal transfer (移送记录)."""

    suspicion: transfer.Suspicion | None = Field(None, alias=transfer.Suspicion.event)
    team: transfer.Team | None = Field(None, alias=transfer.Team.event)
    report: transfer.Report | None = Field(None, alias=transfer.Report.event)
    approval: transfer.Approval | None = Field(None, alias=transfer.Approval.event)
    rejection: transfer.Rejection | None = Field(None, alias=transfer.Rejection.event)
    sending: transfer.Sending | None = Field(None, alias=transfer.Sending.event)
    acceptance: transfer.Acceptance | None = Field(None, alias=transfer.Acceptance.event)
    forwarding: transfer.Forwarding | None = Field(None, alias=transfer.Forwarding.event)
    police_filing: transfer.PoliceFiling | None = Field(None, alias=transfer.PoliceFiling.event)
    police_rejection: transfer.PoliceRejection | None = Field(None, alias=transfer.PoliceRejection.event)
    reconsideration: transfer.Reconsideration | None = Field(None, alias=transfer.Reconsideration.event)
    procuratorate_advice: transfer.ProcuratorateAdvice | None = Field(None, alias=transfer.ProcuratorateAdvice.event)
    handover: transfer.Handover | None = Field(None, alias=transfer.Handover.event)
    return_to_administration: transfer.ReturnToAdministration | None = Field(None, alias=transfer.ReturnToAdministration.event)

    @field_validator("team", mode="before")
    @classmethod
    def _members_of_old(cls, team: object) -> object:
        return _with_certificate_days(team, "members")

    @property
    def members(self) -> tuple[Person, ...]:
        """The team."""
        return self.team.members if self.team else ()


def _with_certificate_days(stored: object, persons: str) -> object:
    """The stored step, its persons with the last day of their certificates, which the first versions did not ask for."""
    if not isinstance(stored, dict) or not isinstance(stored.get(persons), list):
        return stored
    return stored | {persons: [{"certificate_valid_to": NOT_RECORDED} | person for person in stored[persons]]}

"""Response bodies."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from services.cases.rules.record import Record
from services.cases.rules.steps import PenaltyNotice
from shared.events.value_objects import InspectedObject
from shared.vocabulary import CaseStatus, DeadlineState, FindingSeverity, RespondentType, StatusEvent, TransferStatus

Document = dict[str, Any]


def _as_document(value: object) -> object:
    return value.model_dump(mode="json") if isinstance(value, Record | InspectedObject) else value


StoredDocument = Annotated[Document, BeforeValidator(_as_document)]


class Answer(BaseModel):
    """A response body."""

    model_config = ConfigDict(from_attributes=True)


class CaseRow(Answer):
    """A case in a list (案件)."""

    id: UUID
    clue_no: str
    case_no: str | None
    state: CaseStatus
    finding_id: UUID
    campaign_id: UUID
    city: str
    county: str
    office: str
    uscc: str
    certificate_no: str
    product_name: str
    violation_type: str | None
    severity: FindingSeverity
    received_on: date


class CaseOut(CaseRow):
    """A case with all that its steps put on record (案件详情)."""

    decision_no: str | None
    respondent: StoredDocument
    respondent_type: RespondentType
    body_name: str
    fact: str
    act_on: date
    goods_value_fen: int | None
    source: str
    record: StoredDocument


class PenaltyNoticeOut(Answer):
    """What a party reads of its case: the intended penalty of its notice, and until when it may answer (处罚告知)."""

    id: UUID = Field(description="id of the case")
    case_no: str | None
    office: str
    state: CaseStatus
    notice: PenaltyNotice
    answer_due_on: date | None = Field(description="last day for statement, defence and the request for a hearing (K13)")


class StepOut(Answer):
    """A step in the history (办理记录)."""

    id: UUID
    event: str
    source: str | None
    target: str
    at: datetime
    by_subject: str
    by_role: str
    by_org: str
    content: Document


class DeadlineOut(Answer):
    """A clock (期限)."""

    id: UUID
    code: str
    name_zh: str
    name_en: str
    trigger: str
    due_on: date | None = Field(description="last day in time; None while an open pause holds the clock")
    overdue_from: datetime | None
    met_at: datetime | None
    state: DeadlineState
    late: bool = Field(description="met after the term")
    explanation: Document | None = Field(
        description="ccc-date/1: how the date follows from the rule; None while the calendar does not reach its end"
    )


class DossierPlace(Answer):
    """A place of the dossier with its papers (案卷目录)."""

    order: int
    volume: str
    code: str
    name_zh: str
    name_en: str
    papers: list[StepOut]


class TransferOut(Answer):
    """A criminal transfer (涉嫌犯罪移送)."""

    id: UUID
    case_id: UUID
    finding_id: UUID
    campaign_id: UUID
    state: TransferStatus
    city: str
    county: str
    ground: str
    suspected_on: date
    record: StoredDocument


class MatterOut(Answer):
    """A matter of qualification (资质问题)."""

    id: UUID
    finding_id: UUID
    campaign_id: UUID
    state: str
    city: str
    county: str
    respondent_type: RespondentType
    respondent_name: str
    body_code: str
    body_name: str
    violation_type: str
    fact: str
    opinion: str | None
    document_no: str | None
    submitted_on: date | None
    returned_on: date | None = Field(description="last day on which the province returned it")
    return_ground: str | None
    reported_on: date | None


class LetterOut(Answer):
    """A letter to a certification body (函告)."""

    id: UUID
    finding_id: UUID
    campaign_id: UUID
    state: str
    city: str
    county: str
    certificate_no: str
    body_code: str
    body_name: str
    fact: str
    requested: StatusEvent | None
    content: str | None
    sent_on: date | None
    change: StatusEvent | None
    answered_on: date | None


class CopyOut(Answer):
    """A copy to another department (抄告)."""

    id: UUID
    finding_id: UUID
    campaign_id: UUID
    state: str
    city: str
    county: str
    fact: str
    department: str | None
    content: str | None
    copied_on: date | None


class DutyCrimeClueOut(Answer):
    """A clue to a duty crime of a civil servant (职务犯罪线索)."""

    id: UUID
    case_id: UUID
    state: str
    city: str
    county: str
    organisation: str
    post: str
    fact: str
    recipient: str | None
    document_no: str | None
    sent_on: date | None
    receipt: str | None
    received_on: date | None

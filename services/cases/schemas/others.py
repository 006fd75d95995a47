"""Bodies of qualification matters, letters, copies and clues to duty crimes."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from services.cases.rules.bodies import Body, Short, Text
from shared.vocabulary import StatusEvent

Request = Literal[StatusEvent.SUSPEND, StatusEvent.REVOKE, StatusEvent.CANCEL]


class Submission(Body):
    """The city's opinion on a qualification matter (上报意见)."""

    opinion: Text


class Return(Body):
    """Why the province returns a qualification matter to the city (退回)."""

    ground: Text


class SamrReport(Body):
    """The province's report to SAMR (报总局)."""

    document_no: Short = Field(examples=["闽市监认证函〔2024〕9号"])


class LetterSending(Body):
    """What a letter asks of the body (函告)."""

    requested: Request
    content: Text


class DutyCrime(Body):
    """A clue to a duty crime; a post instead of a name, which the recipient establishes (职务犯罪线索)."""

    case_id: UUID = Field(description="the case in whose handling it was found")
    organisation: Short = Field(description="the civil servant's organisation", examples=["福州市市场监督管理局"])
    post: Short = Field(examples=["认证监督管理处工作人员"])
    fact: Text


class DutyCrimeSending(Body):
    """Where the clue goes (移送监察机关或检察机关)."""

    recipient: Literal["supervisory_commission", "procuratorate"]
    document_no: Short = Field(examples=["闽市监纪函〔2024〕1号"])


class Receipt(Body):
    """The recipient's receipt (回执)."""

    receipt: Short = Field(examples=["闽监收〔2024〕12号"])


class CopySending(Body):
    """Where a matter is copied to (抄告)."""

    department: Short = Field(examples=["福州市消防救援支队"])
    content: Text

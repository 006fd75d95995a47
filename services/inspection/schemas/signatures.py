"""Bodies about the confirmation sheet (Annex 2) and its signatures."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from services.inspection.schemas.base import Line, RequestBody, ResponseBody, Text

Opinion = Literal["agree", "partly", "object"]
"""A signatory's opinion on the confirmation sheet (无异议、部分有异议、有异议)."""
_DIGEST = "5f2b51ca2fdc5baa31ec02e002f69aec7b0c4c0e3f1b5e1d8e8fd8a1ed3bd9a4"


class _SignatureIn(RequestBody):
    """The field of every signature: which content was signed."""

    content_hash: str = Field(
        pattern="^[0-9a-f]{64}$", description="digest of the confirmation sheet that the signatory read", examples=[_DIGEST]
    )


class InspectorSignatureIn(_SignatureIn):
    """The caller signs as a member of the team (检查人员签字)."""

    model_config = ConfigDict(json_schema_extra={"example": {"party": "inspector", "content_hash": _DIGEST}})
    party: Literal["inspector"]


class ExpertSignatureIn(_SignatureIn):
    """The caller signs with an opinion as the expert assigned to the team (专家签字)."""

    party: Literal["expert"]
    opinion: Opinion
    statement: Text | None = None


class ObjectSignatureIn(_SignatureIn):
    """The object's person signs with an opinion (被检查单位签字)."""

    party: Literal["object"]
    opinion: Opinion
    statement: Text | None = None
    name: Line
    position: Line


class RefusalToSignIn(_SignatureIn):
    """The object refuses to sign: the reason, the recording and, where there is one, the witness (拒签)."""

    party: Literal["refusal"]
    reason: Text
    recording: UUID = Field(description="id of the recording among the inspection's evidence (音像记录)")
    witness: Line | None = None


SignatureIn = Annotated[
    InspectorSignatureIn | ExpertSignatureIn | ObjectSignatureIn | RefusalToSignIn, Field(discriminator="party")
]


class SignatureOut(ResponseBody):
    """A signature or a note of a refusal to sign; `content_hash` is that of the content it is valid for."""

    id: UUID
    party: str
    name: str
    position: str | None
    opinion: str | None
    statement: str | None
    reason: str | None
    recording: str | None
    witness: str | None
    content_hash: str
    signed_at: datetime


class ConfirmationSheetOut(ResponseBody):
    """The confirmation sheet, Annex 2 (问题确认表)."""

    inspection_id: UUID
    content: dict[str, Any]
    content_hash: str = Field(description="the digest that signatures are bound to")
    signatures: list[SignatureOut]
    evidence_numbers: dict[UUID, int] = Field(description="the number by which the sheet cites a piece of evidence")

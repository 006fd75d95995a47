"""Bodies about Annex 2: the sheet and who signs it."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from services.inspection.schemas.base import Answered, Body, Line, Text

Opinion = Literal["agree", "partly", "object"]
"""What a signatory says to the sheet (无异议、部分有异议、有异议)."""
_DIGEST = "5f2b51ca2fdc5baa31ec02e002f69aec7b0c4c0e3f1b5e1d8e8fd8a1ed3bd9a4"


class Signs(Body):
    """What every signature says: which sheet was signed."""

    content_hash: str = Field(
        pattern="^[0-9a-f]{64}$", description="digest of the sheet that the signatory read", examples=[_DIGEST]
    )


class InspectorSigns(Signs):
    """The caller signs as a member of the team (检查人员签字)."""

    model_config = ConfigDict(json_schema_extra={"example": {"party": "inspector", "content_hash": _DIGEST}})
    party: Literal["inspector"]


class ExpertSigns(Signs):
    """The caller signs with an opinion as the expert allotted to the team (专家签字)."""

    party: Literal["expert"]
    opinion: Opinion
    statement: Text | None = None


class ObjectSigns(Signs):
    """The object's person signs with an opinion (被检查单位签字)."""

    party: Literal["object"]
    opinion: Opinion
    statement: Text | None = None
    name: Line
    position: Line


class ObjectRefuses(Signs):
    """The object refuses to sign: the ground, the recording and, where there is one, the witness (拒签)."""

    party: Literal["refusal"]
    reason: Text
    recording: UUID = Field(description="id of the recording among the inspection's evidence (音像记录)")
    witness: Line | None = None


SignatureIn = Annotated[InspectorSigns | ExpertSigns | ObjectSigns | ObjectRefuses, Field(discriminator="party")]


class SignatureOut(Answered):
    """A signature or a note of refusal; `content_hash` is that of the sheet it stands under."""

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


class SheetOut(Answered):
    """Annex 2 as a document (问题确认表)."""

    inspection_id: UUID
    content: dict[str, Any]
    content_hash: str = Field(description="what signatures are bound to")
    signatures: list[SignatureOut]
    evidence_numbers: dict[UUID, int] = Field(description="by which number the sheet cites a piece of evidence")

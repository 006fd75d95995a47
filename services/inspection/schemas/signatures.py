"""Bodies about Annex 2: the sheet and who signs it."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from services.inspection.schemas.base import Answered, Body, Line, Text


class InspectorSigns(Body):
    """The caller signs as a member of the team (检查人员签字)."""

    model_config = ConfigDict(json_schema_extra={"example": {"party": "inspector"}})
    party: Literal["inspector"]


class ExpertSigns(Body):
    """The caller signs as the expert allotted to the team (专家签字)."""

    party: Literal["expert"]


class ObjectSigns(Body):
    """The object's person signs with an opinion (被检查单位签字)."""

    party: Literal["object"]
    opinion: Literal["agree", "partly", "object"]
    statement: Text | None = None
    name: Line
    position: Line


class ObjectRefuses(Body):
    """The object refuses to sign: the ground, the recording and, where there is one, the witness (拒签)."""

    party: Literal["refusal"]
    reason: Text
    recording: Line
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

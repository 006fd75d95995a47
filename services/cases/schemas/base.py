"""What the bodies are made of."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.vocabulary import PenaltyKind

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), Field(examples=["事实清楚，证据确凿"])
]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Fen = Annotated[int, Field(ge=0, le=10**15, description="integer fen (分)", examples=[6000000])]


class Body(BaseModel):
    """A request body; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Body):
    """A step that needs no more than the caller and the moment."""


class Person(Body):
    """A handler or team member with the number of the enforcement certificate (办案人员)."""

    subject: Short = Field(description="`sub` of the person's token", examples=["officer-3501"])
    name: Short = Field(examples=["张三"])
    law_enforcement_no: Short = Field(description="执法证号", examples=["35010090001"])
    certificate_valid_to: date = Field(description="执法证有效期至; last day of the certificate", examples=["2026-12-31"])


class PenaltyIn(Body):
    """One penalty (处罚)."""

    kind: PenaltyKind = Field(examples=["fine"])
    amount_fen: Fen | None = Field(default=None, description="for fine and confiscations only")


class Explained(Body):
    """A step with its reason."""

    explanation: Text


class Grounded(Body):
    """A step with its ground."""

    ground: Text


class Receipt(Body):
    """A step that is proven by a receipt (回执)."""

    receipt: Text

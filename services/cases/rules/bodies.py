"""What steps and other request bodies are made of."""

from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.events.value_objects import Penalty
from shared.vocabulary import PenaltyKind

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), Field(examples=["事实清楚，证据确凿"])
]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Fen = Annotated[int, Field(ge=0, le=10**15, description="integer fen (分)", examples=[6000000])]


class Body(BaseModel):
    """A request body or a part of it; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    event: ClassVar[str]

    def __init_subclass__(cls, *, event: str = "", **_: object) -> None:
        """Accept the class argument, which pydantic hands on to the method below once the fields are known."""
        super().__init_subclass__()

    @classmethod
    def __pydantic_init_subclass__(cls, *, event: str = "", **_: object) -> None:
        """Give a step its event."""
        super().__pydantic_init_subclass__()
        if event:
            cls.event = event


class Step(Body):
    """A step that can be taken. `event` is its name in the state machine, in the record and in the history."""

    def content(self) -> dict[str, Any]:
        """What the history keeps of the step."""
        return self.model_dump(mode="json")


class Explained(Body):
    """A step with its reason."""

    explanation: Text


class Grounded(Body):
    """A step with its ground."""

    ground: Text


class Receipted(Body):
    """A step that is proven by a receipt (回执)."""

    receipt: Text


NOT_RECORDED = date.min
"""The last day of a certificate where the record, older than the field, has none: over on any day, and never written."""


class Person(Body):
    """A handler or team member with the number of the enforcement certificate (办案人员)."""

    subject: Short = Field(description="`sub` of the person's token", examples=["officer-3501"])
    name: Short = Field(examples=["张三"])
    law_enforcement_no: Short = Field(description="执法证号", examples=["35010090001"])
    certificate_valid_to: date = Field(
        description="执法证有效期至; last day of the certificate",
        examples=["2026-12-31"],
        exclude_if=lambda day: day == NOT_RECORDED,
    )


class PenaltyIn(Penalty):
    """One penalty (处罚)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: PenaltyKind = Field(examples=["fine"])
    amount_fen: Fen | None = Field(default=None, description="for fine and confiscations only")

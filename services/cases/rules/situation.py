"""What a step of a case or of a criminal transfer is judged by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.cases.rules.reference_data import Violation
from shared.deadlines import Calendar
from shared.events.value_objects import Penalty
from shared.vocabulary import FindingSeverity, RespondentType, TransferStatus


@dataclass(frozen=True)
class Situation:
    """The state of affairs at the moment of a step.

    `record` holds for each step already taken, by its name, what was put down then; `body` is what the present one brings.
    `terms` are the last days of the running clocks by their code.
    """

    record: Mapping[str, Any]
    body: Mapping[str, Any]
    state: str
    subject: str
    org: str
    office: str
    day: date
    act_on: date
    severity: FindingSeverity
    respondent: RespondentType
    violation: Violation | None
    calendar: Calendar
    goods_value_fen: int | None = None
    terms: Mapping[str, date | None] = field(default_factory=dict)
    transfers: Sequence[TransferStatus] = ()

    @property
    def named(self) -> Sequence[Mapping[str, Any]]:
        """The handlers of the case, or the team of the transfer."""
        kept = self.record.get("file", {}).get("handlers") or self.record.get("form_team", {}).get("members")
        return self.body.get("handlers") or self.body.get("members") or kept or ()

    @property
    def handles(self) -> bool:
        """Whether the caller is one of them."""
        return self.subject in {each["subject"] for each in self.named}

    @property
    def penalties(self) -> tuple[Penalty, ...]:
        """The penalties of the present step, else those of the decision, else those of the notice."""
        for step in (self.body, self.record.get("decide_penalty", {}), self.record.get("serve_notice", {})):
            if step.get("penalties"):
                return tuple(Penalty.model_validate(each) for each in step["penalties"])
        return ()

    @property
    def complex(self) -> bool:
        """Whether the investigation called the case difficult or complex (O2 art 50)."""
        return bool(self.record.get("end_investigation", {}).get("complex"))

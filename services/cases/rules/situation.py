"""What a step of a case or of a criminal transfer is judged by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.cases.rules.bodies import PenaltyIn, Person, Step
from services.cases.rules.record import CaseRecord
from services.cases.rules.reference_data import Violation
from services.cases.rules.steps import Filing, PenaltyNotice, Sanction
from services.cases.rules.transfer_steps import Team
from shared.deadlines import Calendar
from shared.vocabulary import FindingSeverity, RespondentType, TransferStatus


@dataclass(frozen=True)
class Situation:
    """The state of affairs at the moment of a step.

    `record` is the case's, also where the step is one of its criminal transfer; `persons` are the handlers of the case or the
    team of the transfer, and `handled` says whether there must be some: from the filing on, and for every transfer.
    `terms` are the last days of the running clocks by their code.
    """

    record: CaseRecord
    step: Step
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
    persons: tuple[Person, ...]
    handled: bool
    goods_value_fen: int | None = None
    terms: Mapping[str, date | None] = field(default_factory=dict)
    transfers: Sequence[TransferStatus] = ()

    @property
    def named(self) -> tuple[Person, ...]:
        """The persons that the step names, else those on record."""
        match self.step:
            case Filing():
                return self.step.handlers
            case Team():
                return self.step.members
            case _:
                return self.persons

    @property
    def notice(self) -> PenaltyNotice | None:
        """The notice to the party: the step itself, or the one on record."""
        return self.step if isinstance(self.step, PenaltyNotice) else self.record.notice

    @property
    def penalties(self) -> tuple[PenaltyIn, ...]:
        """The penalties of the step if it is one that imposes or intends some, else those on record."""
        return self.step.penalties if isinstance(self.step, Sanction) else self.record.penalties

    @property
    def complex(self) -> bool:
        """Whether the case is difficult or complex (O2 art 50); so it is as long as no investigation says otherwise."""
        return self.record.investigation_end is None or self.record.investigation_end.complex

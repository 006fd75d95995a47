"""What a step does to the deadlines of its case, and last days that no deadline record answers for."""

from dataclasses import dataclass
from datetime import date

from services.cases.rules import steps
from services.cases.rules.bodies import Step
from services.cases.rules.record import CaseRecord
from services.cases.rules.state_machine import Transition
from shared import deadlines
from shared.deadlines import Calendar, Moment
from shared.deadlines.rules import PauseGround
from shared.vocabulary import PenaltyKind

_PAUSES: dict[str, PauseGround] = {
    steps.Suspension.event: "suspension",
    steps.HearingRequest.event: "hearing",
    "apply_for_review": "review",
    "sue": "litigation",
}
_RESUMES = (steps.Resumption.event, steps.RightsConclusion.event, "conclude_remedy")


@dataclass(frozen=True)
class Effects:
    """What a step does to the deadlines of its case; the state machine's data names most of it.

    `starts` gives each with its trigger, None for now. `met_at_once` are met as soon as they are started. `resumes` and
    `pauses` concern every deadline that may stand still, by the document named.
    """

    event: str
    meets: tuple[str, ...]
    waives: tuple[str, ...]
    starts: tuple[tuple[str, Moment | None], ...]
    met_at_once: tuple[str, ...]
    resumes: bool
    pauses: PauseGround | None
    document: str


def effects(transition: Transition, step: Step, record: CaseRecord, act_on: date) -> Effects:
    """What the step does, once it is on record; `act_on` is the day of the act that the case is about."""
    part_payment = isinstance(step, steps.PaymentRecord) and not step.complete
    informant = ("K06",) if isinstance(step, steps.Filing | steps.NonFiling) and step.named_informant else ()
    codes = [_variant(code, step, record) for code in (*transition.starts_clocks, *informant)]
    return Effects(
        event=step.event,
        meets=() if part_payment else transition.meets_clocks,
        waives=() if part_payment else transition.waives_clocks,
        starts=tuple((code, act_on if code == "K33/harm" else _happened(step)) for code in codes),
        met_at_once=("K14",) if isinstance(step, steps.HearingNotice) else (),
        resumes=step.event in _RESUMES,
        pauses=step.clock_ground if isinstance(step, steps.Suspension) else _PAUSES.get(step.event),
        document=_document(step),
    )


def due_day(code: str, day: date, calendar: Calendar) -> date:
    """The last day of a clock that runs from `day` without pause."""
    ends = deadlines.due(code, day, calendar=calendar).due_day
    assert ends is not None  # only an open pause leaves the day unknown
    return ends


def _variant(code: str, step: Step, record: CaseRecord) -> str:
    """The part of a clock that fits: cross-province publication, or the short publication of a mere criticism."""
    if code == "K21" and isinstance(step, steps.ServiceOfDecision) and step.cross_province:
        return "K21/cross_send"
    kinds = {penalty.kind for penalty in record.penalty_decision.penalties} if record.penalty_decision else set()
    return "K23/short" if code == "K23" and kinds - {PenaltyKind.WARNING} == {PenaltyKind.CRITICISM} else code


def _happened(step: Step) -> Moment | None:
    match step:
        case steps.HearingNotice():
            return step.held_on
        case steps.ActStep():
            return step.happened_at
        case _:
            return None


def _document(step: Step) -> str:
    match step:
        case steps.ActStep():
            return step.document
        case steps.Suspension() | steps.Resumption():
            return step.explanation
        case _:
            return ""

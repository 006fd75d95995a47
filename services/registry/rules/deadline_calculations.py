"""Dates for whoever asks, before anything is filed: stateless, by the same engine as every deadline on record."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from shared import deadlines
from shared.deadlines import Calendar, Deadline, DeadlineQuery, Moment
from shared.deadlines.engine import compute
from shared.deadlines.errors import DeadlineError, InvalidTrigger
from shared.deadlines.inverse import trigger_for


@dataclass(frozen=True)
class Question:
    """An ask forward, or with `due_by` backward."""

    ask: DeadlineQuery
    due_by: Moment | None = None


@dataclass(frozen=True)
class Answer:
    """A computed deadline with its explanation where one was wanted."""

    deadline: Deadline
    explanation: dict[str, Any] | None


def moment_of(place: int, trigger: Moment | None, due_by: Moment | None) -> Moment:
    """The one moment that the question at `place` counts from. Raises InvalidTrigger where it gives none, or both."""
    moments = [moment for moment in (trigger, due_by) if moment is not None]
    if len(moments) != 1:
        raise InvalidTrigger("须给出 trigger 或 due_by 之一 / give either trigger or due_by", pointer=f"/asks/{place}/trigger")
    return moments[0]


def answers(calendar: Calendar, questions: Sequence[Question], *, explain: bool) -> list[Answer]:
    """Answer every question. Raises DeadlineError whose pointer begins with the question's place."""
    return [_placed(calendar, place, question, explain=explain) for place, question in enumerate(questions)]


def _placed(calendar: Calendar, place: int, question: Question, *, explain: bool) -> Answer:
    with _at(f"/asks/{place}"):
        deadline = _deadline(calendar, question)
        return Answer(deadline, deadlines.explain(deadline) if explain else None)


def _deadline(calendar: Calendar, question: Question) -> Deadline:
    ask, rules = question.ask, deadlines.dataset().rules
    if question.due_by is not None:
        if ask.pauses:
            raise InvalidTrigger("反推不含扣除期间 / the inverse knows no pauses", pointer="/pauses")
        rule = rules.at(ask.rule_id, deadlines.require_legal_day(question.due_by, "/due_by"))
        trigger = trigger_for(calendar, rule, question.due_by, ask.extensions, ask.amount)
        ask = ask._replace(trigger=trigger)
    return compute(calendar, rules, ask)


@contextmanager
def _at(place: str) -> Iterator[None]:
    """Let a refusal point into the question it is about."""
    try:
        yield
    except DeadlineError as refused:
        refused.pointer = place + (refused.pointer or "")
        raise

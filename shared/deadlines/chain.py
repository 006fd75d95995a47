"""Clocks that depend on each other: the act of one is the trigger of the next (K25 → K26 → K28, K17 → K18, …)."""

from collections.abc import Iterator, Mapping

from shared.deadlines.calendar import Calendar
from shared.deadlines.engine import Deadline, compute
from shared.deadlines.inputs import Ask, Moment
from shared.deadlines.rules import RuleBook
from shared.vocabulary import DeadlineUnit


def chain(calendar: Calendar, rules: RuleBook, rule_id: str, trigger: Moment, acts: Mapping[str, Moment]) -> Iterator[Deadline]:
    """The deadline of `rule_id` and of every clock that follows it, first to last.

    `acts` says when the acts that have happened did; for one that has not, its last admissible moment is assumed.
    Raises DeadlineRefused.
    """
    deadline = compute(calendar, rules, Ask(rule_id, trigger))
    yield deadline
    for follower in rules.followers(rule_id):
        hours = rules.versions(follower)[-1].unit is DeadlineUnit.H
        begins = acts.get(rule_id) or (deadline.due_at if hours else deadline.due_day)
        if begins is not None:
            yield from chain(calendar, rules, follower, begins, acts)

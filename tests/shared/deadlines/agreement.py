"""Random dates on which the engine and both offline verifiers must agree: the Python file, and the page's program run by V8.

The test suite takes a sample; `make date-agreement` takes a hundred thousand.
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from shared import deadlines
from shared.deadlines import Deadline, Extension, Moment, Pause
from shared.deadlines.errors import DeadlineError
from shared.deadlines.rules import Rule
from shared.deadlines.verifiers.verify_date import verify
from shared.vocabulary import DeadlineUnit
from tests.shared.deadlines.page_program import PAGE, PageProgram

DATASET = deadlines.dataset()
RULES = [DATASET.rules.versions(rule_id)[-1] for rule_id in DATASET.rules]


def cases(count: int, seed: int = 215) -> Iterator[Deadline]:
    """`count` deadlines of every rule, with and without pauses (some open) and extensions."""
    chance = Random(seed)
    made = 0
    while made < count:
        deadline = _case(chance)
        if deadline is not None:
            made += 1
            yield deadline


def _case(chance: Random) -> Deadline | None:
    """A case that the engine accepts; the few that it rejects (late approval, end of the calendar) are chosen again."""
    rule = chance.choice(RULES)
    day = max(rule.valid_from, date(2022, 10, 8)) + timedelta(days=chance.randrange(900))
    trigger = datetime(day.year, day.month, day.day, chance.randrange(24), chance.randrange(60), tzinfo=UTC)
    moment: Moment = trigger if rule.unit is DeadlineUnit.H or chance.random() < 0.3 else day
    pauses = [_pause(chance, rule, day) for _ in range(chance.choice((0, 0, 1, 2, 3)))] if rule.pauses else []
    extensions = _extensions(chance, rule, day)
    until = day + timedelta(days=chance.randrange(200)) if rule.id == "K04" else None
    try:
        return deadlines.due(rule.id, moment, pauses=pauses, extensions=extensions, until=until)
    except DeadlineError:
        return None


def _pause(chance: Random, rule: Rule, day: date) -> Pause:
    first = day + timedelta(days=chance.randrange(1, 130))
    last = None if chance.random() < 0.05 else first + timedelta(days=chance.randrange(40))
    return Pause(first, last, chance.choice(rule.pauses), f"检字〔{chance.randrange(99)}〕号")


def _extensions(chance: Random, rule: Rule, day: date) -> list[Extension]:
    made = []
    for step in rule.extensions[: chance.randrange(len(rule.extensions) + 1)]:
        approved = day + timedelta(days=chance.randrange(1, 40))
        later = approved + timedelta(days=chance.randrange(60, 200)) if step.amount is None else None
        made.append(Extension(step.by[0], "延字", None, later, approved if later else None))
    return made


def check(deadline: Deadline) -> None:
    """Raise unless the verifier confirms the engine's result from the document alone."""
    document = deadlines.explain(deadline)
    verdict = verify(json.dumps(document, ensure_ascii=False).encode())
    due = "held" if deadline.ends is None else f"due 届满 {document['result']['due_day']}"
    if deadline.rule.unit is DeadlineUnit.H:
        due = f"due 届满 {document['result']['due_at']}"
    if due not in verdict:
        raise AssertionError(f"{verdict}: engine says {due}")


def by_the_page(program: PageProgram, deadline: Deadline) -> None:
    """Raise unless the page's program confirms it too."""
    document = deadlines.explain(deadline)
    verdict = program.verdict(json.dumps(document, ensure_ascii=False))
    due = document["result"]["due_at" if deadline.rule.unit is DeadlineUnit.H else "due_day"]
    if verdict != (True, due, None):
        raise AssertionError(f"{verdict}: engine says {due}")


def main() -> None:
    """Check as many cases as the argument says."""
    count, program = int(sys.argv[1]), PageProgram(PAGE)
    for deadline in cases(count):
        check(deadline)
        by_the_page(program, deadline)
    sys.stdout.write(f"{count} dates: the engine and both verifiers agree\n")


if __name__ == "__main__":
    main()

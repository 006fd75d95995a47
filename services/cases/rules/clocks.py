"""The deadlines of a case: the one place where due dates are computed, by the clock engine `shared.deadlines`."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol

from shared import deadlines
from shared.clock import legal_day
from shared.deadlines import Deadline, Extension, Moment, Pause
from shared.terms import DeadlineState, DeadlineUnit

Document = dict[str, Any]


def trigger(code: str, now: datetime) -> Moment:
    """What a clock counts from when the act happens at `now`: the minute for terms in hours, else the legal day."""
    newest = deadlines.book().rules.versions(code)[-1]
    return now if newest.unit is DeadlineUnit.H else legal_day(now)


def compute(code: str, start: str, pauses: Sequence[Document] = (), extensions: Sequence[Document] = ()) -> Deadline:
    """A deadline from what is kept of it: trigger in ISO form, pauses and granted extensions.

    Raises:
        DeadlineRefused: it cannot be computed, with the reason.
    """
    return deadlines.due(
        code, _moment(start), pauses=[_pause(each) for each in pauses], extensions=[_extension(each) for each in extensions]
    )


def due_day(code: str, day: date) -> date:
    """The last day of a clock that runs from `day` without pause."""
    ends = deadlines.due(code, day).due_day
    assert ends is not None  # only an open pause leaves the day unknown
    return ends


def knows_pause(code: str, ground: str) -> bool:
    """Whether the clock may stand still on this ground."""
    return ground in deadlines.book().rules.versions(code)[-1].pauses


def _moment(text: str) -> Moment:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _pause(kept: Document) -> Pause:
    return Pause(_moment(kept["starts"]), _day(kept["ends"]), kept["ground"], kept.get("document", ""))


def _extension(kept: Document) -> Extension:
    return Extension(
        kept["approver"], kept.get("document", ""), kept.get("amount"), _day(kept.get("until")), _day(kept.get("approved_on"))
    )


class Kept(Protocol):
    """What is kept of a clock."""

    code: str
    trigger: str
    pauses: list[Document]
    extensions: list[Document]
    due_on: date | None
    overdue_from: datetime | None
    met_at: datetime | None


def explained(kept: Kept) -> Document:
    """Why the clock ends when it ends: `ccc-date/1`."""
    return deadlines.explain(_recomputed(kept))


def told(kept: Kept, now: datetime) -> Document:
    """A clock as it is shown: its rule, dates, state at `now` and explanation."""
    deadline = _recomputed(kept)
    return {
        "code": kept.code,
        "name_zh": deadline.rule.name_zh,
        "name_en": deadline.rule.name_en,
        "trigger": kept.trigger,
        "due_on": kept.due_on,
        "overdue_from": kept.overdue_from,
        "met_at": kept.met_at,
        "state": DeadlineState.MET if kept.met_at else deadline.state(now),
        "explanation": deadlines.explain(deadline),
    }


def _recomputed(kept: Kept) -> Deadline:
    return compute(kept.code, kept.trigger, kept.pauses, kept.extensions)

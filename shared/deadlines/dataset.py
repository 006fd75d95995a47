"""The data delivered with the package: the newest calendar and the national rules, read once and never changed."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from shared.deadlines.calendar import Calendar
from shared.deadlines.calendar_file import load_calendar
from shared.deadlines.rule_file import load_rules
from shared.deadlines.rules import RuleBook

DATA = Path(__file__).with_name("data")


class Book(NamedTuple):
    """A calendar and the rules that are counted on it."""

    calendar: Calendar
    rules: RuleBook


@cache
def book(override: Path | None = None) -> Book:
    """The delivered data; `override` is a province's rule file that replaces or adds versions of rules."""
    return Book(load_calendar(_newest("calendar-cn")), load_rules(_newest("rules-national"), override))


def _newest(prefix: str) -> Path:
    def version(path: Path) -> list[int]:
        return [int(part) for part in path.stem.rsplit("-", 1)[1].split(".")]

    return max(DATA.glob(f"{prefix}-*.json"), key=version)

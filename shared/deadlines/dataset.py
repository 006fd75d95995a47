"""The data delivered with the package: the newest calendar and the national rules, read once and never changed."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from shared.deadlines.calendar import Calendar
from shared.deadlines.calendar_file import load_calendar
from shared.deadlines.rule_file import load_rules
from shared.deadlines.rules import RuleSet

DATA = Path(__file__).with_name("data")


class Dataset(NamedTuple):
    """A calendar and the rules that are computed on it."""

    calendar: Calendar
    rules: RuleSet


@cache
def dataset(override: Path | None = None) -> Dataset:
    """The delivered data; `override` is a province's rule file that replaces or adds versions of rules.

    Raises:
        InvalidRuleFile: the override contradicts itself or the national rules.
    """
    return Dataset(load_calendar(_newest("calendar-cn")), load_rules(_newest("rules-national"), override))


def _newest(prefix: str) -> Path:
    def version(path: Path) -> list[int]:
        return [int(part) for part in path.stem.rsplit("-", 1)[1].split(".")]

    return max(DATA.glob(f"{prefix}-*.json"), key=version)

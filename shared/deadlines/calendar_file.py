"""Reading a calendar file (`ccc-calendar/1`): it is checked completely before any day of it is used."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.deadlines.calendar import SATURDAY, ArrangedDay, Calendar, Notice
from shared.deadlines.errors import InvalidCalendarFile

_ALWAYS_OFF = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NoticeEntry(_Model):
    """A notice that days rest on. Mark F: number found in a published text; K: known to exist, number not verified."""

    id: str = Field(min_length=1)
    number: str | None
    title: str = Field(min_length=1)
    issued_on: date | None
    mark: Literal["F", "K"]


class Arrangement(_Model):
    """One festival of one year: the days off and the weekend days worked for it (调休)."""

    name_zh: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    notice: str
    off: tuple[date, ...]
    worked: tuple[date, ...]


class Year(_Model):
    """One year. `working_days` is the total as counted by whoever publishes it: a missing day shows."""

    year: int = Field(ge=1949, le=2999)
    working_days: int = Field(ge=200, le=300)
    arrangements: tuple[Arrangement, ...]


class CalendarFile(_Model):
    """A whole calendar as published, in years without a gap."""

    format: Literal["ccc-calendar/1"]
    id: str
    version: str = Field(min_length=1)
    time_zone: Literal["Asia/Shanghai"]
    notices: tuple[NoticeEntry, ...]
    years: tuple[Year, ...] = Field(min_length=1)


def parse_calendar(content: bytes) -> Calendar:
    """The calendar in `content` (JSON).

    Raises:
        InvalidCalendarFile: the content breaks the schema or contradicts itself; the pointer names the place.
    """
    try:
        file = CalendarFile.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        pointer = "".join(f"/{part}" for part in first["loc"])
        raise InvalidCalendarFile(f"{pointer}: {first['msg']}", pointer=pointer) from error
    notices = {entry.id: Notice(entry.id, entry.number or "", entry.title, entry.mark) for entry in file.notices}
    arranged: dict[date, ArrangedDay] = {}
    for index, year in enumerate(file.years):
        _check_sequence(file, index)
        _add_year(arranged, year, f"/years/{index}", notices)
    digest = hashlib.sha256(content).hexdigest()
    calendar = Calendar(file.version, digest, file.years[0].year, file.years[-1].year, arranged, notices)
    for index, year in enumerate(file.years):
        _check_total(calendar, year, f"/years/{index}")
    return calendar


def load_calendar(path: Path) -> Calendar:
    """The calendar in a file.

    Raises:
        InvalidCalendarFile: as `parse_calendar`.
    """
    return parse_calendar(path.read_bytes())


def calendar_schema() -> str:
    """The JSON Schema of a calendar file, as kept beside the data."""
    return json.dumps(CalendarFile.model_json_schema(), ensure_ascii=False, indent=1) + "\n"


def _check_sequence(file: CalendarFile, index: int) -> None:
    expected = file.years[0].year + index
    if file.years[index].year != expected:
        raise _error(f"/years/{index}/year", f"expected {expected}: years follow each other without a gap")


def _days(year: Year) -> Iterator[tuple[str, date, ArrangedDay]]:
    for number, group in enumerate(year.arrangements):
        for field, days in (("off", group.off), ("worked", group.worked)):
            for index, day in enumerate(days):
                arranged = ArrangedDay(field == "worked", group.name_zh, group.name_en, group.notice)
                yield f"/arrangements/{number}/{field}/{index}", day, arranged


def _add_year(arranged_days: dict[date, ArrangedDay], year: Year, pointer: str, notices: dict[str, Notice]) -> None:
    for path, day, arranged in _days(year):
        if day.year != year.year:
            raise _error(pointer + path, f"{day} is not in {year.year}")
        if day in arranged_days:
            raise _error(pointer + path, f"{day} is there twice")
        if arranged.working and day.weekday() < SATURDAY:
            raise _error(pointer + path, f"{day} is no weekend day: only those can be worked instead")
        if arranged.notice not in notices:
            raise _error(pointer + path, f"notice {arranged.notice} is not listed")
        arranged_days[day] = arranged


def _check_total(calendar: Calendar, year: Year, pointer: str) -> None:
    for month, day in _ALWAYS_OFF:
        if calendar.is_working_day(date(year.year, month, day)):
            raise _error(pointer, f"{date(year.year, month, day)} is a statutory holiday and is missing")
    total = calendar.working_days_between(date(year.year, 1, 1), date(year.year, 12, 31))
    if total != year.working_days:
        raise _error(f"{pointer}/working_days", f"{year.working_days} working days stated, {total} found")


def _error(pointer: str, reason: str) -> InvalidCalendarFile:
    return InvalidCalendarFile(f"{pointer}: {reason}", pointer=pointer)

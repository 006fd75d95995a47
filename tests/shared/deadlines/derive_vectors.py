"""Derive `vectors.json` without the engine: `python -m tests.shared.deadlines.derive_vectors`.

The terms are copied from the table of rules independently, days are counted one by one on the published `chinesecalendar`,
and each row keeps its derivation as text, so that a reader can follow it on a wall calendar. Review the diff
before committing: a row changes only if the law, the calendar or a reading of them has changed.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar

DAY = timedelta(days=1)
WD, D, MONTH, H = "wd", "d", "month", "h"
FORWARD = "forward"
TERMS: dict[str, tuple[str, int, str]] = {
    "K01": (WD, 2, ""), "K03": (WD, 20, ""), "K05": (WD, 15, ""), "K06": (WD, 5, ""), "K07": (WD, 7, ""),
    "K07/superior": (WD, 7, ""), "K08": (H, 24, ""), "K09": (WD, 7, ""), "K10": (D, 30, FORWARD), "K11": (WD, 15, ""),
    "K12": (WD, 10, ""), "K13": (WD, 5, ""), "K14": (WD, -7, ""), "K15": (D, 90, FORWARD), "K16": (WD, 7, ""),
    "K16/public_notice": (D, 30, FORWARD), "K17": (D, 15, FORWARD), "K18": (D, 34, ""), "K19": (WD, 10, ""),
    "K19/court": (MONTH, 3, FORWARD), "K20": (WD, 15, ""), "K21": (WD, 20, ""), "K21/cross_send": (WD, 10, ""),
    "K21/cross_publish": (WD, 10, ""), "K22": (WD, 3, ""), "K23": (MONTH, 36, ""), "K23/short": (MONTH, 3, ""),
    "K24": (WD, 7, ""), "K25": (D, 3, FORWARD), "K26": (H, 24, ""), "K27": (H, 24, ""), "K28": (D, 3, FORWARD),
    "K29": (D, 3, FORWARD), "K29/answer": (D, 3, FORWARD), "K29/procuratorate": (D, 3, FORWARD),
    "K30": (D, 3, FORWARD), "K31": (D, 15, FORWARD), "K32": (WD, 10, ""), "K33": (MONTH, 24, ""),
    "K33/harm": (MONTH, 60, ""), "K34": (D, 0, ""), "K35": (D, 60, FORWARD), "K35/suit": (MONTH, 6, FORWARD),
    "K36": (D, 15, FORWARD), "K02": (D, -1, "backward"),
}  # fmt: skip
TRIGGERS = ("2024-09-09", "2024-09-27", "2024-10-12", "2025-01-20", "2026-02-10")
EXTENSIONS = {"K05": 15, "K10": 30, "K15": 30}
PAUSED = ("K05", "K10", "K15")
PAUSES = (
    [("2024-09-11", "2024-09-20")],
    [("2024-09-11", "2024-09-20"), ("2024-09-18", "2024-09-25")],
    [("2024-09-09", "2024-09-09"), ("2024-09-28", "2024-10-09")],
)


def _works(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


def _kind(day: date) -> str:
    if _works(day):
        return "调休" if day.weekday() >= 5 else ""
    return "休" if chinese_calendar.get_holiday_detail(day)[1] else "周末"


def _covered(day: date, pauses: list[tuple[str, str]]) -> bool:
    return any(first <= day.isoformat() <= last for first, last in pauses)


def _count_days(start: date, unit: str, amount: int, pauses: list[tuple[str, str]]) -> tuple[date, list[str]]:
    """Day by day from the trigger, which is not counted; labels every run of days."""
    step, day, count = (DAY if amount > 0 else -DAY), start, 0
    runs: list[list[Any]] = []
    while count < abs(amount):
        day += step
        kind = _kind(day) if unit == WD else ""
        if _covered(day, pauses):
            mark = "扣除"
        elif unit == WD and not _works(day):
            mark = kind
        else:
            count += 1
            mark = f"计{kind}"
        if not runs or runs[-1][0] != mark:
            runs.append([mark, day, day, count])
        runs[-1][2:] = [day, count]
    return day, [_run_text(*run) for run in runs]


def _run_text(mark: str, first: date, last: date, count: int) -> str:
    days = f"{first:%m-%d}" if first == last else f"{first:%m-%d}…{last:%m-%d}"
    return f"{mark} {days}" + (f"={count}" if mark.startswith("计") else "")


def _months(start: date, count: int) -> tuple[date, list[str]]:
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    day = start.day
    while True:
        try:
            end = date(year, month + 1, day)
        except ValueError:
            day -= 1
            continue
        return end, [f"+{count}月 → {end}" + ("" if day == start.day else "（无对应日，取月末）")]


def _derive(rule: str, trigger: str, amount: int, pauses: list[tuple[str, str]]) -> dict[str, Any]:
    unit, _, roll = TERMS[rule]
    if unit == H:
        start = datetime.fromisoformat(trigger + "T15:20:00+08:00")
        end = start + timedelta(hours=amount)
        return {
            "trigger": start.isoformat(),
            "result": end.isoformat(),
            "derivation": f"{start:%m-%d %H:%M}起{amount}小时 → {end:%m-%d %H:%M}，不论节假日",
        }
    begin = date.fromisoformat(trigger)
    end_day, steps = _months(begin, amount) if unit == MONTH else _count_days(begin, unit, amount, pauses)
    rolled = end_day
    while roll and (not _works(rolled) or _covered(rolled, pauses)):
        rolled += DAY if roll == FORWARD else -DAY
    if rolled != end_day:
        steps.append(f"{end_day:%m-%d}为{_kind(end_day) or '扣除'} → 移至{rolled:%m-%d}")
    return {"trigger": trigger, "result": rolled.isoformat(), "derivation": "；".join(steps) or "当日"}


def _row(rule: str, trigger: str, extended: int = 0, pauses: list[tuple[str, str]] | None = None) -> dict[str, Any]:
    row = _derive(rule, trigger, TERMS[rule][1] + extended, pauses or [])
    return {"rule": rule, "extension": extended, "pauses": pauses or [], **row}


def rows() -> Iterator[dict[str, Any]]:
    """All rows: every rule from five triggers, then extensions, pauses and both."""
    for rule in sorted(TERMS):
        for trigger in TRIGGERS:
            yield _row(rule, trigger)
    for rule, most in EXTENSIONS.items():
        for trigger in TRIGGERS:
            yield _row(rule, trigger, most)
    for rule in PAUSED:
        for pauses in PAUSES:
            yield _row(rule, "2024-09-09", 0, pauses)
            yield _row(rule, "2024-09-09", EXTENSIONS[rule], pauses)


def main() -> None:
    """Write the table, one row a line."""
    lines = ",\n".join(" " + json.dumps(row, ensure_ascii=False) for row in rows())
    Path(__file__).with_name("vectors.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Recompute an explained date (`ccc-date/1`) from its file alone: `python3 verify_date.py FILE…`.

Needs nothing but Python 3.9 and shares no code with the system that wrote the file. Prints what it found; exit status 0
only if every file holds. It checks the digest, that every day from the trigger to the result is there once, that each
is counted, skipped, paused or rolled over as the rule, the pauses and the day's own kind demand, and that the result
follows. It cannot know whether the holidays are true: each names the notice it rests on, to be looked up there.

用法: python3 verify_date.py 文件…
脱机逐日重算期限说明文件, 全部无误时退出码为 0。节假日所依据的通知文号见文件, 请自行核对。
"""

from __future__ import annotations

import calendar
import hashlib
import json
import re
import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

KEYS = {
    "": "format rule trigger calendar terms pauses count days stretches result digest",
    "rule": "id name_zh name_en article mark unit amount until direction roll roll_weekend opens_days late"
    " consequence_zh consequence_en law_zh law_en law_version version book",
    "trigger": "given start zone",
    "calendar": "version digest notices",
    "count": "from unit units",
    "result": "held due_day due_at overdue_from opens_on",
    "terms": "kind article amount until approver document approved_on",
    "pauses": "starts ends ground document",
    "days": "day kind name_zh name_en notice as count pause",
    "stretches": "from to as minutes",
    "notices": "id number title mark",
}
DAY, MINUTE, NONE = timedelta(days=1), timedelta(minutes=1), timedelta()
SHANGHAI = timezone(timedelta(hours=8))
UTC = timezone(NONE)
NEVER = datetime.max.replace(tzinfo=UTC)
FRIDAY = 4

Json = Any


class Refused(Exception):
    """The file does not hold; the text says where and why."""


class Term(NamedTuple):
    """What is to be counted: from where, in which unit, how many; whether it rolls; the day a date was fixed on."""

    begins: Json
    unit: str
    units: int
    rolls: bool
    approved: date | None


def need(condition: object, text: str) -> None:
    """Refuse the file with `text` unless the condition holds."""
    if not condition:
        raise Refused(text)


def read(content: bytes) -> Json:
    """The document: strict JSON without doubled keys, fractions or anything that is no JSON."""

    def pairs(items: list[tuple[str, Json]]) -> dict[str, Json]:
        need(len({key for key, _ in items}) == len(items), "a key is there twice 键重复")
        return dict(items)

    def refuse(text: str) -> None:
        raise Refused(f"no such number is allowed 数值不合格: {text}")

    return json.loads(content.decode("utf-8"), object_pairs_hook=pairs, parse_float=refuse, parse_constant=refuse)


def a_day(text: Json) -> date:
    """A day written as `YYYY-MM-DD`."""
    need(isinstance(text, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text), f"no day 不是日期: {text!r}")
    return date.fromisoformat(text)


def an_instant(text: Json) -> datetime:
    """An instant written as `YYYY-MM-DDThh:mmZ`."""
    form = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z"
    need(isinstance(text, str) and re.fullmatch(form, text), f"no instant 不是时刻: {text!r}")
    return datetime.strptime(text, "%Y-%m-%dT%H:%M%z")


def whole(value: Json) -> int:
    """A whole number, not negative."""
    need(
        isinstance(value, int) and not isinstance(value, bool) and value >= 0,
        f"no whole number 不是非负整数: {value!r}",
    )
    return int(value)


def exact(value: Json, name: str) -> None:
    """Refuse an object that has not exactly the fields of its kind."""
    need(isinstance(value, dict) and set(value) == set(KEYS[name].split()), f"fields of {name!r} 字段不符")


def check_shape(document: Json) -> None:
    """Refuse anything that is not built like an explanation."""
    exact(document, "")
    need(document["format"] == "ccc-date/1", "unknown format 格式不明")
    for name in ("rule", "trigger", "calendar", "count", "result"):
        exact(document[name], name)
    lists = {name: document[name] for name in ("terms", "pauses", "days", "stretches")}
    for name, values in {**lists, "notices": document["calendar"]["notices"]}.items():
        need(isinstance(values, list), f"no list 不是列表: {name}")
        for value in values:
            exact(value, name)


def check_digest(document: Json) -> None:
    """Refuse a file of which one character was changed after it was written."""
    content = {key: value for key, value in document.items() if key != "digest"}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    need(hashlib.sha256(canonical).hexdigest() == document["digest"], "digest differs: file changed 摘要不符")


def after_months(day: date, count: int) -> date:
    """The same day of a later month, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def start_of(document: Json) -> Json:
    """The legal day, or for hours the minute, from which the term runs."""
    trigger, hours = document["trigger"], document["rule"]["unit"] == "h"
    need(trigger["zone"] == "Asia/Shanghai", "zone 时区")
    if "T" in str(trigger["given"]):
        given = an_instant(trigger["given"])
        start: Json = given if hours else given.astimezone(SHANGHAI).date()
    else:
        need(not hours, "a term in hours needs an instant 按小时计算须有时刻")
        start = a_day(trigger["given"])
    said: Json = an_instant(trigger["start"]) if hours else a_day(trigger["start"])
    need(start == said, "start does not follow from the trigger 起算不符")
    return start


def granted(document: Json) -> tuple[int, date | None, date | None]:
    """The units in sum, and the last fixed date with the day on which it was fixed."""
    units, fixed, approved = 0, None, None
    terms = document["terms"]
    need(terms and [term["kind"] for term in terms] == ["rule"] + ["extension"] * (len(terms) - 1), "terms 期限")
    for at, term in enumerate(terms):
        need((term["amount"] is None) != (term["until"] is None), "amount or date 数量或日期")
        if term["until"] is None:
            need(fixed is None, "units after a fixed date 定日后不得再加")
            units += whole(term["amount"])
            continue
        fixed = a_day(term["until"])
        approved = a_day(term["approved_on"]) if at else None
        need(approved is None or approved < fixed, "fixed date before its decision 定日早于批准")
    is_fixed = document["rule"]["unit"] == "fixed_date"
    need(is_fixed == (terms[0]["until"] is not None), "fixed date 固定日期")
    return units, fixed, approved


def term_of(document: Json) -> Term:
    """What has to be counted; it must follow from terms and trigger."""
    start, unit, count = start_of(document), document["rule"]["unit"], document["count"]
    units, fixed, approved = granted(document)
    begins = approved or start
    if fixed is not None:
        unit, units = "d", (fixed - begins).days
    elif unit == "month":
        unit, units = "d", (after_months(start, units) - start).days
    need(unit in ("wd", "d", "h"), "unit 单位")
    said = an_instant(count["from"]) if unit == "h" else a_day(count["from"])
    need(said == begins, "count starts elsewhere 计数起点不符")
    need(count["unit"] == unit and whole(count["units"]) == units, "units do not follow from the terms 数量不符")
    return Term(begins, unit, units, fixed is None, approved)


def check_kind(document: Json, row: Json, day: date) -> None:
    """A day's kind must fit its weekday; whoever departs from the week names festival and notice."""
    kind, free = row["kind"], day.weekday() > FRIDAY
    if kind in ("holiday", "working_weekend"):
        notices = [notice["id"] for notice in document["calendar"]["notices"]]
        need(row["name_zh"] and row["name_en"] and row["notice"] in notices, f"{day}: no festival or notice 无依据")
        need(kind == "holiday" or free, f"{day}: no weekend day 不是周末")
        return
    need(row["name_zh"] == row["name_en"] == row["notice"] == "", f"{day}: festival on an ordinary day 日类不符")
    need(kind in (None, "weekend" if free else "working"), f"{day}: no {kind} day 日类不符")


class Walk:
    """Walks the rows of the file and holds for each day what the file must say."""

    def __init__(self, document: Json, term: Term) -> None:
        """Begin at the first day of the term."""
        self.document, self.rows, self.at = document, document["days"], 0
        self.day: date = term.begins
        self.pauses: list[tuple[int, date, date]] = []
        for at, pause in enumerate(document["pauses"]):
            first = a_day(pause["starts"])
            last = date.max if pause["ends"] is None else a_day(pause["ends"])
            need(a_day(document["trigger"]["start"]) <= first <= last and pause["ground"], "pause 扣除期间不符")
            if term.approved is None or first > term.approved:
                self.pauses.append((at, first, last))

    def covering(self) -> list[tuple[int, date]]:
        """The pauses that cover the present day, with their last days."""
        return [(at, last) for at, first, last in self.pauses if first <= self.day <= last]

    def next(self, step: timedelta) -> Json:
        """The next row, which must be the next day's."""
        need(self.at < len(self.rows), f"days are missing after {self.day} 缺少日期")
        row = self.rows[self.at]
        self.at, self.day = self.at + 1, self.day + step
        need(a_day(row["day"]) == self.day, f"{row['day']} should be {self.day} 日期不连续")
        check_kind(self.document, row, self.day)
        return row

    def expect(self, row: Json, treated: str, count: int = 0, pause: int | None = None) -> None:
        """Refuse a row that says anything else."""
        said = (row["as"], whole(row["count"]), row["pause"])
        need(said == (treated, count, pause), f"{row['day']}: {said}, should be {(treated, count, pause)}")


def end_by_days(document: Json, term: Term) -> date | None:
    """The last day of the term by the rows, or None if an open pause holds it."""
    need(not document["stretches"], "stretches in a term of days 多余时段")
    walk = Walk(document, term)
    end = counted_end(walk, term)
    need(walk.at == len(walk.rows), "days after the end 多余日期")
    return end


def counted_end(walk: Walk, term: Term) -> date | None:
    """Count day by day, then roll over."""
    rule, done, row = walk.document["rule"], 0, None
    need(rule["direction"] in ("after", "before"), "direction 方向")
    need(rule["roll"] in ("none", "forward", "backward"), "roll 顺延")
    while done < term.units:
        row = walk.next(DAY if rule["direction"] == "after" else -DAY)
        covering = walk.covering()
        if covering:
            walk.expect(row, "paused", 0, covering[0][0])
            if any(last == date.max for _, last in covering):
                return None
        elif term.unit == "wd" and row["kind"] in ("weekend", "holiday"):
            walk.expect(row, "skipped")
        else:
            need(row["kind"] or term.unit == "d", f"{walk.day}: kind unknown 日类不明")
            done += 1
            walk.expect(row, "counted", done)
    if term.rolls and rule["roll"] != "none" and row is not None:
        return rolled_end(walk, row)
    return walk.day


def rolled_end(walk: Walk, row: Json) -> date | None:
    """Go from the last counted day over holidays, weekends by the switch, and pauses to a day that may end a term."""
    rule, moved = walk.document["rule"], False
    need(isinstance(rule["roll_weekend"], bool), "roll_weekend")
    closed = ("holiday", "weekend") if rule["roll_weekend"] else ("holiday",)
    while True:
        need(row["kind"], f"{walk.day}: kind unknown 日类不明")
        covering = walk.covering()
        if row["kind"] not in closed and not covering:
            break
        if moved:
            walk.expect(row, "paused" if covering else "rolled", 0, covering[0][0] if covering else None)
        if any(last == date.max for _, last in covering):
            return None
        row, moved = walk.next(DAY if rule["roll"] == "forward" else -DAY), True
    if moved:
        walk.expect(row, "due")
    return walk.day


def edge(text: Json, whole_day: timedelta) -> datetime:
    """A pause's edge as an instant; a bare day begins at midnight in Shanghai, an open end never comes."""
    if text is None:
        return NEVER
    if "T" in str(text):
        return an_instant(text)
    day = a_day(text)
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC) + whole_day


def end_by_hours(document: Json, term: Term) -> datetime | None:
    """The last minute of a term in hours, or None if an open pause holds it; the stretches must say the same."""
    spans = [(edge(pause["starts"], NONE), edge(pause["ends"], DAY)) for pause in document["pauses"]]
    need(all(term.begins <= first <= last for first, last in spans), "pause 扣除期间不符")
    left, now, rows = term.units * 60, term.begins, []
    while left and now != NEVER:
        begun = now
        while any(first <= now < last for first, last in spans):
            now = max(last for first, last in spans if first <= now < last)
        if now > begun:
            rows.append((begun, now, "paused", 0))
            continue
        ahead = [(first - now) // MINUTE for first, last in spans if now < first < last]
        gone = min([left, *ahead])
        rows.append((now, now + gone * MINUTE, "counted", gone))
        left, now = left - gone, now + gone * MINUTE
    said = [
        (
            an_instant(row["from"]),
            NEVER if row["to"] is None else an_instant(row["to"]),
            row["as"],
            whole(row["minutes"]),
        )
        for row in document["stretches"]
    ]
    need(said == rows and not document["days"], "stretches differ from the pauses 时段不符")
    return None if now == NEVER else now


def check_result(document: Json, ends: Json) -> str:
    """The result must be what was recomputed."""
    rule, result = document["rule"], document["result"]
    if ends is None:
        empty = all(value is None for key, value in result.items() if key != "held")
        need(result["held"] is True and empty, "held, yet a result 结果不符")
        return "held by an open pause 中止计时, 届满日未定"
    hours = isinstance(ends, datetime)
    due_day = ends.astimezone(SHANGHAI).date() if hours else ends
    due_at = ends if hours else datetime(ends.year, ends.month, ends.day, tzinfo=SHANGHAI) + DAY
    need(result["held"] is False and a_day(result["due_day"]) == due_day, f"due day should be {due_day} 届满日不符")
    need(an_instant(result["due_at"]) == due_at, "due_at 届满时刻不符")
    need(an_instant(result["overdue_from"]) == due_at + (MINUTE if hours else NONE), "overdue_from 逾期时刻不符")
    opens = None if rule["opens_days"] is None else (due_day - whole(rule["opens_days"]) * DAY).isoformat()
    need(result["opens_on"] == opens, "opens_on 最早日不符")
    return f"due 届满 {result['due_at'] if hours else due_day}"


def verify(content: bytes) -> str:
    """A sentence saying what was confirmed; raises Refused, whatever is wrong with the file."""
    try:
        document = read(content)
        check_shape(document)
        check_digest(document)
        term = term_of(document)
        ends: Json = end_by_hours(document, term) if term.unit == "h" else end_by_days(document, term)
        return f"{document['rule']['version']}: {check_result(document, ends)}"
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise Refused(f"malformed 文件不合格: {error}") from error


def main(names: list[str]) -> int:
    """Verify each file; the exit status says whether all hold."""
    failed = not names
    for name in names:
        try:
            found = "OK " + verify(Path(name).read_bytes())
        except (Refused, OSError) as error:
            failed, found = True, f"REFUSED 核验不通过: {error}"
        sys.stdout.write(f"{name}: {found}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

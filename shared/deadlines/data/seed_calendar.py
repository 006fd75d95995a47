"""Write the first calendar file from the `chinesecalendar` library.

Run as `python -m shared.deadlines.data.seed_calendar 2026.1`. The library knows which days are off and which weekend
days are worked, but not on which notice of the State Council that rests; the notices are listed here, mark F where the
number was found in a published text, mark K (number null) where not.
Run once a year at most: after that the file itself is the source and is corrected by hand.
"""

import json
import sys
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from chinese_calendar.constants import Holiday, holidays, workdays

SATURDAY = 5
NUMBERS: dict[int, tuple[str | None, str | None]] = {
    2004: (None, None),
    2005: (None, None),
    2006: (None, None),
    2007: (None, None),
    2008: ("国办发明电〔2007〕52号", "2007-12-15"),
    2009: ("国办发明电〔2008〕42号", "2008-12-04"),
    2010: ("国办发明电〔2009〕27号", "2009-12-08"),
    2011: ("国办发明电〔2010〕40号", "2010-12-10"),
    2012: ("国办发明电〔2011〕45号", "2011-12-06"),
    2013: ("国办发明电〔2012〕33号", "2012-12-08"),
    2014: ("国办发明电〔2013〕28号", "2013-12-11"),
    2015: ("国办发明电〔2014〕28号", "2014-12-16"),
    2016: ("国办发明电〔2015〕18号", "2015-12-10"),
    2017: ("国办发明电〔2016〕17号", "2016-12-01"),
    2018: ("国办发明电〔2017〕12号", "2017-11-30"),
    2019: ("国办发明电〔2018〕15号", "2018-12-04"),
    2020: ("国办发明电〔2019〕16号", "2019-11-21"),
    2021: ("国办发明电〔2020〕27号", "2020-11-25"),
    2022: ("国办发明电〔2021〕11号", "2021-10-25"),
    2023: ("国办发明电〔2022〕16号", "2022-12-08"),
    2024: ("国办发明电〔2023〕7号", "2023-10-25"),
    2025: ("国办发明电〔2024〕12号", "2024-11-12"),
    2026: ("国办发明电〔2025〕7号", "2025-11-04"),
}
AMENDMENTS = {
    (2015, Holiday.anti_fascist_70th_day.value): ("2015-victory", "国发明电〔2015〕1号", "2015年9月3日放假安排"),
    (2019, Holiday.labour_day.value): ("2019-labour", "国办发明电〔2019〕3号", "2019年劳动节假期安排"),
    (2020, Holiday.spring_festival.value): ("2020-extension", "国办发明电〔2020〕1号", "延长2020年春节假期"),
}
NAMES = {
    Holiday.tomb_sweeping_day.value: "清明节",
    Holiday.dragon_boat_festival.value: "端午节",
    Holiday.mid_autumn_festival.value: "中秋节",
}


def _notices() -> list[dict[str, Any]]:
    yearly = [
        {
            "id": str(year),
            "number": number,
            "title": f"国务院办公厅关于{year}年部分节假日安排的通知",
            "issued_on": issued,
            "mark": "F" if number else "K",
        }
        for year, (number, issued) in NUMBERS.items()
    ]
    changes = [
        {"id": key, "number": number, "title": f"关于{title}的通知", "issued_on": None, "mark": "F"}
        for key, number, title in AMENDMENTS.values()
    ]
    return yearly + changes


def _notice(day: date, name: str) -> str:
    """New Year's days at the end of December rest on the notice for the next year."""
    year = day.year + (day.month > date.min.month and name == Holiday.new_years_day.value)
    return AMENDMENTS[year, name][0] if (year, name) in AMENDMENTS else str(year)


def _year(year: int) -> dict[str, Any]:
    groups: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: {"off": [], "worked": []})
    for kind, table in (("off", holidays), ("worked", workdays)):
        for day, name in sorted(table.items()):
            if day.year == year:
                groups[_notice(day, name), name][kind].append(day.isoformat())
    start, length = date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days
    days = [start + timedelta(n) for n in range(length)]
    working = sum(day in workdays or (day.weekday() < SATURDAY and day not in holidays) for day in days)
    chinese = {kind.value: NAMES.get(kind.value, kind.chinese) for kind in Holiday}
    arrangements = [
        {"name_zh": chinese[name], "name_en": name, "notice": notice, **days}
        for (notice, name), days in sorted(groups.items(), key=lambda item: min(item[1]["off"] + item[1]["worked"]))
    ]
    return {"year": year, "working_days": working, "arrangements": arrangements}


def _compact(document: dict[str, Any]) -> str:
    """JSON with one arrangement or notice a line, so that a change of a year is readable as a diff."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    head = ",\n".join(f' "{key}": {line(document[key])}' for key in ("format", "id", "version", "time_zone"))
    notices = ",\n".join("  " + line(notice) for notice in document["notices"])
    years = ",\n".join(
        f'  {{"year": {year["year"]}, "working_days": {year["working_days"]}, "arrangements": [\n'
        + ",\n".join("   " + line(arrangement) for arrangement in year["arrangements"])
        + "\n  ]}"
        for year in document["years"]
    )
    return f'{{\n{head},\n "notices": [\n{notices}\n ],\n "years": [\n{years}\n ]\n}}\n'


def main() -> None:
    """Write `calendar-<version>.json` beside this file."""
    version = sys.argv[1]
    document = {
        "format": "ccc-calendar/1",
        "id": "cn",
        "version": version,
        "time_zone": "Asia/Shanghai",
        "notices": _notices(),
        "years": [_year(year) for year in NUMBERS],
    }
    Path(__file__).with_name(f"calendar-cn-{version}.json").write_text(_compact(document), encoding="utf-8")


if __name__ == "__main__":
    main()

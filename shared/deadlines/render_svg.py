"""The days of an explanation as a calendar chart (SVG): weeks in which each day shows how it was treated.

Colour is never the only sign: counted days carry their number, paused ones hatching, the due day a heavy frame.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

from shared.deadlines.labels import KINDS, TREATMENTS, Language, beijing_time, label, phrase

Document = dict[str, Any]
CELL, TOP, LEFT, FOOT = 44, 64, 92, 40
FILLS = {
    "start": "#1d4f91",
    "counted": "#cfe3f7",
    "skipped": "#ececec",
    "holiday": "#f6d9d9",
    "paused": "url(#paused)",
    "rolled": "#ffffff",
    "due": "#ffffff",
}
WEEK = ("一二三四五六日", "MTWTFSS")
HATCH = (
    '<defs><pattern id="paused" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="#fff3d6"/><rect width="2" height="6" fill="#c77700"/></pattern></defs>'
)


def calendar_chart(document: Document, language: Language) -> str:
    """The SVG; for a term in hours one bar of counted and paused segments."""
    if document["stretches"]:
        return _bar(document, language)
    days = _cells(document)
    first = min(days) - timedelta(days=min(days).weekday())
    weeks = (max(days) - first).days // 7 + 1
    body = [_head(document, language), HATCH, *_weekdays(language)]
    for day, row in sorted(days.items()):
        body.extend(_cell(day, row, first, document["result"]["due_day"], language))
    height = TOP + weeks * CELL
    return _svg(LEFT + 7 * CELL + 16, height + FOOT, [*body, *_legend(height, language)])


def _cells(document: Document) -> dict[date, Document]:
    """Every day of the document and the one from which it is counted."""
    rows = {date.fromisoformat(row["day"]): row for row in document["days"]}
    start = date.fromisoformat(document["count"]["from"])
    return {start: {"as": "start", "count": 0, "kind": None, "name_zh": "", "name_en": ""}, **rows}


def _head(document: Document, language: Language) -> str:
    rule, result = document["rule"], document["result"]
    if result["held"]:
        due = phrase("held", language)
    elif document["stretches"]:
        due = phrase("last_minute", language, beijing_time(result["due_at"]))
    else:
        due = phrase("last_day", language, result["due_day"])
    name = f"{rule['id']} {rule['name_' + language]}"
    lines = f'<text x="8" y="18" font-weight="bold">{escape(name)}</text><text x="8" y="36">{escape(due)}</text>'
    return f"<title>{escape(name)}: {escape(due)}</title>{lines}"


def _weekdays(language: Language) -> Iterator[str]:
    for column, name in enumerate(WEEK[language == "en"]):
        yield f'<text x="{LEFT + column * CELL + CELL // 2}" y="{TOP - 10}" text-anchor="middle">{name}</text>'


def _cell(day: date, row: Document, first: date, due_day: str | None, language: Language) -> Iterator[str]:
    offset = (day - first).days
    x, y = LEFT + offset % 7 * CELL, TOP + offset // 7 * CELL
    due = day.isoformat() == due_day
    stroke = 'stroke="#b00020" stroke-width="3"' if due else 'stroke="#8a8a8a"'
    yield f"<g><title>{escape(_tip(day, row, language))}</title>"
    off = row["as"] == "skipped" and row["kind"] == "holiday"
    fill, side = FILLS["holiday" if off else row["as"]], CELL - 4
    yield f'<rect x="{x + 2}" y="{y + 2}" width="{side}" height="{side}" rx="4" fill="{fill}" {stroke}/>'
    colour = "#ffffff" if row["as"] == "start" else "#111111"
    yield f'<text x="{x + CELL // 2}" y="{y + 19}" text-anchor="middle" fill="{colour}">{day.day}</text>'
    if row["count"]:
        yield f'<text x="{x + CELL // 2}" y="{y + 35}" text-anchor="middle" font-weight="bold">{row["count"]}</text>'
    yield "</g>"
    if day.day == 1 or row["as"] == "start":
        yield f'<text x="8" y="{y + 26}">{day.year}-{day.month:02}</text>'


def _tip(day: date, row: Document, language: Language) -> str:
    treatment = _label(row["as"], language)
    kind = label(KINDS, row["kind"], language) if row["kind"] else ""
    return " ".join(part for part in (day.isoformat(), treatment, kind, row["name_" + language]) if part)


def _legend(top: int, language: Language) -> Iterator[str]:
    for index, (treatment, fill) in enumerate(FILLS.items()):
        text = _label(treatment, language)
        x, y = 8 + index * 57, top + 14
        stroke = 'stroke="#b00020" stroke-width="3"' if treatment == "due" else 'stroke="#8a8a8a"'
        yield f'<rect x="{x}" y="{y}" width="12" height="12" fill="{fill}" {stroke}/>'
        yield f'<text x="{x + 16}" y="{y + 11}" font-size="10">{escape(text)}</text>'


def _label(treatment: str, language: Language) -> str:
    if treatment == "start":
        return phrase("trigger", language)
    return label(KINDS if treatment == "holiday" else TREATMENTS, treatment, language)


def _bar(document: Document, language: Language) -> str:
    rows = [row for row in document["stretches"] if row["to"]]
    minutes = [max(1, int((_instant(row["to"]) - _instant(row["from"])).total_seconds()) // 60) for row in rows]
    width, x = 600, 8.0
    body = [_head(document, language), HATCH]
    for row, length in zip(rows, minutes, strict=True):
        wide = width * length / sum(minutes)
        tip = f"{row['from']} – {row['to']} {label(TREATMENTS, row['as'], language)}"
        body.append(f"<g><title>{escape(tip)}</title>")
        body.append(f'<rect x="{x:.1f}" y="46" width="{wide:.1f}" height="40" fill="{FILLS[row["as"]]}" stroke="#8a8a8a"/></g>')
        x += wide
    ends = beijing_time(rows[-1]["to"]) if rows else ""
    body.append(f'<text x="8" y="104">{beijing_time(document["trigger"]["start"])}</text>')
    body.append(f'<text x="608" y="104" text-anchor="end">{ends}</text>')
    return _svg(624, 116, body)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _svg(width: int, height: int, body: list[str]) -> str:
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'{opening} role="img" font-family="sans-serif" font-size="12">{"".join(body)}</svg>\n'

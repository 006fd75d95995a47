"""An explanation as plain text to be attached to a file, in Chinese or English; written from the document alone."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from shared.deadlines.labels import APPROVERS, GROUNDS, KINDS, TREATED, UNITS, Language, beijing, phrase, word

Document = dict[str, Any]


def text(document: Document, language: Language) -> str:
    """The explanation in words; consecutive days that are alike share a line, none is left out."""
    return "\n".join(_lines(document, language)) + "\n"


def _lines(document: Document, language: Language) -> Iterator[str]:
    rule, trigger = document["rule"], document["trigger"]
    law_article = phrase("article", language, rule["article"])
    version = phrase("text_of", language, rule["law_version"]) if rule["law_version"] else ""
    yield phrase("title", language)
    book = f"({phrase('version', language)} {rule['version']}, {rule['book']})"
    yield f"{phrase('rule', language)}: {rule['id']} {rule['name_' + language]} {book}"
    yield "  " + ", ".join(part for part in (rule["law_" + language], version, law_article) if part)
    start = phrase("from_minute" if rule["unit"] == "h" else "not_counted", language)
    yield f"{phrase('trigger', language)}: {beijing(trigger['given'])} ({start})"
    yield from (_term(term, rule, language) for term in document["terms"])
    yield from (_pause(number, pause, language) for number, pause in enumerate(document["pauses"], 1))
    yield f"{phrase('calendar', language)}: {document['calendar']['version']}"
    for notice in document["calendar"]["notices"]:
        yield f"  {notice['title']} {notice['number'] or phrase('unverified', language)}"
    yield f"{phrase('days', language)}:"
    yield from _days(document["days"], language)
    yield from (_stretch(row, language) for row in document["stretches"])
    yield from _result(document, language)


def _term(term: Document, rule: Document, language: Language) -> str:
    amount = f"{term['amount']} {word(UNITS, rule['unit'], language)}"
    said = phrase("until", language, term["until"]) if term["until"] else amount
    if term["kind"] == "rule":
        backward = f" ({phrase('backward', language)})" if rule["direction"] == "before" else ""
        return f"{phrase('term', language)}: {said}{backward}"
    by = f"{phrase('by', language)} {word(APPROVERS, term['approver'], language)}"
    on = f"{phrase('on', language)} {term['approved_on']}" if term["approved_on"] else ""
    article = phrase("article", language, term["article"])
    return f"{phrase('extension', language)}: " + ", ".join(p for p in (said, article, by, on, term["document"]) if p)


def _pause(number: int, pause: Document, language: Language) -> str:
    ends = beijing(pause["ends"]) if pause["ends"] else phrase("still_open", language)
    said = f"{beijing(pause['starts'])} – {ends}, {word(GROUNDS, pause['ground'], language)}"
    return f"{phrase('pause', language)} {number}: {said}" + (f", {pause['document']}" if pause["document"] else "")


def _days(rows: Iterable[Document], language: Language) -> Iterator[str]:
    for _, alike in groupby(rows, key=lambda row: (row["as"], row["kind"], row["notice"], row["name_zh"], row["pause"])):
        run = list(alike)
        first, last = run[0], run[-1]
        days = first["day"] if first is last else f"{first['day']} – {last['day']}"
        yield f"  {days}  {word(TREATED, first['as'], language)}{_counts(first, last, language)}{_why(first, language)}"


def _counts(first: Document, last: Document, language: Language) -> str:
    if not first["count"]:
        return ""
    numbers = first["count"] if first is last else f"{first['count']}–{last['count']}"
    return " " + phrase("number", language, numbers)


def _why(row: Document, language: Language) -> str:
    reasons = []
    if row["pause"] is not None:
        reasons.append(f"{phrase('pause', language)} {row['pause'] + 1}")
    if row["kind"]:
        reasons.append(word(KINDS, row["kind"], language) + (f" {row['name_' + language]}" if row["notice"] else ""))
    return f" ({', '.join(reasons)})" if reasons else ""


def _stretch(row: Document, language: Language) -> str:
    minutes = f" {row['minutes'] // 60} h {row['minutes'] % 60} min" if row["minutes"] else ""
    ends = beijing(row["to"]) if row["to"] else phrase("still_open", language)
    return f"  {beijing(row['from'])} – {ends}  {word(TREATED, row['as'], language)}{minutes}"


def _result(document: Document, language: Language) -> Iterator[str]:
    result, rule = document["result"], document["rule"]
    if result["held"]:
        yield f"{phrase('result', language)}: {phrase('held', language)}"
    else:
        last = ("last_minute", result["due_at"]) if rule["unit"] == "h" else ("last_day", result["due_day"])
        said = [phrase(last[0], language, beijing(last[1]))]
        if result["opens_on"]:
            said.append(phrase("not_before", language, result["opens_on"]))
        said.append(phrase("late_from", language, beijing(result["overdue_from"])))
        yield f"{phrase('result', language)}: " + "; ".join(said)
    yield f"{phrase('overdue', language)}: {rule['consequence_' + language]}"
    yield f"{phrase('check', language)} {document['digest']}"

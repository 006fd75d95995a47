"""An explanation as plain text to be attached to a file, in Chinese or English; written from the document alone."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from shared.deadlines.labels import APPROVERS, GROUNDS, KINDS, TREATMENTS, UNITS, Language, beijing_time, label, phrase

Document = dict[str, Any]


def explanation_text(document: Document, language: Language) -> str:
    """The explanation as text; consecutive days of the same treatment share a line, none is left out."""
    return "\n".join(_lines(document, language)) + "\n"


def _lines(document: Document, language: Language) -> Iterator[str]:
    rule, trigger = document["rule"], document["trigger"]
    law_article = phrase("article", language, rule["article"])
    version = phrase("text_of", language, rule["law_version"]) if rule["law_version"] else ""
    yield phrase("title", language)
    version_of_rules = f"({phrase('version', language)} {rule['version']}, {rule['book']})"
    yield f"{phrase('rule', language)}: {rule['id']} {rule['name_' + language]} {version_of_rules}"
    yield "  " + ", ".join(part for part in (rule["law_" + language], version, law_article) if part)
    start = phrase("from_minute" if rule["unit"] == "h" else "not_counted", language)
    yield f"{phrase('trigger', language)}: {beijing_time(trigger['given'])} ({start})"
    yield from (_term(term, rule, language) for term in document["terms"])
    yield from (_pause(number, pause, language) for number, pause in enumerate(document["pauses"], 1))
    yield f"{phrase('calendar', language)}: {document['calendar']['version']}"
    for notice in document["calendar"]["notices"]:
        yield f"  {notice['title']} {notice['number'] or phrase('unverified', language)}"
    yield f"{phrase('days', language)}:"
    yield from _days(document["days"], language)
    yield from (_segment(row, language) for row in document["stretches"])
    yield from _result(document, language)


def _term(term: Document, rule: Document, language: Language) -> str:
    amount = f"{term['amount']} {label(UNITS, rule['unit'], language)}"
    extent = phrase("until", language, term["until"]) if term["until"] else amount
    if term["kind"] == "rule":
        backward = f" ({phrase('backward', language)})" if rule["direction"] == "before" else ""
        return f"{phrase('term', language)}: {extent}{backward}"
    by = f"{phrase('by', language)} {label(APPROVERS, term['approver'], language)}"
    on = f"{phrase('on', language)} {term['approved_on']}" if term["approved_on"] else ""
    article = phrase("article", language, term["article"])
    return f"{phrase('extension', language)}: " + ", ".join(p for p in (extent, article, by, on, term["document"]) if p)


def _pause(number: int, pause: Document, language: Language) -> str:
    ends = beijing_time(pause["ends"]) if pause["ends"] else phrase("still_open", language)
    period = f"{beijing_time(pause['starts'])} – {ends}, {label(GROUNDS, pause['ground'], language)}"
    return f"{phrase('pause', language)} {number}: {period}" + (f", {pause['document']}" if pause["document"] else "")


def _days(rows: Iterable[Document], language: Language) -> Iterator[str]:
    for _, group in groupby(rows, key=lambda row: (row["as"], row["kind"], row["notice"], row["name_zh"], row["pause"])):
        run = list(group)
        first, last = run[0], run[-1]
        days = first["day"] if first is last else f"{first['day']} – {last['day']}"
        yield f"  {days}  {label(TREATMENTS, first['as'], language)}{_counts(first, last, language)}{_reasons(first, language)}"


def _counts(first: Document, last: Document, language: Language) -> str:
    if not first["count"]:
        return ""
    numbers = first["count"] if first is last else f"{first['count']}–{last['count']}"
    return " " + phrase("number", language, numbers)


def _reasons(row: Document, language: Language) -> str:
    reasons = []
    if row["pause"] is not None:
        reasons.append(f"{phrase('pause', language)} {row['pause'] + 1}")
    if row["kind"]:
        reasons.append(label(KINDS, row["kind"], language) + (f" {row['name_' + language]}" if row["notice"] else ""))
    return f" ({', '.join(reasons)})" if reasons else ""


def _segment(row: Document, language: Language) -> str:
    minutes = f" {row['minutes'] // 60} h {row['minutes'] % 60} min" if row["minutes"] else ""
    ends = beijing_time(row["to"]) if row["to"] else phrase("still_open", language)
    return f"  {beijing_time(row['from'])} – {ends}  {label(TREATMENTS, row['as'], language)}{minutes}"


def _result(document: Document, language: Language) -> Iterator[str]:
    result, rule = document["result"], document["rule"]
    if result["held"]:
        yield f"{phrase('result', language)}: {phrase('held', language)}"
    else:
        last = ("last_minute", result["due_at"]) if rule["unit"] == "h" else ("last_day", result["due_day"])
        parts = [phrase(last[0], language, beijing_time(last[1]))]
        if result["opens_on"]:
            parts.append(phrase("not_before", language, result["opens_on"]))
        parts.append(phrase("late_from", language, beijing_time(result["overdue_from"])))
        yield f"{phrase('result', language)}: " + "; ".join(parts)
    yield f"{phrase('overdue', language)}: {rule['consequence_' + language]}"
    yield f"{phrase('check', language)} {document['digest']}"

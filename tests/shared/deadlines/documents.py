"""Explanations to be verified, and forgeries of them."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from shared import deadlines
from shared.deadlines import Extension, Pause
from shared.deadlines.explain import digest

RESULT_FIELDS = {"day", "as", "count", "pause", "due_day", "due_at", "overdue_from", "units", "from", "given", "start"}


def paused_and_extended() -> dict[str, Any]:
    """A working-day term with a pause for testing and an extension by the head."""
    pause = Pause(date(2024, 9, 11), date(2024, 9, 20), "testing", "检字〔2024〕7号")
    extension = Extension("agency_head", "延字〔2024〕1号", approved_on=date(2024, 9, 29))
    return deadlines.explain(deadlines.due("K05", date(2024, 9, 9), pauses=[pause], extensions=[extension]))


def rolled() -> dict[str, Any]:
    """A natural-day term that ends in the National Day week."""
    return deadlines.explain(deadlines.due("K15", date(2024, 7, 3)))


def in_hours() -> dict[str, Any]:
    """A term in hours."""
    return deadlines.explain(deadlines.due("K26", datetime(2024, 9, 30, 23, 59, 1, tzinfo=UTC)))


def encoded(document: dict[str, Any]) -> bytes:
    """The document as the bytes of a file."""
    return json.dumps(document, ensure_ascii=False).encode()


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of the values of a document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from places(inner, (*path, at))
    else:
        yield path


def changed(document: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    """A copy in which one value is another."""
    mutant = copy.deepcopy(document)
    holder = mutant
    for part in path[:-1]:
        holder = holder[part]
    old = holder[path[-1]]
    holder[path[-1]] = (not old) if isinstance(old, bool) else old + 1 if isinstance(old, int) else f"{old or ''}0"
    return mutant


def redigested(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every copy in which a value that makes the date is another and the digest is that of the forgery."""
    for path in places(document):
        if path[-1] in RESULT_FIELDS or (path[0] == "terms" and path[-1] == "amount"):
            mutant = changed(document, path)
            yield {**mutant, "digest": digest(mutant)}

"""Every way to touch one place of a document: change, remove, duplicate, reorder."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]


def places(value: Any, at: Path = ()) -> Iterator[Path]:
    """Paths of everything inside a document."""
    inner: Iterator[tuple[str | int, Any]] = iter(())
    if isinstance(value, dict):
        inner = iter(value.items())
    elif isinstance(value, list):
        inner = iter(enumerate(value))
    for name, part in inner:
        yield (*at, name)
        yield from places(part, (*at, name))


def _other(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1, str(value)]
    if value is None:
        return ["0" * 64, {}]
    if isinstance(value, str):
        last = chr(ord(value[-1]) ^ 1)
        return [value[:-1] + last, chr(ord(value[0]) ^ 1) + value[1:], value + "0", value[:-1], None]
    return []


def mutants(document: Any) -> Iterator[tuple[Path, str, Any]]:
    """Each mutated document with the place and the kind of the change."""
    for at in places(document):
        parent: Any = document
        for name in at[:-1]:
            parent = parent[name]
        for kind, change in _changes(parent, at[-1]):
            changed = copy.deepcopy(document)
            target = changed
            for name in at[:-1]:
                target = target[name]
            change(target)
            if changed != document or json.dumps(changed) != json.dumps(document):
                yield at, kind, changed


def any_mutant(document: Any, rng: random.Random) -> tuple[Path, str, Any]:
    """One of the mutated documents, by chance."""
    changed = document
    while changed == document:
        at = rng.choice(list(places(document)))
        changed = copy.deepcopy(document)
        target = changed
        for name in at[:-1]:
            target = target[name]
        kind, change = rng.choice(list(_changes(target, at[-1])))
        change(target)
    return at, kind, changed


def _changes(parent: Any, name: str | int) -> Iterator[tuple[str, Any]]:
    for other in _other(parent[name]):
        yield "changed", lambda target, other=other: target.__setitem__(name, other)
    yield "removed", lambda target: target.__delitem__(name)
    if isinstance(parent, list) and isinstance(name, int):
        yield "duplicated", lambda target: target.insert(name, copy.deepcopy(target[name]))
        if name and parent[name] != parent[name - 1]:
            yield "reordered", lambda target: target.insert(name - 1, target.pop(name))

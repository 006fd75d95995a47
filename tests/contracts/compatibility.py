"""What breaks those who rely on a released contract. `make compatibility` compares the tree with the last release.

OpenAPI is judged by oasdiff. Events and topics are judged here, by a rule that is narrower than any tool's: within a version of
an event a field is only added, with a default, and nothing else of its schema changes.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.contracts.documents import HERE

RELEASED = HERE / "released"
OASDIFF = HERE.parents[1] / "build" / "oasdiff"
SEVERITY = HERE / "oasdiff" / "severity.txt"
_PROSE = frozenset({"title", "description", "summary", "example", "examples", "tags"})
_NAMED = frozenset({"properties", "schemas", "paths", "responses", "headers", "messages", "channels", "$defs"})
"""Keys whose own keys are names, which may be those of `_PROSE`."""


def minified(value: Any, *, names: bool = False) -> Any:
    """A contract without what is written for people, which may always change."""
    if isinstance(value, dict):
        members = {key: member for key, member in value.items() if names or key not in _PROSE}
        return {key: minified(member, names=key in _NAMED and not names) for key, member in members.items()}
    return [minified(item) for item in value] if isinstance(value, list) else value


def breaks(released: dict[str, Any], current: dict[str, Any]) -> list[str]:
    """What in the current contracts breaks those who rely on the released ones, both by file name."""
    found = [f"{name}: the contract is gone" for name in sorted(set(released) - set(current))]
    for name in sorted(set(released) & set(current)):
        judge = _judges[name.split("/", maxsplit=1)[0]]
        found += [f"{name}: {sentence}" for sentence in judge(released[name], current[name])]
    return found


def in_openapi(released: Any, current: Any) -> list[str]:
    """What oasdiff calls an error or a warning, and callers who are shut out.

    Raises:
        RuntimeError: oasdiff cannot read a document, or is not built.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / "released.json", Path(folder) / "current.json"]
        for file, document in zip(files, (released, current), strict=True):
            file.write_text(json.dumps(document, ensure_ascii=False))
        command = [str(OASDIFF), "breaking", *map(str, files), "--format", "json", "--severity-levels", str(SEVERITY)]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise RuntimeError(answer.stderr)
    changes = json.loads(answer.stdout or "[]")
    return [*(f"{change['operation']} {change['path']}: {change['text']}" for change in changes), *_shut_out(released, current)]


def _shut_out(released: Any, current: Any) -> Iterator[str]:
    for path, operations in released["paths"].items():
        for method, operation in operations.items():
            before, now = operation.get("x-callers", []), current["paths"].get(path, {}).get(method, {}).get("x-callers", [])
            if now and (not before or set(before) - set(now)):
                yield f"{method.upper()} {path}: was open to {', '.join(before) or 'anyone'}, now to {', '.join(now)}"


def in_event(released: Any, current: Any) -> list[str]:
    """What is not a new field with a default."""
    return list(_schema_breaks(minified(released), minified(current), "event"))


def in_asyncapi(released: Any, current: Any) -> list[str]:
    """Topics, messages, keys and headers that are gone or have changed; the payloads are judged as events."""
    before, now = minified(released), minified(current)
    pairs = (("channels", "topic"), ("components", "message"))
    found = [
        f"the {kind} {name} is gone or has changed"
        for section, kind in pairs
        for name, value in _members(before[section]).items()
        if not _includes(_members(now[section]).get(name), value)
    ]
    return found if before["defaultContentType"] == now["defaultContentType"] else [*found, "the content type has changed"]


_judges = {"openapi": in_openapi, "events": in_event, "asyncapi.json": in_asyncapi}


def _schema_breaks(before: Any, now: Any, at: str) -> Iterator[str]:
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for old, new in zip(before, now, strict=True):
            yield from _schema_breaks(old, new, at)
    elif isinstance(before, dict) and isinstance(now, dict):
        yield from _field_breaks(before.get("properties", {}), now.get("properties", {}), at)
        optional = set(before.get("required", ())) - set(now.get("required", ()))
        yield from (f"{at}.{name} is no longer always there" for name in sorted(optional))
        for name in before.get("$defs", {}).keys() & now.get("$defs", {}).keys():
            yield from _schema_breaks(before["$defs"][name], now["$defs"][name], name)
        for key in sorted((before.keys() | now.keys()) - {"properties", "required", "$defs"}):
            yield from _schema_breaks(before.get(key), now.get(key), f"{at}/{key}")
    elif before != now:
        yield f"{at} has changed from {before} to {now}"


def _field_breaks(before: dict[str, Any], now: dict[str, Any], at: str) -> Iterator[str]:
    for name in sorted(before.keys() | now.keys()):
        if name not in now:
            yield f"{at}.{name} is gone"
        elif name in before:
            yield from _schema_breaks(before[name], now[name], f"{at}.{name}")
        elif "default" not in now[name]:
            yield f"{at}.{name} is new and has no default"


def _members(section: dict[str, Any]) -> dict[str, Any]:
    """Channels by name; or messages by name, without their payloads."""
    named: dict[str, Any] = section.get("messages", section)
    return {name: {key: value for key, value in member.items() if key != "payload"} for name, member in named.items()}


def _includes(now: Any, before: Any) -> bool:
    if isinstance(before, dict):
        return isinstance(now, dict) and all(_includes(now.get(key), value) for key, value in before.items())
    return bool(now == before)

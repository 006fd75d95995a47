"""Which examples an OpenAPI document should show, and whether those it shows fit its schemas."""

from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

JSON = "application/json"


@dataclass(frozen=True)
class Wanted:
    """An operation: for `request` and `answer`, where they are JSON, the schema and the example that is shown."""

    document: dict[str, Any]
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)


def wanted_of(document: dict[str, Any]) -> dict[str, Wanted]:
    """Every operation of a document that takes or gives JSON."""
    found = {}
    for operations in document["paths"].values():
        for operation in operations.values():
            good = next(answer for status, answer in sorted(operation["responses"].items()) if status.startswith("2"))
            contents = {"request": operation.get("requestBody", {}).get("content", {}), "answer": good.get("content", {})}
            parts = {part: content[JSON] for part, content in contents.items() if JSON in content}
            if parts:
                found[operation["operationId"]] = Wanted(document, parts)
    return found


def faults(wanted: Wanted, part: str, value: Any) -> list[str]:
    """Where a value does not fit the schema of a part."""
    schema = wanted.parts[part]["schema"] | {"components": wanted.document["components"]}
    checker = Draft202012Validator(schema, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in checker.iter_errors(value)]

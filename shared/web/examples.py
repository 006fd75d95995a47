"""Examples in the API description: for each operation a request body and a response.

They are data, `examples.json` beside the routes they belong to, recorded from the tests' own requests by `make examples` and
checked against the schemas by a test. All persons and organisations in them are invented.
"""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

Examples = Mapping[str, Mapping[str, Any]]
FILE = "examples.json"


def examples_of(package: str) -> Examples:
    """The examples of a package's operations: for each operation id `request` and `answer`, where it has one in JSON."""
    examples: Examples = json.loads((files(package) / FILE).read_text("utf-8"))
    return examples


def show(operation: dict[str, Any], example: Mapping[str, Any]) -> None:
    """Put an example into the description of its operation."""
    if "request" in example:
        _show_in(operation.get("requestBody", {}).get("content", {}), example["request"])
    if "answer" in example:
        for status in sorted(operation["responses"]):
            if status.startswith("2"):
                _show_in(operation["responses"][status].get("content", {}), example["answer"])


def _show_in(content: dict[str, Any], value: Any) -> None:
    if "application/json" in content:
        content["application/json"]["example"] = value

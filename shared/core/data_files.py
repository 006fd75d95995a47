"""Law, forms and tables as data: JSON files in the `data` folder of a package, each with version, source and validity."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

Document = Mapping[str, Any]


@cache
def load(package: str, name: str) -> Document:
    """The file `data/<name>.json` of a package such as `services.cases`, read once.

    Raises:
        FileNotFoundError: the package delivers no such file.
    """
    document: dict[str, Any] = json.loads(files(package).joinpath("data", f"{name}.json").read_text("utf-8"))
    return document


@cache
def rows(package: str, name: str, key: str = "code") -> Mapping[str, Mapping[str, Any]]:
    """The `items` of that file by the value of `key`."""
    return {str(item[key]): item for item in load(package, name)["items"]}

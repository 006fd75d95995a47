"""Finding names by a part of them."""

from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func


def holds(name: Any, part: str) -> ColumnElement[bool]:
    """Whether a name has `part` in it, whatever the case; the index on pairs of characters narrows the search first."""
    wanted = cast(part, Text)
    return func.bigrams(name).op("@>")(func.bigrams(wanted)) & (func.strpos(func.lower(name), func.lower(wanted)) > 0)

"""Finding names by a part of them."""

from typing import Any

from sqlalchemy import ColumnElement, func


def holds(name: Any, part: str) -> ColumnElement[bool]:
    """Whether a name has `part` in it, whatever the case; the index on pairs of characters narrows the search first."""
    return func.bigrams(name).op("@>")(func.bigrams(part)) & func.lower(name).contains(part.lower(), autoescape=True)

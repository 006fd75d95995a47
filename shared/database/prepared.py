"""Selects that are built and compiled once for each shape of their arguments; after that only values travel to the database.

To build a select costs more than to run it. So a builder marked `@prepared` is called with stand-ins for the values that it
binds, and its select serves every later call of the same shape: the same role and level of the caller, the same filters,
the same members of enumerations. A stand-in can be bound into the statement and nothing else: a builder that looks at a
value (compares it, formats it, asks whether it is empty) fails at its first call instead of deciding for all later ones.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import partial, wraps
from typing import Any, NoReturn, ParamSpec
from uuid import UUID

from asyncpg import Record
from pydantic import BaseModel
from sqlalchemy import BindParameter, ColumnElement, Dialect, Select, bindparam
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.types import NullType

from shared.database.session import ReadSession, Session

MAX_CACHED = 2048
_DIALECT: Dialect = dialect()  # type: ignore[no-untyped-call]
_BOUND = (str, int, float, date, UUID)
_SHAPING = (bool, Enum, type)
_A_VALUE = object()

P = ParamSpec("P")
Slot = Callable[[Mapping[str, Any]], Any]


class StandIn:
    """The placeholder of a value while a select is built."""

    def __init__(self, name: str) -> None:
        """Stand in for the value called `name`."""
        self._name = name

    def __clause_element__(self) -> BindParameter[Any]:
        """What SQLAlchemy binds: a parameter that takes its type from what it is compared with."""
        return bindparam(self._name, None, type_=NullType())

    def _reject(self, *_: object) -> NoReturn:
        raise TypeError(f"a prepared select cannot look at {self._name}, only bind it")

    __bool__ = __eq__ = __ne__ = __hash__ = __lt__ = __le__ = __gt__ = __ge__ = __str__ = __len__ = __iter__ = _reject


@dataclass(frozen=True, slots=True)
class Query:
    """A select by its shape, with the values of this call."""

    shape: Hashable
    values: Mapping[str, Any]
    build: Callable[[], Select[Any]]

    def over(self, shape: Hashable, change: Callable[[Select[Any]], Select[Any]], **values: Any) -> "Query":
        """The query that `change` makes of this one; `shape` identifies the change."""
        return Query((self.shape, shape), {**self.values, **values}, lambda: change(self.build()))


def prepared(build: Callable[P, Select[Any]]) -> Callable[P, Query]:
    """Have `build` called once for each shape of its arguments."""
    names = build.__code__.co_varnames[: build.__code__.co_argcount]

    @wraps(build)
    def query(*args: P.args, **kwargs: P.kwargs) -> Query:
        arguments = {**dict(zip(names, args, strict=False)), **kwargs}
        values: dict[str, Any] = {}
        shape = tuple((name, _shape(name, value, values)) for name, value in arguments.items())
        return Query((build, shape), values, partial(_with_stand_ins, build, arguments))

    return query


def equals(table: Any, **filters: Any) -> list[ColumnElement[bool]]:
    """A condition for each column of `table` among `filters`; None filters nothing."""
    return [getattr(table, name) == value for name, value in filters.items() if value is not None]


async def fetch(session: Session | ReadSession, query: Query) -> list[Record]:
    """The rows of a query."""
    cached = _cache.get(query.shape)
    if cached is None:
        if len(_cache) >= MAX_CACHED:
            _cache.clear()
        cached = _cache[query.shape] = _compiled(query)
    text, slots = cached
    return await session.fetch(text, *[slot(query.values) for slot in slots])


_cache: dict[Hashable, tuple[str, list[Slot]]] = {}


def _shape(name: str, value: Any, values: dict[str, Any]) -> Hashable:
    """The part of an argument that decides how the select is built; what is merely bound goes to `values`."""
    if value is None or isinstance(value, _SHAPING):
        return value
    if isinstance(value, _BOUND):
        values[name] = value
        return _A_VALUE
    return tuple((part, _shape(f"{name}_{part}", inner, values)) for part, inner in _parts(value))


def _parts(value: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(value, BaseModel):
        return value
    if is_dataclass(value):
        return [(field.name, getattr(value, field.name)) for field in fields(value)]
    raise TypeError(f"{type(value).__name__} cannot be an argument of a prepared select")


def _with_stand_ins(build: Callable[..., Select[Any]], arguments: dict[str, Any]) -> Select[Any]:
    return build(**{name: _stand_in(name, value) for name, value in arguments.items()})


def _stand_in(name: str, value: Any) -> Any:
    if value is None or isinstance(value, _SHAPING):
        return value
    if isinstance(value, _BOUND):
        return StandIn(name)
    parts = {part: _stand_in(f"{name}_{part}", inner) for part, inner in _parts(value)}
    return value.model_construct(**parts) if isinstance(value, BaseModel) else type(value)(**parts)


def _compiled(query: Query) -> tuple[str, list[Slot]]:
    """The SQL text with $1, $2 …, and for each of them how to take it from the values."""
    compiled = query.build().compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    types = {name: bound.type.dialect_impl(_DIALECT) for bound, name in compiled.bind_names.items()}
    converts = {name: kind.bind_processor(_DIALECT) for name, kind in types.items()}
    slots = [(name, converts.get(name) or _unchanged) for name in compiled.positiontup or ()]
    return compiled.string, [
        partial(_from_values, name, convert) if name in query.values else partial(_constant, convert(compiled.params[name]))
        for name, convert in slots
    ]


def _unchanged(value: Any) -> Any:
    return value


def _from_values(name: str, convert: Callable[[Any], Any], values: Mapping[str, Any]) -> Any:
    return convert(values[name])


def _constant(value: Any, _values: Mapping[str, Any]) -> Any:
    return value

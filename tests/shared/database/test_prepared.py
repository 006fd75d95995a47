"""A prepared select is built once for each shape of its arguments, reads like a fresh one, and never looks at a value."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Integer, Select, column, select, values

from shared.database.prepared import Query, fetch, prepared
from shared.database.session import reading, transaction
from shared.security import audit
from shared.security.auth import Caller
from shared.testing.world import World
from shared.vocabulary import OrgLevel, Role

LEAD = Caller("lead", Role.CITY_LEAD, "3501", OrgLevel.PREFECTURE)
PROVINCE = Caller("admin", Role.PROV_ADMIN, "35", OrgLevel.PROVINCIAL)
PLACES = values(column("city"), column("n", Integer), name="place").data([("3501", 1), ("3501", 2), ("3502", 3)])
built: list[str] = []


@pytest.fixture
def services() -> tuple[str, ...]:
    return ("registry",)


@prepared
def places(by: Caller, above: int | None = None, **equal: str | None) -> Select[Any]:
    """Places of the caller's jurisdiction."""
    built.append("places")
    rows = select(PLACES.c.n).where(by.within(PLACES.c.city)).order_by(PLACES.c.n)
    rows = rows if above is None else rows.where(PLACES.c.n > above)
    return rows.where(*[PLACES.c[name] == value for name, value in equal.items() if value is not None])


async def found(world: World, query: Query) -> list[int]:
    async with reading(world.registry.database) as session:
        return [row[0] for row in await fetch(session, query)]


async def test_it_answers_with_the_values_of_each_call(world: World) -> None:
    assert await found(world, places(PROVINCE)) == [1, 2, 3]
    assert await found(world, places(LEAD)) == [1, 2]
    assert await found(world, places(Caller("other", Role.CITY_LEAD, "3502", OrgLevel.PREFECTURE))) == [3]
    assert [await found(world, places(PROVINCE, above=above)) for above in (0, 1, 3)] == [[1, 2, 3], [2, 3], []]
    assert await found(world, places(PROVINCE, above=1, city="3501")) == [2]
    assert await found(world, places(PROVINCE, city="3502' OR true --")) == []


async def test_it_is_built_once_for_a_shape(world: World) -> None:
    built.clear()
    for above in range(5):
        await found(world, places(LEAD, above=above, city="3501"))
    assert built == ["places"]


async def test_inside_an_act_it_sees_what_the_act_has_written(world: World) -> None:
    async with transaction(world.registry.database) as session:
        audit.record(session, LEAD, "thing.done", "T-1")
        await session.write_now()
        rows = await fetch(session, audit.trail(PROVINCE, object_id="T-1"))
    assert [row["action"] for row in rows] == ["thing.done"]


@pytest.mark.parametrize(
    "look",
    [
        lambda value: select(PLACES.c.n).where(PLACES.c.city == (value or "3501")),
        lambda value: select(PLACES.c.n).where(PLACES.c.city == f"{value}01"),
        lambda value: select(PLACES.c.n if value == "35" else PLACES.c.city),
        lambda value: select(PLACES.c.n if value in {"35", "3501"} else PLACES.c.city),
        lambda value: select(PLACES.c.n).where(PLACES.c.city == value[:4]),
        lambda value: select(PLACES.c.n).where(PLACES.c.city.startswith(value, autoescape=True)),
    ],
)
async def test_a_builder_that_looks_at_a_value_fails_at_its_first_call(world: World, look: Callable[[str], Select[Any]]) -> None:
    with pytest.raises((TypeError, AttributeError)):
        await found(world, prepared(look)("35"))


async def test_what_can_neither_be_bound_nor_distinguish_shapes_is_refused() -> None:
    with pytest.raises(TypeError, match="list cannot be an argument"):
        places(PROVINCE, city=["3501"])  # type: ignore[arg-type]

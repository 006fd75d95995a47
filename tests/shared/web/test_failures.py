"""What goes wrong outside the rules is a problem document too: an unknown method, an unreachable database, a defect."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI
from sqlalchemy.engine import make_url
from structlog.testing import capture_logs

from shared.core.clock import SystemClock
from shared.database.session import open_database
from shared.testing.world import World
from shared.vocabulary import Role

LIST = "/v1/operations/audit"


async def test_a_method_that_an_address_does_not_know_is_refused_with_those_it_knows(world: World) -> None:
    answer = await world.registry.delete(LIST, as_=Role.AUDITOR)
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
    assert answer.headers["allow"] == "GET"


async def test_without_its_database_a_service_asks_to_come_again(world: World) -> None:
    nowhere = make_url("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    away = open_database(nowhere, pool_size=2, clock=SystemClock(), name="registry")
    with broken(world.registry.app, "database", away):
        answer = await world.registry.get(LIST, as_=Role.AUDITOR)
    await away.close()
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["retry-after"] == "2"


async def test_a_defect_shows_a_trace_and_nothing_of_its_inside(world: World) -> None:
    with broken(world.registry.app, "settings", None), capture_logs() as logged:
        answer = await world.registry.get(LIST, as_=Role.AUDITOR)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")
    assert set(answer.json()) == {"type", "title", "status", "code", "detail", "instance", "trace_id", "errors"}
    assert answer.json()["detail"] is None
    assert [entry["route"] for entry in logged if entry["event"] == "request crashed"] == [LIST]


@contextmanager
def broken(app: FastAPI, part: str, value: Any) -> Iterator[None]:
    """A service with another part in the place of one of its own."""
    own = getattr(app.state, part)
    setattr(app.state, part, value)
    try:
        yield
    finally:
        setattr(app.state, part, own)

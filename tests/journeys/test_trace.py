"""One trace from a request through the outbox and another service's reaction to what that service publishes in turn."""

from typing import Any

import pytest

from shared.database.session import driver, transaction
from shared.testing.world import ServiceClient, World
from tests.inspection.visit import LEAD, Visit, ok

pytestmark = [pytest.mark.journey]

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SENT = f"00-{TRACE}-00f067aa0ba902b7-01"
REVIEWER: dict[str, Any] = LEAD | {"headers": {"traceparent": SENT}}


@pytest.fixture
def services() -> tuple[str, ...]:
    return ("inspection", "cases")


async def rows(client: ServiceClient, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
    async with transaction(client.database) as session:
        return [tuple(row) for row in await (await driver(session)).fetch(query, *arguments)]


async def test_a_trace_goes_from_the_request_through_the_outbox_to_the_reaction_and_what_it_publishes(world: World) -> None:
    visit = await Visit.signed(world, findings=[{"measures": ["case_clue"]}], C09="NONCONFORM")
    ok(await visit.submit("ISSUE_PENDING"))
    reviewed = await visit.post("review", {"decision": "approved", "opinion": "事实清楚"}, **REVIEWER)
    assert ok(reviewed)
    assert reviewed.headers["traceparent"].split("-")[1] == TRACE
    published = await rows(world.inspection, "SELECT traceparent FROM outbox WHERE type = 'ccc.inspection.FindingConfirmed'")
    assert [parent.split("-")[1] for (parent,) in published] == [TRACE]
    await world.settle()
    answered = await rows(world.cases, "SELECT type, traceparent FROM event_log WHERE type = 'ccc.cases.CaseReferred'")
    assert [(kind, parent.split("-")[1]) for kind, parent in answered] == [("ccc.cases.CaseReferred", TRACE)]
    spans = {SENT.split("-")[2], reviewed.headers["traceparent"].split("-")[2], answered[0][1].split("-")[2]}
    assert len(spans) == 3, "each piece of work is a span of its own"
    noted = await rows(world.cases, "SELECT DISTINCT trace_id FROM audit_log WHERE action LIKE 'case.%'")
    assert noted == [(TRACE,)]

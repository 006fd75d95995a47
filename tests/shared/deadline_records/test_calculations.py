"""Dates for other systems before anything is filed: many at once, planned pauses and extensions, backward, each explained."""

import json
from typing import Any

import pytest

from shared.deadlines.verifiers.verify_date import verify
from shared.testing.world import World
from shared.vocabulary import Role

CLERK: dict[str, Any] = {"as_": Role.REPORTER_CLERK, "org": "3501"}
PAUSE = {"starts": "2024-09-11", "ends": "2024-09-23", "ground": "testing", "document": "检字〔2024〕7号"}


@pytest.fixture
def services() -> tuple[str, ...]:
    return ("registry",)


async def calculate(world: World, *queries: dict[str, Any], **more: Any) -> Any:
    return await world.registry.post("/v1/deadline-calculations", {"queries": queries, **more}, **CLERK)


async def test_each_date_comes_with_warnings_and_an_explanation_that_is_complete(world: World) -> None:
    (item,) = (await calculate(world, {"rule": "K05", "trigger": "2024-09-09"})).json()["items"]
    assert (item["rule"], item["due_on"], item["overdue_from"]) == ("K05@2022-09-29", "2024-09-30", "2024-09-30T16:00:00Z")
    assert [row["threshold"] for row in item["warnings"]] == ["50%", "80%", "1wd", "due", "overdue"]
    assert "2024-09-30" in verify(json.dumps(item["explanation"], ensure_ascii=False).encode())


async def test_what_if_there_are_pauses_and_extensions(world: World) -> None:
    queries: list[dict[str, Any]] = [
        {"rule": "K05", "trigger": "2024-09-09", "pauses": [PAUSE]},
        {"rule": "K05", "trigger": "2024-09-09", "extensions": [{"approver": "agency_head"}]},
        {"rule": "K31", "trigger": "2024-09-09", "amount": 20},
        {"rule": "K08", "trigger": "2024-09-30T23:15:40+08:00"},
    ]
    items = (await calculate(world, *queries, explain=False)).json()["items"]
    assert [row["due_on"] for row in items] == ["2024-10-16", "2024-10-25", "2024-09-29", "2024-10-01"]
    assert items[3]["due_at"] == "2024-10-01T15:15:00Z"
    assert all(row["explanation"] is None for row in items)


async def test_backward_it_gives_the_last_trigger_that_still_makes_the_date(world: World) -> None:
    (item,) = (await calculate(world, {"rule": "K05", "due_by": "2024-09-30"})).json()["items"]
    assert (item["trigger"], item["due_on"]) == ("2024-09-09", "2024-09-30")


async def test_a_thousand_dates_in_one_call_and_not_one_more(world: World) -> None:
    ask = {"rule": "K15", "trigger": "2024-09-10"}
    answer = await calculate(world, *[ask] * 1000)
    assert len(answer.json()["items"]) == 1000
    assert (await calculate(world, *[ask] * 1001)).json()["errors"][0]["pointer"] == "/queries"


@pytest.mark.parametrize(
    ("ask", "code", "pointer"),
    [
        ({"rule": "K99", "trigger": "2024-09-09"}, "unknown-rule", "/queries/1/rule"),
        ({"rule": "K05", "trigger": "1999-09-09"}, "no-rule-version-in-force", "/queries/1/trigger"),
        ({"rule": "K05", "trigger": "2026-12-20"}, "calendar-year-not-covered", "/queries/1/trigger"),
        ({"rule": "K05", "trigger": "2024-02-31"}, "invalid-request", "/queries/1/trigger"),
        ({"rule": "K05", "trigger": "2024-09-09T10:00:00"}, "invalid-request", "/queries/1/trigger"),
        ({"rule": "K08", "trigger": "2024-09-09"}, "invalid-trigger", "/queries/1/trigger"),
        ({"rule": "K05"}, "invalid-trigger", "/queries/1/trigger"),
        ({"rule": "K05", "trigger": "2024-09-09", "amount": -3}, "invalid-term", "/queries/1/amount"),
        (
            {"rule": "K05", "trigger": "2024-09-09", "pauses": [PAUSE | {"ends": "2024-09-10"}]},
            "invalid-pause",
            "/queries/1/pauses/0/ends",
        ),
        ({"rule": "K05", "trigger": "2024-09-12", "pauses": [PAUSE]}, "invalid-pause", "/queries/1/pauses/0/starts"),
        (
            {"rule": "K05", "trigger": "2024-09-09", "extensions": [{"approver": "agency_head", "amount": 16}]},
            "invalid-extension",
            "/queries/1/extensions/0/amount",
        ),
        (
            {"rule": "K05", "trigger": "2024-09-09", "extensions": [{"approver": "superior"}]},
            "invalid-extension",
            "/queries/1/extensions/0/approver",
        ),
        ({"rule": "K04", "due_by": "2024-09-30"}, "invalid-term", "/queries/1/rule"),
    ],
)
async def test_a_wrong_query_is_rejected_with_its_place_and_field(
    world: World, ask: dict[str, Any], code: str, pointer: str
) -> None:
    problem = (await calculate(world, {"rule": "K05", "trigger": "2024-09-09"}, ask)).json()
    assert (problem["code"], problem["errors"][0]["pointer"]) == (code, pointer)

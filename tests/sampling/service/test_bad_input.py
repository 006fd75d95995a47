"""Whatever is refused in a draw is refused clearly, and leaves the ledger and every fixed document as they were."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError

from shared.database.session import reading, transaction
from tests.sampling.service.province import Stage

PUBLIC = {
    "source": "lottery",
    "kind": "public",
    "description": "福彩3D 2024-08-06 期开奖号码",
    "not_before": "2024-08-06T21:15:00+08:00",
}


async def fixed(stage: Stage) -> list[Any]:
    """All that a rejected request must leave alone."""
    counts = "SELECT (SELECT count(*) FROM draw_document), (SELECT count(*) FROM draw_unit), (SELECT count(*) FROM outbox)"
    async with reading(stage.world.sampling.database) as session:
        connection = await session.connection()
        ledger = (await connection.execute(text("SELECT seq, digest FROM ledger_entry ORDER BY seq"))).all()
        draws = (await connection.execute(text("SELECT id, state, sample_size, people, ground FROM draw ORDER BY id"))).all()
        return [ledger, draws, (await connection.execute(text(counts))).all()]


@asynccontextmanager
async def nothing_changes(stage: Stage) -> AsyncIterator[None]:
    before = await fixed(stage)
    yield
    assert await fixed(stage) == before


async def refused(stage: Stage, path: str, body: Any, code: str, who: dict[str, Any]) -> dict[str, Any]:
    """The problem that a request is answered with; nothing changes by it."""
    async with nothing_changes(stage):
        answer = await stage.world.sampling.post(path, body, **who)
        assert answer.status_code in (403, 404, 409, 422), answer.text
        problem: dict[str, Any] = answer.json()
        assert problem["code"] == code, problem
    return problem


async def sql_as_owner(stage: Stage, postgres: URL, *statements: str) -> None:
    name = stage.world.sampling.database.writing.url.database
    owner = await asyncpg.connect(postgres.set(drivername="postgresql", database=name).render_as_string(hide_password=False))
    try:
        for statement in statements:
            await owner.execute(statement)
    finally:
        await owner.close()


async def test_an_unknown_source_a_second_value_and_an_early_one(stage: Stage) -> None:
    draw = await stage.sealed(sources=[{"source": "witness"}, PUBLIC])
    path = f"/v1/draws/{draw}/contributions"
    await refused(stage, path, {"source": "moon", "value": "1"}, "draw-source-unknown", stage.watch)
    await refused(stage, path, {"source": "server", "value": "0" * 64}, "draw-source-unknown", stage.watch)
    await refused(stage, path, {"source": "lottery", "value": "123"}, "draw-contribution-too-early", stage.watch)
    await stage.post(path, {"source": "witness", "value": "1"}, **stage.watch)
    for value in ("1", "2"):
        await refused(stage, path, {"source": "witness", "value": value}, "draw-already-contributed", stage.watch)
    await refused(stage, f"/v1/draws/{draw}/execute", None, "draw-contributions-incomplete", stage.lead)
    stage.world.on("2024-08-06", 21, 15)
    await stage.post(path, {"source": "lottery", "value": "123"}, **stage.watch)
    await stage.post(f"/v1/draws/{draw}/execute", **stage.lead)
    await refused(stage, path, {"source": "lottery", "value": "456"}, "draw-state", stage.watch)
    await refused(stage, f"/v1/draws/{draw}/execute", None, "draw-state", stage.lead)


async def test_a_value_late_or_from_a_fallback_before_its_turn(stage: Stage) -> None:
    chained = {"source": "a", "deadline": "2024-08-05T12:00:00+08:00", "fallback": [{"source": "b"}]}
    draw = await stage.sealed(sources=[chained])
    path = f"/v1/draws/{draw}/contributions"
    await refused(stage, path, {"source": "b", "value": "1"}, "draw-contribution-too-early", stage.watch)
    stage.world.on("2024-08-05", 12, 1)
    await refused(stage, path, {"source": "a", "value": "1"}, "draw-contribution-too-late", stage.watch)
    await stage.post(path, {"source": "b", "value": "1"}, **stage.watch)
    await refused(stage, path, {"source": "a", "value": "1"}, "draw-already-contributed", stage.watch)


@pytest.mark.parametrize("value", [" 1", "1\n", "e\u0301", "", "\u0000", "x" * 1001])
async def test_a_value_that_two_readers_could_write_differently(stage: Stage, value: str) -> None:
    draw = await stage.sealed()
    async with nothing_changes(stage):
        path = f"/v1/draws/{draw}/contributions"
        answer = await stage.world.sampling.post(path, {"source": "witness", "value": value}, **stage.watch)
        assert answer.status_code in (400, 422), answer.text


@pytest.mark.parametrize(
    "sources",
    [
        [],
        [{"source": "server"}],
        [{"source": "w"}, {"source": "w"}],
        [{**PUBLIC, "not_before": "2024-08-05T08:59:59+08:00"}],
        [{"source": "p", "kind": "public"}],
        [{"source": "a", "fallback": [{"source": "b"}]}],
    ],
)
async def test_a_plan_of_sources_that_somebody_could_steer(stage: Stage, sources: list[Any]) -> None:
    async with nothing_changes(stage):
        body = {"campaign_id": stage.campaign, "kind": "object", "sources": sources}
        answer = await stage.world.sampling.post("/v1/draws", body, **stage.lead)
        assert answer.status_code == 422, answer.text


async def test_floors_that_no_sample_can_hold_and_more_than_there_is(stage: Stage) -> None:
    await stage.campaign_published(code="CCC-2024-216", planned_sample=3, minimum_ratio=[1, 10], floor=2)
    draw = await stage.planned()
    await stage.post(f"/v1/draws/{draw}/freeze", **stage.lead)
    problem = await refused(stage, f"/v1/draws/{draw}/seal", None, "draw-allocation-infeasible", stage.lead)
    assert problem["stratum"]
    await stage.post(f"/v1/draws/{draw}/sample-size", {"sample_size": 19}, **stage.second)
    problem = await refused(stage, f"/v1/draws/{draw}/seal", None, "draw-allocation-infeasible", stage.lead)
    assert problem["missing"] == 1


CHANGES = {
    "another unit": "INSERT INTO draw_unit SELECT draw_id, unit_id||'0', stratum, weight, salt, items, rule FROM draw_unit",
    "a unit less": "DELETE FROM draw_unit WHERE unit_id = (SELECT min(unit_id) FROM draw_unit)",
    "another certificate": "UPDATE draw_unit SET items = '[\"2022010000000000\"]'",
    "another salt": "UPDATE draw_unit SET salt = repeat('0', 32)",
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_frame_changed_in_the_database_after_the_freeze_is_not_sealed(stage: Stage, postgres: URL, change: str) -> None:
    draw = await stage.planned()
    await stage.post(f"/v1/draws/{draw}/freeze", **stage.lead)
    await sql_as_owner(stage, postgres, "ALTER TABLE draw_unit DISABLE TRIGGER USER", CHANGES[change])
    await refused(stage, f"/v1/draws/{draw}/seal", None, "draw-frame-changed", stage.lead)


@pytest.mark.parametrize("change", CHANGES)
async def test_a_frame_changed_in_the_database_after_the_seal_is_not_drawn_from(stage: Stage, postgres: URL, change: str) -> None:
    draw = await stage.sealed()
    await stage.post(f"/v1/draws/{draw}/contributions", {"source": "witness", "value": "1"}, **stage.watch)
    await sql_as_owner(stage, postgres, "ALTER TABLE draw_unit DISABLE TRIGGER USER", CHANGES[change])
    await refused(stage, f"/v1/draws/{draw}/execute", None, "draw-frame-changed", stage.lead)


async def test_tasks_or_exclusions_changed_between_freeze_and_seal(stage: Stage, postgres: URL) -> None:
    await stage.released()
    body = {"campaign_id": stage.campaign, "kind": "inspector", "inspection_on": "2024-08-20"}
    draw = (await stage.post("/v1/draws", body, expect=201, **stage.city("3501")))["id"]
    await stage.post(f"/v1/draws/{draw}/freeze", **stage.city("3501"))
    await sql_as_owner(
        stage, postgres, "UPDATE draw SET terms = jsonb_set(terms, '{capacity,FJ350100}', '9') WHERE kind <> 'object'"
    )
    await refused(stage, f"/v1/draws/{draw}/seal", None, "draw-frame-changed", stage.city("3501"))


async def test_the_same_unit_twice(stage: Stage) -> None:
    await stage.sealed()
    async with nothing_changes(stage):
        with pytest.raises(IntegrityError):
            async with transaction(stage.world.sampling.database) as session:
                await session.exec(text("INSERT INTO draw_unit SELECT * FROM draw_unit LIMIT 1"))  # type: ignore[call-overload]


async def test_approving_one_s_own_abort_and_starting_afresh_after_it(stage: Stage) -> None:
    draw = await stage.executed()
    await stage.post(f"/v1/draws/{draw}/abort-request", {"ground": "名录有误"}, **stage.second)
    for who in (stage.second, stage.lead):
        await refused(stage, f"/v1/draws/{draw}/abort", None, "same-person", who)
    await stage.post(f"/v1/draws/{draw}/abort", **stage.watch)
    body = {"campaign_id": stage.campaign, "kind": "object"}
    problem = await refused(stage, "/v1/draws", body, "redraw-due", stage.lead)
    assert problem["draw_id"] == draw
    await refused(stage, f"/v1/draws/{draw}/execute", None, "draw-state", stage.lead)


async def test_only_the_latest_attempt_can_be_redrawn(stage: Stage) -> None:
    first = await stage.sealed()

    async def given_up(draw: str) -> None:
        await stage.post(f"/v1/draws/{draw}/abort-request", {"ground": "名录有误"}, **stage.second)
        await stage.post(f"/v1/draws/{draw}/abort", **stage.watch)

    await given_up(first)
    second = (await stage.post(f"/v1/draws/{first}/redraw", expect=201, **stage.lead))["id"]
    await refused(stage, f"/v1/draws/{first}/redraw", None, "draw-under-way", stage.lead)
    await stage.post(f"/v1/draws/{second}/freeze", **stage.lead)
    await stage.post(f"/v1/draws/{second}/seal", **stage.lead)
    await given_up(second)
    problem = await refused(stage, f"/v1/draws/{first}/redraw", None, "draw-under-way", stage.lead)
    assert problem["draw_id"] == second
    third = await stage.post(f"/v1/draws/{second}/redraw", expect=201, **stage.lead)
    assert (third["attempt"], third["supersedes"]) == (3, second)


async def test_replacing_where_no_reserve_is_left(stage: Stage) -> None:
    await stage.campaign_published(code="CCC-2024-216", planned_sample=18, minimum_ratio=[1, 10])
    await stage.released()
    one = (await stage.assignments())[0]
    wanted = {"reason": "object_cancelled"}
    asked = await stage.post(f"/v1/assignments/{one['id']}/object-replacements", wanted, expect=201, **stage.city(one["city"]))
    problem = await refused(stage, f"/v1/object-replacements/{asked['id']}/approval", None, "draw-no-reserve", stage.lead)
    assert one["city"] in problem["detail"]


async def test_a_forged_or_replayed_head_of_the_ledger(stage: Stage) -> None:
    await stage.sealed()
    first = await stage.get("/v1/ledger/head")
    draw = (await stage.get("/v1/draws"))["items"][0]["id"]
    await stage.post(f"/v1/draws/{draw}/contributions", {"source": "witness", "value": "1"}, **stage.watch)
    last = await stage.get("/v1/ledger/head")
    path = "/v1/ledger/consistency"
    for head in (first, last):
        found = await stage.get(path, params={"seq": head["seq"], "digest": head["digest"]})
        assert found["head"] == {"digest": last["digest"], "protocol": "ccc-ledger/1", "seq": 2}
    forged = [(1, "0" * 64), (1, last["digest"]), (2, first["digest"]), (3, last["digest"]), (2**53 - 1, last["digest"])]
    for seq, digest in forged:
        async with nothing_changes(stage):
            problem = await stage.get(path, params={"seq": seq, "digest": digest}, expect=409)
            assert problem["code"] == "draw-ledger-inconsistent"


@pytest.mark.parametrize(
    "params", [{}, {"seq": 0, "digest": "0" * 64}, {"seq": 2**53, "digest": "0" * 64}, {"seq": 1, "digest": "A" * 64}]
)
async def test_what_is_no_head_at_all(stage: Stage, params: dict[str, Any]) -> None:
    assert (await stage.get("/v1/ledger/consistency", params=params, expect=422))["code"]


async def test_a_ledger_rewritten_behind_every_guard_is_noticed_by_the_service_itself(stage: Stage, postgres: URL) -> None:
    await stage.sealed()
    head = await stage.get("/v1/ledger/head")
    rewrite = "UPDATE ledger_entry SET entry = jsonb_set(entry, '{by}', '\"somebody\"')"
    with pytest.raises(asyncpg.RestrictViolationError):
        await sql_as_owner(stage, postgres, rewrite)
    await sql_as_owner(stage, postgres, "ALTER TABLE ledger_entry DISABLE TRIGGER USER", rewrite)
    problem = await stage.get("/v1/ledger/consistency", params={"seq": 1, "digest": head["digest"]}, expect=409)
    assert (problem["code"], problem["seq"]) == ("draw-ledger-broken", 1)

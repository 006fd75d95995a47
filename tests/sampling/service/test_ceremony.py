import asyncio
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from shared.database.session import transaction
from tests.sampling.service.province import Stage
from tests.sampling.service.verifier import verified


async def test_nothing_is_executed_before_every_source_has_spoken_and_no_value_is_replaced(stage: Stage) -> None:
    draw = await stage.sealed()
    path = f"/v1/draws/{draw}/contributions"
    early = await stage.post(f"/v1/draws/{draw}/execute", expect=409, **stage.lead)
    assert early["code"] == "draw-contributions-incomplete"
    unknown = await stage.post(path, {"source": "moon", "value": "1"}, expect=422, **stage.watch)
    assert unknown["code"] == "draw-source-unknown"
    await stage.post(path, {"source": "witness", "value": "1"}, **stage.watch)
    again = await stage.post(path, {"source": "witness", "value": "2"}, expect=409, **stage.watch)
    assert again["code"] == "draw-already-contributed"
    assert (await stage.get("/v1/ledger/head"))["seq"] == 2


async def test_a_named_witness_speaks_for_himself_and_never_the_sealer(stage: Stage) -> None:
    draw = await stage.sealed(sources=[{"source": "w", "kind": "witness", "person": "sup-2"}])
    path = f"/v1/draws/{draw}/contributions"
    other = await stage.post(path, {"source": "w", "value": "1"}, expect=409, **stage.watch)
    assert other["code"] == "not-the-witness"
    forbidden = await stage.post(path, {"source": "w", "value": "1"}, expect=403, **stage.lead)
    assert forbidden["code"] == "forbidden"


async def test_ten_who_execute_at_once_give_one_execution(stage: Stage) -> None:
    draw = await stage.sealed()
    await stage.post(f"/v1/draws/{draw}/contributions", {"source": "witness", "value": "1"}, **stage.watch)
    answers = await asyncio.gather(*(stage.world.sampling.post(f"/v1/draws/{draw}/execute", **stage.lead) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    assert (await stage.get("/v1/ledger/head"))["seq"] == 3


@pytest.mark.parametrize("values", [("1", "1", "1"), ("1", "2", "3")])
async def test_those_who_speak_for_one_source_at_once_leave_one_value(stage: Stage, values: tuple[str, ...]) -> None:
    draw = await stage.sealed()
    path = f"/v1/draws/{draw}/contributions"
    asking = (stage.world.sampling.post(path, {"source": "witness", "value": value}, **stage.watch) for value in values)
    answers = await asyncio.gather(*asking)
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    given = values[[answer.status_code for answer in answers].index(200)]
    await stage.post(f"/v1/draws/{draw}/execute", **stage.lead)
    transcript = await stage.get(f"/v1/draws/{draw}/transcript", **stage.watch)
    assert transcript["contributions"][1:] == [{"source": "witness", "value": given}]


async def test_different_sources_that_contribute_at_once_all_stand_in_one_chain(stage: Stage, tmp_path: Path) -> None:
    names = ["a", "b", "c", "d"]
    draw = await stage.sealed(sources=[{"source": name} for name in names])
    path = f"/v1/draws/{draw}/contributions"
    asking = (stage.world.sampling.post(path, {"source": name, "value": name}, **stage.watch) for name in reversed(names))
    assert {answer.status_code for answer in await asyncio.gather(*asking)} == {200}
    await stage.post(f"/v1/draws/{draw}/execute", **stage.lead)
    transcript = await stage.get(f"/v1/draws/{draw}/transcript", **stage.watch)
    assert [given["source"] for given in transcript["contributions"]] == ["server", *names]
    verified(transcript, tmp_path, await stage.get("/v1/ledger"))


async def test_a_value_and_the_execution_at_once_give_a_draw_that_holds_either_way(stage: Stage, tmp_path: Path) -> None:
    draw = await stage.sealed()
    speaking = stage.world.sampling.post(f"/v1/draws/{draw}/contributions", {"source": "witness", "value": "1"}, **stage.watch)
    drawing = stage.world.sampling.post(f"/v1/draws/{draw}/execute", **stage.lead)
    spoken, drawn = await asyncio.gather(speaking, drawing)
    assert spoken.status_code == 200
    if drawn.status_code != 200:
        assert drawn.json()["code"] == "draw-contributions-incomplete"
        await stage.post(f"/v1/draws/{draw}/execute", **stage.lead)
    verified(await stage.get(f"/v1/draws/{draw}/transcript", **stage.watch), tmp_path, await stage.get("/v1/ledger"))


async def test_an_abort_and_the_execution_at_once_have_one_winner(stage: Stage) -> None:
    draw = await stage.sealed()
    await stage.post(f"/v1/draws/{draw}/contributions", {"source": "witness", "value": "1"}, **stage.watch)
    await stage.post(f"/v1/draws/{draw}/abort-request", {"ground": "名录有误"}, **stage.second)
    aborting = stage.world.sampling.post(f"/v1/draws/{draw}/abort", **stage.watch)
    drawing = stage.world.sampling.post(f"/v1/draws/{draw}/execute", **stage.lead)
    aborted, drawn = await asyncio.gather(aborting, drawing)
    assert aborted.status_code == 200
    kinds = [entry["kind"] for entry in (await stage.get("/v1/ledger"))["entries"]]
    executed = drawn.status_code == 200
    assert kinds == ["seal", "contribution", *(["execution", "supersession"] if executed else ["abort"])]


async def test_draws_of_two_campaigns_sealed_at_once_stand_in_one_unbroken_chain(stage: Stage, tmp_path: Path) -> None:
    draws = []
    for code in ("CCC-2024-216", "CCC-2024-217", "CCC-2024-218"):
        await stage.campaign_published(code=code)
        draws.append(await stage.planned())
        await stage.post(f"/v1/draws/{draws[-1]}/freeze", **stage.lead)
    asking = (stage.world.sampling.post(f"/v1/draws/{draw}/seal", **stage.lead) for draw in draws)
    assert {answer.status_code for answer in await asyncio.gather(*asking)} == {200}
    ledger = await stage.get("/v1/ledger")
    assert {entry["draw_id"] for entry in ledger["entries"]} == set(draws)
    verified(ledger, tmp_path)


async def test_two_who_seal_at_once_give_one_commitment(stage: Stage) -> None:
    draw = await stage.planned()
    await stage.post(f"/v1/draws/{draw}/freeze", **stage.lead)
    answers = await asyncio.gather(
        *(stage.world.sampling.post(f"/v1/draws/{draw}/seal", **who) for who in (stage.lead, stage.second))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert (await stage.get("/v1/ledger/head"))["seq"] == 1


async def test_steps_out_of_order_are_refused(stage: Stage) -> None:
    draw = await stage.planned()
    for step in ("seal", "execute", "release"):
        refused = await stage.post(f"/v1/draws/{draw}/{step}", expect=409, **stage.lead)
        assert refused["code"] == "draw-state"
    second = await stage.post("/v1/draws", {"campaign_id": stage.campaign, "kind": "object"}, expect=409, **stage.lead)
    assert (second["code"], second["draw_id"]) == ("draw-under-way", draw)


async def test_the_servers_secret_is_in_no_answer_before_the_execution_and_in_no_table_in_the_clear(stage: Stage) -> None:
    draw = await stage.sealed()
    seen = str(await stage.get(f"/v1/draws/{draw}")) + str(await stage.get(f"/v1/draws/{draw}/transcript/public"))
    await stage.post(f"/v1/draws/{draw}/contributions", {"source": "witness", "value": "1"}, **stage.watch)
    async with transaction(stage.world.sampling.database) as session:
        stored = (await session.exec(text("SELECT secret FROM draw"))).scalar_one()  # type: ignore[call-overload]
    await stage.post(f"/v1/draws/{draw}/execute", **stage.lead)
    secret = (await stage.get(f"/v1/draws/{draw}/transcript", **stage.watch))["contributions"][0]["value"]
    assert secret not in seen
    assert bytes.fromhex(secret) not in stored


@pytest.mark.parametrize("table", ["ledger_entry", "draw_document", "draw_unit", "audit_log"])
@pytest.mark.parametrize("act", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
async def test_the_service_cannot_change_what_is_append_only(stage: Stage, table: str, act: str) -> None:
    await stage.sealed()
    columns = {"ledger_entry": "kind", "draw_document": "step", "draw_unit": "rule", "audit_log": "action"}
    with pytest.raises(DBAPIError, match="permission denied"):
        async with transaction(stage.world.sampling.database) as session:
            await session.exec(text(act.format(table, columns[table], "'x'")))  # type: ignore[call-overload]


async def test_the_owner_is_refused_too_and_a_frame_changed_behind_every_guard_is_noticed(stage: Stage, postgres: URL) -> None:
    draw = await stage.sealed()
    name = stage.world.sampling.database.writing.url.database
    owner = await asyncpg.connect(postgres.set(drivername="postgresql", database=name).render_as_string(hide_password=False))
    change = "UPDATE draw_unit SET salt = repeat('0', 32)"
    with pytest.raises(asyncpg.RestrictViolationError):
        await owner.execute(change)
    await owner.execute("ALTER TABLE draw_unit DISABLE TRIGGER USER")
    await owner.execute(change)
    await owner.close()
    await stage.post(f"/v1/draws/{draw}/contributions", {"source": "witness", "value": "1"}, **stage.watch)
    refused = await stage.post(f"/v1/draws/{draw}/execute", expect=409, **stage.lead)
    assert refused["code"] == "draw-frame-changed"
    assert (await stage.get(f"/v1/draws/{draw}"))["state"] == "committed"


async def test_a_draw_given_up_stays_visible_and_its_redraw_names_it(stage: Stage, tmp_path: Path) -> None:
    draw = await stage.executed()
    await stage.post(f"/v1/draws/{draw}/abort", expect=409, **stage.watch)
    await stage.post(f"/v1/draws/{draw}/abort-request", {"ground": "名录有误"}, **stage.second)
    for who in (stage.second, stage.lead):
        assert (await stage.post(f"/v1/draws/{draw}/abort", expect=409, **who))["code"] == "same-person"
    given_up = await stage.post(f"/v1/draws/{draw}/abort", **stage.watch)
    assert given_up["state"] == "superseded"
    again = await stage.post(f"/v1/draws/{draw}/redraw", expect=201, **stage.lead)
    assert (again["attempt"], again["supersedes"]) == (2, draw)
    path = f"/v1/draws/{again['id']}"
    await stage.post(f"{path}/freeze", **stage.lead)
    await stage.post(f"{path}/seal", **stage.lead)
    await stage.post(f"{path}/contributions", {"source": "witness", "value": "2"}, **stage.watch)
    refused = await stage.post(f"{path}/execute", expect=409, **stage.lead)
    assert refused["code"] == "same-person"
    await stage.post(f"{path}/execute", **stage.second)
    await stage.post(f"{path}/release", **stage.lead)
    listed = (await stage.get("/v1/draws"))["items"]
    assert [(one["attempt"], one["state"]) for one in listed] == [(1, "superseded"), (2, "released")]
    verified(await stage.get(f"{path}/transcript", **stage.watch), tmp_path, await stage.get("/v1/ledger"))


async def test_whoever_kept_a_head_can_show_whether_the_ledger_went_on_from_it(stage: Stage) -> None:
    await stage.sealed()
    head = await stage.get("/v1/ledger/head")
    path = "/v1/ledger/consistency"
    assert (await stage.get(path, params={"seq": 1, "digest": head["digest"]}))["consistent"]
    forged = await stage.get(path, params={"seq": 1, "digest": "0" * 64}, expect=409)
    assert forged["code"] == "draw-ledger-inconsistent"


async def test_the_verifiers_are_handed_out_with_their_digests(stage: Stage) -> None:
    from hashlib import sha256  # noqa: PLC0415

    for one in await stage.get("/v1/verifiers"):
        content = (await stage.world.sampling.get(one["url"])).content
        assert sha256(content).hexdigest() == one["sha256"]

"""A write takes effect once for its key, as a whole or not at all, and its response comes after the commit."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.database.session import Session, driver, reading, transaction
from shared.messaging.envelope import Record
from shared.messaging.inbox.dead_letters import store_unreadable
from shared.security import audit
from shared.security.auth import SYSTEM, Caller
from shared.testing.world import World
from shared.vocabulary import OrgLevel, Role

REPLAYS = "/v1/operations/replays"
OPERATOR = {"as_": Role.SYSADMIN, "sub": "operator"}


async def _replays(world: World) -> int:
    async with reading(world.registry.database) as session:
        return int((await session.execute(text("SELECT count(*) FROM audit_log WHERE action = 'events.replayed'"))).scalar_one())


async def test_the_same_key_acts_once_and_gets_the_same_answer(world: World) -> None:
    first = await world.registry.post(REPLAYS, {"aggregate": "a"}, key="k1", **OPERATOR)
    again = await world.registry.post(REPLAYS, {"aggregate": "a"}, key="k1", **OPERATOR)
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.headers["idempotency-replayed"] == "true"
    assert await _replays(world) == 1


async def test_twenty_requests_at_once_with_one_key_act_once(world: World) -> None:
    calls = [world.registry.post(REPLAYS, {"aggregate": "b"}, key="k2", **OPERATOR) for _ in range(20)]
    assert {answer.status_code for answer in await asyncio.gather(*calls)} == {202}
    assert await _replays(world) == 1


async def test_a_key_used_for_another_body_is_refused(world: World) -> None:
    await world.registry.post(REPLAYS, {"aggregate": "a"}, key="k3", **OPERATOR)
    answer = await world.registry.post(REPLAYS, {"aggregate": "z"}, key="k3", **OPERATOR)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")


async def test_the_keys_of_two_callers_are_two_keys(world: World) -> None:
    await world.registry.post(REPLAYS, {"aggregate": "a"}, key="k4", as_=Role.SYSADMIN, sub="one")
    await world.registry.post(REPLAYS, {"aggregate": "a"}, key="k4", as_=Role.SYSADMIN, sub="two")
    assert await _replays(world) == 2


async def test_an_act_without_a_key_is_refused(world: World) -> None:
    answer = await world.registry.post(REPLAYS, {}, headers={"Idempotency-Key": ""}, **OPERATOR)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-required")


async def test_a_refused_act_leaves_nothing_and_its_key_can_be_used_again(world: World) -> None:
    refused = await world.registry.post(REPLAYS, {"aggregate": 7}, key="k5", **OPERATOR)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/aggregate"
    assert (await world.registry.post(REPLAYS, {"aggregate": "7"}, key="k5", **OPERATOR)).status_code == 202


@pytest.mark.parametrize(
    "body",
    [
        b'{"aggregate":"a","aggregate":"b"}',
        b'{"aggregate":NaN}',
        b'{"aggregate":Infinity}',
        b'{"aggregate":1e999}',
        b'{"aggregate":"\\u0000"}',
        b'{"aggregate":"\\ud800"}',
        b'{"aggregate":"\xe2\x80\xae"}',
        b'{"aggregate":"\xff"}',
        b'{"aggregate":',
        b'{"aggregate":' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"x":' * 40 + b"1" + b"}" * 40,
    ],
)
async def test_a_body_that_two_readers_could_read_differently_is_refused(world: World, body: bytes) -> None:
    answer = await world.registry.post(REPLAYS, content=body, headers={"Content-Type": "application/json"}, **OPERATOR)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-body")
    assert await _replays(world) == 0


async def test_json_is_read_strictly_however_its_media_type_is_written(world: World) -> None:
    body, headers = b'{"aggregate":"a","aggregate":"b"}', {"Content-Type": "application/JSON"}
    answer = await world.registry.post(REPLAYS, content=body, headers=headers, **OPERATOR)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-body")
    assert await _replays(world) == 0


async def test_a_body_over_the_limit_is_refused(world: World) -> None:
    body = b'{"aggregate":"' + b"a" * 2_000_000 + b'"}'
    answer = await world.registry.post(REPLAYS, content=body, headers={"Content-Type": "application/json"}, **OPERATOR)
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


async def test_control_characters_in_an_address_are_refused(world: World) -> None:
    for path in ("/v1/operations/audit?subject=%00", "/v1/operations/audit?%00=a"):
        answer = await world.registry.get(path, as_=Role.AUDITOR)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")


async def test_a_cursor_is_good_for_its_own_list_only(world: World) -> None:
    for number in range(3):
        await world.registry.post(REPLAYS, {"aggregate": str(number)}, **OPERATOR)
    page = (await world.registry.get("/v1/operations/audit?limit=2", as_=Role.AUDITOR)).json()
    rest = (await world.registry.get(f"/v1/operations/audit?limit=2&cursor={page['next']}", as_=Role.AUDITOR)).json()
    assert [row["object_id"] for row in page["items"] + rest["items"]] == ["2", "1", "0"]
    assert rest["next"] is None
    for bad in (page["next"][:-2] + "AA", "x", "é", "=" * 10):
        answer = await world.registry.get("/v1/operations/audit", params={"cursor": bad}, as_=Role.AUDITOR)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor")
    other = await world.registry.get("/v1/enterprises", params={"cursor": page["next"]}, as_=Role.PROV_ADMIN)
    assert (other.status_code, other.json()["code"]) == (400, "invalid-cursor")


async def test_the_audit_trail_of_the_province_is_for_the_province_and_a_bureau_s_for_the_bureau(world: World) -> None:
    async with transaction(world.registry.database) as session:
        for org, level in (("35", OrgLevel.PROVINCIAL), ("3501", OrgLevel.PREFECTURE), ("3502", OrgLevel.PREFECTURE)):
            audit.record(session, Caller("one", Role.CITY_LEAD, org, level), "thing.done", org)
    seen = {}
    for org in ("35", "3501", "350102"):
        items = (await world.registry.get("/v1/operations/audit", as_=Role.AUDITOR, org=org)).json()["items"]
        seen[org] = {row["org"] for row in items}
    assert seen == {"35": {"35", "3501", "3502"}, "3501": {"3501"}, "350102": set()}


async def test_an_operator_sees_the_envelope_of_a_dead_letter_and_supervision_its_content(world: World) -> None:
    record = Record("ccc.sampling", 0, 1, b"a", '{"object":"福州电缆厂"}'.encode(), [("ce_type", b"x")])
    async with transaction(world.registry.database) as session:
        await store_unreadable(await driver(session), record, ValueError("no envelope"), session.now)
    (one,) = (await world.registry.get("/v1/operations/dead-letters", **OPERATOR)).json()
    path = f"/v1/operations/dead-letters/{one['id']}"
    envelope = await world.registry.get(path, **OPERATOR)
    assert (envelope.json()["headers"], envelope.json()["error"]) == ({"ce_type": "x"}, "ValueError: no envelope")
    assert "福州" not in envelope.text
    assert (await world.registry.get(f"{path}/message", **OPERATOR)).status_code == 403
    assert (await world.registry.get(f"{path}/message", as_=Role.AUDITOR, org="3501")).status_code == 404
    message = (await world.registry.get(f"{path}/message", as_=Role.AUDITOR)).json()
    assert message["value"] == '{"object":"福州电缆厂"}'
    trail = await world.registry.get("/v1/operations/audit", params={"object_id": one["id"]}, as_=Role.AUDITOR)
    assert [row["action"] for row in trail.json()["items"]] == ["dead_letter.message_read", "dead_letter.read"]


async def test_the_service_itself_cannot_change_its_audit_trail(world: World) -> None:
    async with transaction(world.registry.database) as session:
        audit.record(session, SYSTEM, "thing.done", "x")
    for statement in ("UPDATE audit_log SET subject = 'y'", "DELETE FROM audit_log", "TRUNCATE audit_log"):
        with pytest.raises(DBAPIError, match="permission denied"):
            await _run(world, statement)


async def test_a_read_session_cannot_write(world: World) -> None:
    async with reading(world.registry.database) as session:
        with pytest.raises(DBAPIError, match="read-only"):
            await session.execute(text("DELETE FROM idempotency_key"))


async def test_a_failure_before_the_commit_leaves_neither_change_nor_audit_row(world: World) -> None:
    class Boom(Exception):
        pass

    async def act(session: Session) -> None:
        audit.record(session, SYSTEM, "thing.done", "y")
        raise Boom

    with pytest.raises(Boom):
        async with transaction(world.registry.database) as session:
            await act(session)
    rows = (await world.registry.get("/v1/operations/audit?object_id=y", as_=Role.AUDITOR)).json()["items"]
    assert rows == []


async def _run(world: World, statement: str) -> None:
    async with transaction(world.registry.database) as session:
        await session.execute(text(statement))


async def test_errors_speak_chinese_by_default_and_english_on_request(world: World) -> None:
    zh = (await world.registry.get("/v1/operations/audit")).json()
    en = (await world.registry.get("/v1/operations/audit", headers={"Accept-Language": "en-GB,zh;q=0.5"})).json()
    assert zh["title"] == "身份令牌缺失或无效"
    assert en["title"] == "The bearer token is missing or not valid"
    assert zh["code"] == en["code"] == "unauthenticated"
    assert len(zh["trace_id"]) == 32


async def test_a_trace_goes_on_from_the_caller(world: World) -> None:
    caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    answer = await world.registry.get("/livez", headers={"traceparent": caller})
    assert answer.headers["traceparent"].split("-")[1] == caller.split("-")[1]
    assert answer.headers["traceparent"] != caller

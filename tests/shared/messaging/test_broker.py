"""From one service to another over the Kafka protocol: once, in order, whatever breaks on the way."""

import asyncio
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event

from shared.core.ids import new_id
from shared.database.session import Session, driver, transaction
from shared.events.base import Delivery
from shared.messaging import replay_requests
from shared.messaging.broker import Broker, Consumer, Survey
from shared.messaging.inbox import consumer
from shared.messaging.inbox.offsets import Offsets
from shared.messaging.outbox import store
from tests.shared.messaging.events import rows
from tests.shared.messaging.fixtures import Coast, running, until, write

pytestmark = pytest.mark.messaging


async def test_facts_take_effect_elsewhere_once_and_in_order(coast: Coast) -> None:
    async with running(coast.telling(), coast.hearing()):
        await asyncio.gather(*(coast.light(lamp, *range(20)) for lamp in "abc"))
        for lamp in "abc":
            await coast.settled(lamp, list(range(20)))
    assert len(await rows(coast.lighthouse, "SELECT * FROM event_log")) == 60
    assert not await rows(coast.lighthouse, "SELECT * FROM outbox")


async def test_a_foreign_reader_finds_plain_cloudevents(coast: Coast) -> None:
    async with running(coast.telling()):
        await coast.light("a", 7)
        await coast.sent()
    async with Survey(Broker(coast.broker.settings())) as survey:
        (record,) = await survey.newest(coast.topic)
    assert record.value is not None
    found = from_binary_event(KafkaMessage(dict(record.headers), record.key, record.value))
    (told,) = await rows(coast.lighthouse, "SELECT event_id, occurred_at FROM event_log")
    assert found.get_id() == str(told["event_id"])
    assert found.get_source() == f"/ccc/{coast.lighthouse.service}"
    assert found.get_type() == f"{coast.topic}.Lit"
    assert found.get_time() == told["occurred_at"]
    assert found.get_subject() == "a"
    assert found.get_data() == {"lamp": "a", "number": 7}
    assert {name: found.get_extension(name) for name in ("sequence", "sequencetype", "dataschemaversion")} == {
        "sequence": "1",
        "sequencetype": "Integer",
        "dataschemaversion": "1",
    }


async def test_a_consumer_that_dies_between_commit_and_offset_repeats_nothing(
    coast: Coast, monkeypatch: pytest.MonkeyPatch
) -> None:
    died = asyncio.Event()

    async def die(_: object, come_to: Offsets) -> None:
        if any(come_to.values()):
            died.set()
            raise RuntimeError("killed before the offset")

    async with running(coast.telling()):
        await coast.light("a", 1, 2, 3)
        with monkeypatch.context() as patch:
            patch.setattr(consumer._Turn, "_commit", die)
            async with running(coast.hearing()):
                await asyncio.wait_for(died.wait(), 30)
        assert (await coast.heard("a"))[0] == 1
        async with running(coast.hearing()):
            await coast.light("a", 4)
            await coast.settled("a", [1, 2, 3, 4], seconds=60)


async def test_a_cancellation_that_a_library_lets_out_ends_no_part(coast: Coast, monkeypatch: pytest.MonkeyPatch) -> None:
    let_out = asyncio.Event()

    async def cancelled(*_: object) -> None:
        let_out.set()
        raise asyncio.CancelledError

    telling = coast.telling()
    async with running(telling, coast.hearing()):
        with monkeypatch.context() as patch:
            patch.setattr(store, "move", cancelled)
            await coast.light("a", 1)
            await asyncio.wait_for(let_out.wait(), 20)
        await coast.settled("a", [1])
        assert telling.ready()


async def test_a_relay_that_dies_between_sending_and_moving_repeats_and_nothing_takes_effect_twice(
    coast: Coast, monkeypatch: pytest.MonkeyPatch
) -> None:
    died = asyncio.Event()

    async def die(*_: object) -> None:
        died.set()
        raise RuntimeError("killed before the move")

    await coast.light("a", *range(50))
    with monkeypatch.context() as patch:
        patch.setattr(store, "move", die)
        async with running(coast.telling()):
            await asyncio.wait_for(died.wait(), 20)
    async with running(coast.telling(), coast.hearing()):
        await coast.light("a", 50)
        await coast.settled("a", list(range(51)))
    async with Survey(Broker(coast.broker.settings())) as survey:
        assert sum((await survey.ends(coast.topic)).values()) > 51


async def test_a_poisonous_fact_holds_up_its_aggregate_only_and_a_person_releases_it_in_order(coast: Coast) -> None:
    broken = {3}

    async def handle(session: Session, event: Any, delivery: Delivery) -> None:
        await write(session, event, delivery)
        if event.number in broken:
            raise RuntimeError("the bulb is broken")

    async with running(coast.telling(), coast.hearing(handle)):
        await coast.light("a", 1, 2, 3, 4, 5)
        await coast.light("b", 1, 2)
        await coast.settled("b", [1, 2])
        await until(lambda: _failed(coast), seconds=20)
        assert await coast.heard("a") == [1, 2]
        parked = await rows(coast.harbour, "SELECT sequence, reason, error FROM parked_event ORDER BY sequence")
        assert [(row["sequence"], row["reason"]) for row in parked] == [(3, "failed"), (4, "waiting"), (5, "waiting")]
        assert "the bulb is broken" in parked[0]["error"]
        broken.clear()
        await rows(coast.harbour, "UPDATE parked_event SET reason = 'retrying' WHERE reason = 'failed' RETURNING 1")
        await coast.settled("a", [1, 2, 3, 4, 5])
    assert not await rows(coast.harbour, "SELECT * FROM parked_event WHERE resolved_at IS NULL")


async def _failed(coast: Coast) -> bool:
    return bool(await rows(coast.harbour, "SELECT 1 FROM parked_event WHERE reason = 'failed'"))


async def test_a_broker_that_comes_back_empty_is_refilled_and_a_late_listener_hears_all(coast: Coast) -> None:
    async with running(coast.telling(), coast.hearing()):
        await coast.light("a", *range(10))
        await coast.settled("a", list(range(10)))
        await coast.broker.lose_everything(coast.topic, replay_requests.TOPIC)
        await coast.light("a", 10)
        await coast.settled("a", list(range(11)), seconds=90)
        await until(lambda: _refilled(coast), seconds=60)
    newcomer = await coast.open_service(f"newcomer{coast.name}")
    async with running(coast.telling(), coast.hearing(database=newcomer)):
        coast.harbour = newcomer
        await coast.settled("a", list(range(11)), seconds=60)


async def _refilled(coast: Coast) -> bool:
    query = "SELECT 1 FROM replay_request WHERE reason = 'refill' AND done_at IS NOT NULL"
    return bool(await rows(coast.lighthouse, query))


async def test_a_lost_fact_is_noticed_by_the_next_one_and_asked_for(coast: Coast) -> None:
    await coast.light("a", 1, 2, 3)
    async with transaction(coast.lighthouse) as session:
        connection = await driver(session)
        await store.ensure_month(connection, session.now)
        (lost,) = [fact.id for fact in await store.unsent(connection, 10) if fact.sequence == 2]
        await store.move(connection, [lost], session.now)
    async with running(coast.telling(), coast.hearing()):
        await coast.settled("a", [1, 2, 3], seconds=40)


async def test_the_whole_topic_told_again_changes_nothing(coast: Coast) -> None:
    async with running(coast.telling(), coast.hearing()):
        await coast.light("a", *range(5))
        await coast.settled("a", list(range(5)))
        await rows(coast.lighthouse, _REPLAY_ALL)
        await until(lambda: _replayed(coast))
        await coast.light("a", 5)
        await coast.settled("a", list(range(6)))
    async with Survey(Broker(coast.broker.settings())) as survey:
        assert sum((await survey.ends(coast.topic)).values()) == 11


_REPLAY_ALL = """
INSERT INTO replay_request (id, reason, first_sequence, after_id, until_id, requested_at)
VALUES (gen_random_uuid(), 'operator', 1, 0, 1000, now()) RETURNING 1
"""


async def _replayed(coast: Coast) -> bool:
    return bool(await rows(coast.lighthouse, "SELECT 1 FROM replay_request WHERE done_at IS NOT NULL"))


async def test_whoever_comes_back_gets_topics_that_it_did_not_know_before(coast: Coast) -> None:
    """A newer version of a service may listen to more: the group must not hold it to the share of the version before."""
    broker, name = Broker(coast.broker.settings()), new_id().hex
    early, late = f"early-{name}", f"late-{name}"
    await broker.prepare([early, late])
    async with Consumer(broker, f"group-{name}", [early], "one") as first:
        await until(lambda: _given(first, early), seconds=20)
    async with Consumer(broker, f"group-{name}", [early, late], "one") as second:
        await until(lambda: _given(second, late), seconds=20)


async def _given(member: Consumer, topic: str) -> bool:
    return topic in {place.topic for place in member._client.assignment()}

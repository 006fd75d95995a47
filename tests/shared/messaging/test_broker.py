"""From one service to another over the Kafka protocol: once, in order, whatever breaks on the way."""

import asyncio
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event

from shared.core.ids import new_id
from shared.database.session import Session, driver, transaction
from shared.events.base import Delivery
from shared.messaging import replay_requests
from shared.messaging.broker import Broker, GroupConsumer, OffsetReader
from shared.messaging.inbox import consumer
from shared.messaging.inbox.offsets import Offsets
from shared.messaging.outbox import store
from tests.shared.messaging.events import rows
from tests.shared.messaging.fixtures import ServicePair, running, until, write

pytestmark = pytest.mark.messaging


async def test_events_are_handled_by_another_service_once_and_in_order(pair: ServicePair) -> None:
    async with running(pair.producer_process(), pair.consumer_process()):
        await asyncio.gather(*(pair.emit_events(subject, *range(20)) for subject in "abc"))
        for subject in "abc":
            await pair.settled(subject, list(range(20)))
    assert len(await rows(pair.producer, "SELECT * FROM event_log")) == 60
    assert not await rows(pair.producer, "SELECT * FROM outbox")


async def test_a_foreign_reader_finds_cloudevents(pair: ServicePair) -> None:
    async with running(pair.producer_process()):
        await pair.emit_events("a", 7)
        await pair.sent()
    async with OffsetReader(Broker(pair.broker.settings())) as offsets:
        (record,) = await offsets.last_records(pair.topic)
    assert record.value is not None
    found = from_binary_event(KafkaMessage(dict(record.headers), record.key, record.value))
    (logged,) = await rows(pair.producer, "SELECT event_id, occurred_at FROM event_log")
    assert found.get_id() == str(logged["event_id"])
    assert found.get_source() == f"/ccc/{pair.producer.service}"
    assert found.get_type() == f"{pair.topic}.Changed"
    assert found.get_time() == logged["occurred_at"]
    assert found.get_subject() == "a"
    assert found.get_data() == {"subject": "a", "number": 7}
    assert {name: found.get_extension(name) for name in ("sequence", "sequencetype", "dataschemaversion")} == {
        "sequence": "1",
        "sequencetype": "Integer",
        "dataschemaversion": "1",
    }


async def test_a_consumer_that_dies_between_commit_and_offset_repeats_nothing(
    pair: ServicePair, monkeypatch: pytest.MonkeyPatch
) -> None:
    died = asyncio.Event()

    async def die(_: object, committed: Offsets) -> None:
        if any(committed.values()):
            died.set()
            raise RuntimeError("killed before the offset")

    async with running(pair.producer_process()):
        await pair.emit_events("a", 1, 2, 3)
        with monkeypatch.context() as patch:
            patch.setattr(consumer._ConsumerSession, "_commit", die)
            async with running(pair.consumer_process()):
                await asyncio.wait_for(died.wait(), 30)
        assert (await pair.handled("a"))[0] == 1
        async with running(pair.consumer_process()):
            await pair.emit_events("a", 4)
            await pair.settled("a", [1, 2, 3, 4], seconds=60)


async def test_a_cancellation_that_a_library_lets_out_ends_no_part(pair: ServicePair, monkeypatch: pytest.MonkeyPatch) -> None:
    let_out = asyncio.Event()

    async def cancelled(*_: object) -> None:
        let_out.set()
        raise asyncio.CancelledError

    producer_process = pair.producer_process()
    async with running(producer_process, pair.consumer_process()):
        with monkeypatch.context() as patch:
            patch.setattr(store, "move", cancelled)
            await pair.emit_events("a", 1)
            await asyncio.wait_for(let_out.wait(), 20)
        await pair.settled("a", [1])
        assert producer_process.ready()


async def test_a_relay_that_dies_between_sending_and_moving_repeats_and_nothing_is_handled_twice(
    pair: ServicePair, monkeypatch: pytest.MonkeyPatch
) -> None:
    died = asyncio.Event()

    async def die(*_: object) -> None:
        died.set()
        raise RuntimeError("killed before the move")

    await pair.emit_events("a", *range(50))
    with monkeypatch.context() as patch:
        patch.setattr(store, "move", die)
        async with running(pair.producer_process()):
            await asyncio.wait_for(died.wait(), 20)
    async with running(pair.producer_process(), pair.consumer_process()):
        await pair.emit_events("a", 50)
        await pair.settled("a", list(range(51)))
    async with OffsetReader(Broker(pair.broker.settings())) as offsets:
        assert sum((await offsets.ends(pair.topic)).values()) > 51


async def test_a_failing_event_blocks_its_aggregate_only_and_a_person_releases_it_in_order(pair: ServicePair) -> None:
    broken = {3}

    async def handle(session: Session, event: Any, delivery: Delivery) -> None:
        await write(session, event, delivery)
        if event.number in broken:
            raise RuntimeError("the handler is broken")

    async with running(pair.producer_process(), pair.consumer_process(handle)):
        await pair.emit_events("a", 1, 2, 3, 4, 5)
        await pair.emit_events("b", 1, 2)
        await pair.settled("b", [1, 2])
        await until(lambda: _failed(pair), seconds=20)
        assert await pair.handled("a") == [1, 2]
        letters = await rows(pair.consumer, "SELECT sequence, reason, error FROM dead_letter ORDER BY sequence")
        assert [(row["sequence"], row["reason"]) for row in letters] == [(3, "failed"), (4, "deferred"), (5, "deferred")]
        assert "the handler is broken" in letters[0]["error"]
        broken.clear()
        await rows(pair.consumer, "UPDATE dead_letter SET reason = 'retrying' WHERE reason = 'failed' RETURNING 1")
        await pair.settled("a", [1, 2, 3, 4, 5])
    assert not await rows(pair.consumer, "SELECT * FROM dead_letter WHERE resolved_at IS NULL")


async def _failed(pair: ServicePair) -> bool:
    return bool(await rows(pair.consumer, "SELECT 1 FROM dead_letter WHERE reason = 'failed'"))


async def test_a_broker_that_comes_back_empty_is_refilled_and_a_late_consumer_handles_all(pair: ServicePair) -> None:
    async with running(pair.producer_process(), pair.consumer_process()):
        await pair.emit_events("a", *range(10))
        await pair.settled("a", list(range(10)))
        await pair.broker.lose_everything(pair.topic, replay_requests.TOPIC)
        await pair.emit_events("a", 10)
        await pair.settled("a", list(range(11)), seconds=90)
        await until(lambda: _refilled(pair), seconds=60)
    newcomer = await pair.open_service(f"newcomer{pair.name}")
    async with running(pair.producer_process(), pair.consumer_process(database=newcomer)):
        pair.consumer = newcomer
        await pair.settled("a", list(range(11)), seconds=60)


async def _refilled(pair: ServicePair) -> bool:
    query = "SELECT 1 FROM replay_request WHERE reason = 'refill' AND done_at IS NOT NULL"
    return bool(await rows(pair.producer, query))


async def test_a_lost_event_is_detected_by_the_next_one_and_requested(pair: ServicePair) -> None:
    await pair.emit_events("a", 1, 2, 3)
    async with transaction(pair.producer) as session:
        connection = await driver(session)
        await store.ensure_month(connection, session.now)
        (lost,) = [event.id for event in await store.unsent(connection, 10) if event.sequence == 2]
        await store.move(connection, [lost], session.now)
    async with running(pair.producer_process(), pair.consumer_process()):
        await pair.settled("a", [1, 2, 3], seconds=40)


async def test_a_replay_of_the_whole_topic_changes_nothing(pair: ServicePair) -> None:
    async with running(pair.producer_process(), pair.consumer_process()):
        await pair.emit_events("a", *range(5))
        await pair.settled("a", list(range(5)))
        await rows(pair.producer, _REPLAY_ALL)
        await until(lambda: _replayed(pair))
        await pair.emit_events("a", 5)
        await pair.settled("a", list(range(6)))
    async with OffsetReader(Broker(pair.broker.settings())) as offsets:
        assert sum((await offsets.ends(pair.topic)).values()) == 11


_REPLAY_ALL = """
INSERT INTO replay_request (id, reason, first_sequence, after_id, until_id, requested_at)
VALUES (gen_random_uuid(), 'operator', 1, 0, 1000, now()) RETURNING 1
"""


async def _replayed(pair: ServicePair) -> bool:
    return bool(await rows(pair.producer, "SELECT 1 FROM replay_request WHERE done_at IS NOT NULL"))


async def test_a_member_that_rejoins_gets_topics_that_it_did_not_consume_before(pair: ServicePair) -> None:
    """A newer version of a service may consume more: the group must not leave it with the assignment of the old version."""
    broker, name = Broker(pair.broker.settings()), new_id().hex
    early, late = f"early-{name}", f"late-{name}"
    await broker.prepare([early, late])
    async with GroupConsumer(broker, f"group-{name}", [early], "one") as first:
        await until(lambda: _has_topic(first, early), seconds=20)
    async with GroupConsumer(broker, f"group-{name}", [early, late], "one") as second:
        await until(lambda: _has_topic(second, late), seconds=20)


async def _has_topic(member: GroupConsumer, topic: str) -> bool:
    return topic in {partition.topic for partition in member._client.assignment()}

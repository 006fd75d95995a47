"""Every message is handled or becomes a dead letter with the reason; nothing is skipped, and no partition stops."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.database.session import Database, driver, transaction
from shared.messaging.envelope import Record
from shared.messaging.inbox import dead_letters
from shared.messaging.inbox.dead_letters import fingerprint, pack, unpack
from shared.messaging.inbox.dispatcher import Dispatcher
from shared.messaging.inbox.retry import RetryWorker
from shared.messaging.outbox import store
from shared.testing.bus import record_of
from tests.shared.messaging.events import TestEvent, effects, emit_events, rows, write_effect

HANDLERS: dict[Any, Any] = {TestEvent: write_effect}


async def records(database: Database) -> list[Record]:
    """All events that a service has emitted and not yet sent, as records."""
    async with transaction(database) as session:
        events = await store.unsent(await driver(session), 1000)
    return [record_of(database.service, event) for event in events]


def header(name: str, value: bytes | None) -> Callable[[Record], Record]:
    """Change or take away one header."""

    def change(record: Record) -> Record:
        others = [(key, old) for key, old in record.headers if key != name]
        return replace(record, headers=others if value is None else [*others, (name, value)])

    return change


def value(content: bytes | None) -> Callable[[Record], Record]:
    """Change the content."""
    return lambda record: replace(record, value=content)


UNREADABLE = {
    "no headers": lambda record: replace(record, headers=[]),
    "no id": header("ce_id", None),
    "id is no UUID": header("ce_id", b"seven"),
    "not CloudEvents 1.0": header("ce_specversion", b"0.3"),
    "another owner": header("ce_source", b"/ccc/consumer"),
    "a type of another owner": header("ce_type", b"ccc.consumer.FollowUpEvent"),
    "another aggregate in the envelope": header("ce_subject", b"b"),
    "no key": lambda record: replace(record, key=None),
    "sequence is no number": header("ce_sequence", b"two"),
    "sequence is negative": header("ce_sequence", b"-2"),
    "sequence is too large": header("ce_sequence", b"9" * 30),
    "sequence in full-width digits": header("ce_sequence", "２".encode()),
    "time without zone": header("ce_time", b"2024-09-02T01:00:00"),
    "time is no time": header("ce_time", b"yesterday"),
    "header is not UTF-8": header("ce_type", b"\xff\xfe"),
    "NUL in the type": header("ce_type", b"ccc.producer.Test\0Event"),
}
FAILED = {
    "bad JSON": value(b"{"),
    "empty": value(b""),
    "a tombstone": value(None),
    "a field is missing": value(b'{"number": 1}'),
    "a field has another type": value(b'{"subject": "a", "number": "one"}'),
    "deep nesting": value(b'{"subject": ' + b"[" * 5000 + b"]" * 5000 + b"}"),
    "another aggregate in the content": value(b'{"subject": "b"}'),
    "unknown type": header("ce_type", b"ccc.producer.NoSuchEvent"),
    "unknown version": header("ce_dataschemaversion", b"9"),
    "huge": value(b'{"subject": "a", "number": ' + b" " * 10_000_000 + b'"x"}'),
}


@pytest.mark.parametrize("case", UNREADABLE)
async def test_an_unreadable_message_is_dead_lettered_and_blocks_nothing(
    producer: Database, consumer: Database, case: str
) -> None:
    await emit_events(producer, "a", 1)
    (good,) = await records(producer)
    await Dispatcher(consumer, HANDLERS).handle([UNREADABLE[case](good), good])
    assert await effects(consumer, "a") == [1]
    (row,) = await rows(consumer, "SELECT source, reason, error, message::text FROM dead_letter")
    assert (row["source"], row["reason"]) == ("producer", "unreadable")
    assert row["error"].startswith("UnreadableError: ") or row["error"].startswith("Unreadable: ")
    assert unpack(row["message"]) == UNREADABLE[case](good)


@pytest.mark.parametrize("case", FAILED)
async def test_a_message_that_cannot_succeed_is_dead_lettered_with_those_behind_it(
    producer: Database, consumer: Database, case: str
) -> None:
    await emit_events(producer, "a", 1, 2)
    await emit_events(producer, "b", 1)
    first, second, other = await records(producer)
    retry_worker = RetryWorker(consumer, HANDLERS)
    await Dispatcher(consumer, HANDLERS).handle([FAILED[case](first), second, other])
    await retry_worker.retry_due()
    assert await effects(consumer, "a") == []
    assert await effects(consumer, "b") == [1]
    letters = await rows(consumer, "SELECT sequence, reason FROM dead_letter ORDER BY sequence")
    assert [tuple(row) for row in letters] == [(1, "failed"), (2, "deferred")]
    await Dispatcher(consumer, HANDLERS).handle([first])
    await retry_worker.retry_due()
    assert await effects(consumer, "a") == [1, 2], "the correct message under the same number is the remedy"
    assert not await rows(consumer, "SELECT 1 FROM dead_letter WHERE resolved_at IS NULL")


async def test_a_message_survives_being_packed() -> None:
    record = Record("ccc.producer", 3, 9, None, b"\x00\xff", [("a", b"\x00"), ("b", b"")])
    assert unpack(pack(record)) == record
    assert fingerprint(record) == fingerprint(replace(record, partition=1, offset=2))
    assert fingerprint(record) != fingerprint(replace(record, value=None))


async def test_an_error_text_with_nul_can_be_kept() -> None:
    assert "\0" not in dead_letters.describe(ValueError("a\0b"))

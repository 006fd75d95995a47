"""Whatever comes in is handled or parked with the reason; nothing is skipped, and no partition stands still."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.database.session import Database, driver, transaction
from shared.messaging.envelope import Record
from shared.messaging.inbox import dead_letters
from shared.messaging.inbox.dead_letters import fingerprint, pack, unpack
from shared.messaging.inbox.dispatcher import Dispatcher
from shared.messaging.inbox.retry import Mender
from shared.messaging.outbox import store
from shared.testing.bus import record_of
from tests.shared.messaging.events import LampLit, effects, light, rows, write_down

HANDLERS: dict[Any, Any] = {LampLit: write_down}


async def records(database: Database) -> list[Record]:
    """All that a service has told and not yet sent, as records."""
    async with transaction(database) as session:
        facts = await store.unsent(await driver(session), 1000)
    return [record_of(database.service, fact) for fact in facts]


def header(name: str, value: bytes | None) -> Callable[[Record], Record]:
    """Change or take away one header."""

    def change(record: Record) -> Record:
        kept = [(key, old) for key, old in record.headers if key != name]
        return replace(record, headers=kept if value is None else [*kept, (name, value)])

    return change


def value(content: bytes | None) -> Callable[[Record], Record]:
    """Change the content."""
    return lambda record: replace(record, value=content)


UNREADABLE = {
    "no headers": lambda record: replace(record, headers=[]),
    "no id": header("ce_id", None),
    "id is no UUID": header("ce_id", b"seven"),
    "not CloudEvents 1.0": header("ce_specversion", b"0.3"),
    "another owner": header("ce_source", b"/ccc/harbour"),
    "a type of another owner": header("ce_type", b"ccc.harbour.ShipWarned"),
    "another aggregate in the envelope": header("ce_subject", b"b"),
    "no key": lambda record: replace(record, key=None),
    "sequence is no number": header("ce_sequence", b"two"),
    "sequence is negative": header("ce_sequence", b"-2"),
    "sequence is too large": header("ce_sequence", b"9" * 30),
    "sequence in full-width digits": header("ce_sequence", "２".encode()),
    "time without zone": header("ce_time", b"2024-09-02T01:00:00"),
    "time is no time": header("ce_time", b"yesterday"),
    "header is not UTF-8": header("ce_type", b"\xff\xfe"),
    "NUL in the type": header("ce_type", b"ccc.lighthouse.Lamp\0Lit"),
}
FAILED = {
    "bad JSON": value(b"{"),
    "empty": value(b""),
    "a tombstone": value(None),
    "a field is missing": value(b'{"number": 1}'),
    "a field has another type": value(b'{"lamp": "a", "number": "one"}'),
    "deep nesting": value(b'{"lamp": ' + b"[" * 5000 + b"]" * 5000 + b"}"),
    "another aggregate in the content": value(b'{"lamp": "b"}'),
    "unknown type": header("ce_type", b"ccc.lighthouse.LampStolen"),
    "unknown version": header("ce_dataschemaversion", b"9"),
    "huge": value(b'{"lamp": "a", "number": ' + b" " * 10_000_000 + b'"x"}'),
}


@pytest.mark.parametrize("case", UNREADABLE)
async def test_an_unreadable_message_is_parked_and_holds_up_nobody(lighthouse: Database, harbour: Database, case: str) -> None:
    await light(lighthouse, "a", 1)
    (good,) = await records(lighthouse)
    await Dispatcher(harbour, HANDLERS).take([UNREADABLE[case](good), good])
    assert await effects(harbour, "a") == [1]
    (row,) = await rows(harbour, "SELECT source, reason, error, message::text FROM parked_event")
    assert (row["source"], row["reason"]) == ("lighthouse", "unreadable")
    assert row["error"].startswith("UnreadableError: ") or row["error"].startswith("Unreadable: ")
    assert unpack(row["message"]) == UNREADABLE[case](good)


@pytest.mark.parametrize("case", FAILED)
async def test_a_message_that_cannot_succeed_is_parked_with_those_behind_it(
    lighthouse: Database, harbour: Database, case: str
) -> None:
    await light(lighthouse, "a", 1, 2)
    await light(lighthouse, "b", 1)
    first, second, other = await records(lighthouse)
    mender = Mender(harbour, HANDLERS)
    await Dispatcher(harbour, HANDLERS).take([FAILED[case](first), second, other])
    await mender.mend()
    assert await effects(harbour, "a") == []
    assert await effects(harbour, "b") == [1]
    parked_rows = await rows(harbour, "SELECT sequence, reason FROM parked_event ORDER BY sequence")
    assert [tuple(row) for row in parked_rows] == [(1, "failed"), (2, "waiting")]
    await Dispatcher(harbour, HANDLERS).take([first])
    await mender.mend()
    assert await effects(harbour, "a") == [1, 2], "the true message under the same number is the remedy"
    assert not await rows(harbour, "SELECT 1 FROM parked_event WHERE resolved_at IS NULL")


async def test_a_message_survives_being_packed() -> None:
    record = Record("ccc.lighthouse", 3, 9, None, b"\x00\xff", [("a", b"\x00"), ("b", b"")])
    assert unpack(pack(record)) == record
    assert fingerprint(record) == fingerprint(replace(record, partition=1, offset=2))
    assert fingerprint(record) != fingerprint(replace(record, value=None))


async def test_an_error_text_with_nul_can_be_kept() -> None:
    assert "\0" not in dead_letters.describe(ValueError("a\0b"))

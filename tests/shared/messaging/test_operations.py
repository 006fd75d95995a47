"""What operators do: retry, drop by two persons, replay; each action leaves an audit row."""

from typing import Any
from uuid import UUID

import pytest

from shared.core.errors import DomainError
from shared.database.session import Database, Session, reading, transaction
from shared.events.base import Delivery
from shared.messaging import metrics
from shared.messaging.inbox.dispatcher import Dispatcher
from shared.messaging.inbox.retry import RetryWorker
from shared.messaging.operations import dead_letter_actions, lag
from shared.messaging.outbox.replay import ReplayScope
from shared.security.auth import Caller
from shared.vocabulary.organisation import OrgLevel, Role
from tests.shared.messaging.events import TestEvent, effects, emit_events, rows, write_effect
from tests.shared.messaging.test_dead_letters import UNREADABLE, records

ANNE = Caller("anne", Role.SYSADMIN, "35", OrgLevel.SUPPORT)
BERT = Caller("bert", Role.SYSADMIN, "35", OrgLevel.SUPPORT)


class FailingHandler:
    """A handler that fails for some numbers until it is repaired."""

    def __init__(self, *broken: int) -> None:
        self.broken = set(broken)

    async def __call__(self, session: Session, event: TestEvent, delivery: Delivery) -> None:
        if event.number in self.broken:
            raise RuntimeError("the handler is broken")
        await write_effect(session, event, delivery)


async def dead_letters_of(producer: Database, consumer: Database, handler: FailingHandler) -> list[lag.DeadLetterRow]:
    """The dead letters after three events of which the first fails."""
    await emit_events(producer, "a", 1, 2, 3)
    await Dispatcher(consumer, {TestEvent: handler}).handle(await records(producer))
    await RetryWorker(consumer, {TestEvent: handler}, pauses=()).retry_due()
    async with reading(consumer) as session:
        return await lag.list_dead_letters(session)


async def error_code(database: Database, act: Any, *arguments: Any) -> str:
    """The code of the error."""
    with pytest.raises(DomainError) as raised:
        await run_action(database, act, *arguments)
    return raised.value.code


async def run_action(database: Database, act: Any, *arguments: Any) -> None:
    """One action in a transaction."""
    async with transaction(database) as session:
        await act(session, *arguments)


async def test_dead_letters_can_be_listed_and_read(producer: Database, consumer: Database) -> None:
    found = await dead_letters_of(producer, consumer, FailingHandler(1))
    assert [(letter.sequence, letter.reason) for letter in found] == [(1, "failed"), (2, "deferred"), (3, "deferred")]
    async with reading(consumer) as session:
        message = await lag.dead_letter_message(session, found[0].id)
        envelope = await lag.dead_letter_envelope(session, found[0].id)
    assert (message.topic, message.key, message.value) == ("ccc.producer", "a", '{"subject":"a","number":1}')
    assert message.headers["ce_type"] == "ccc.producer.TestEvent"
    assert envelope.model_dump() == message.model_dump(exclude={"value"})
    assert (await metrics.backlog(consumer)).dead_letters == {"failed": 1, "deferred": 2, "retrying": 0, "unreadable": 0}


async def test_a_retry_releases_in_order_what_was_deferred(producer: Database, consumer: Database) -> None:
    handler = FailingHandler(1)
    found = await dead_letters_of(producer, consumer, handler)
    assert await error_code(consumer, dead_letter_actions.retry, found[1].id, ANNE) == "out-of-sequence"
    handler.broken.clear()
    await run_action(consumer, dead_letter_actions.retry, found[0].id, ANNE)
    await RetryWorker(consumer, {TestEvent: handler}).retry_due()
    assert await effects(consumer, "a") == [1, 2, 3]
    assert await error_code(consumer, dead_letter_actions.retry, found[0].id, ANNE) == "dead-letter-resolved"
    assert [tuple(row) for row in await rows(consumer, "SELECT subject, action FROM audit_log")] == [
        ("anne", "dead_letter.retried")
    ]


async def test_a_drop_needs_a_reason_and_another_person(producer: Database, consumer: Database) -> None:
    handler = FailingHandler(1)
    found = await dead_letters_of(producer, consumer, handler)
    first = found[0].id
    assert await error_code(consumer, dead_letter_actions.drop, first, BERT) == "drop-not-requested"
    await run_action(consumer, dead_letter_actions.request_drop, first, "registered twice by mistake", ANNE)
    assert await error_code(consumer, dead_letter_actions.drop, first, ANNE) == "second-person-required"
    await run_action(consumer, dead_letter_actions.drop, first, BERT)
    await RetryWorker(consumer, {TestEvent: handler}).retry_due()
    assert await effects(consumer, "a") == [2, 3]
    audited = await rows(consumer, "SELECT subject, action, details->>'reason' AS reason FROM audit_log ORDER BY id")
    reason = "registered twice by mistake"
    assert [tuple(row) for row in audited] == [
        ("anne", "dead_letter.drop_requested", reason),
        ("bert", "dead_letter.dropped", reason),
    ]
    await Dispatcher(consumer, {TestEvent: handler}).handle(await records(producer))
    assert await effects(consumer, "a") == [2, 3], "delivered again, it stays dropped"


async def test_an_unreadable_message_can_be_dropped_but_not_retried(producer: Database, consumer: Database) -> None:
    await emit_events(producer, "a", 1)
    (good,) = await records(producer)
    await Dispatcher(consumer, {TestEvent: write_effect}).handle([UNREADABLE["no headers"](good)])
    async with reading(consumer) as session:
        (found,) = await lag.list_dead_letters(session)
    assert await error_code(consumer, dead_letter_actions.retry, found.id, ANNE) == "not-retryable"
    await run_action(consumer, dead_letter_actions.request_drop, found.id, "not ours", ANNE)
    await run_action(consumer, dead_letter_actions.drop, found.id, BERT)
    async with reading(consumer) as session:
        assert await lag.list_dead_letters(session) == []
        assert [letter.resolution for letter in await lag.list_dead_letters(session, resolved=True)] == ["dropped"]


async def test_an_unknown_id_is_rejected(consumer: Database) -> None:
    nobody = UUID(int=0)
    for act, arguments in (
        (dead_letter_actions.retry, (ANNE,)),
        (dead_letter_actions.drop, (ANNE,)),
        (dead_letter_actions.request_drop, ("why", ANNE)),
    ):
        assert await error_code(consumer, act, nobody, *arguments) == "no-such-dead-letter"


async def test_a_replay_is_requested_once_and_audited(producer: Database) -> None:
    for _ in range(2):
        await run_action(producer, dead_letter_actions.request_replay, ReplayScope(aggregate="a"), ANNE)
    assert [tuple(row) for row in await rows(producer, "SELECT reason, aggregate FROM replay_request")] == [("operator", "a")]
    assert len(await rows(producer, "SELECT 1 FROM audit_log WHERE action = 'events.replayed'")) == 2

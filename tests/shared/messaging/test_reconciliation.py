"""Two reconciliations of a period agree exactly when each event published was handled once."""

from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.cli.reconciliation import Proof, compare
from shared.core.ids import new_id
from shared.database.session import Database, driver, transaction
from shared.messaging.inbox.dispatcher import Dispatcher
from shared.messaging.inbox.handlers import Handlers
from shared.messaging.operations import dead_letter_actions, lag
from shared.messaging.operations.reconciliation import reconciliation
from shared.messaging.outbox import store
from shared.testing.bus import Subscriber, deliver_all, record_of
from tests.shared.messaging.events import TestEvent, emit_events, rows, write_effect
from tests.shared.messaging.test_operations import ANNE, BERT, run_action

HANDLERS: Handlers = {TestEvent: write_effect}
LONG_AGO, LATER = datetime(2000, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)


async def proof(publisher: Database, subscriber: Database, since: datetime = LONG_AGO, until: datetime = LATER) -> Proof:
    """The comparison of both sides."""
    published = await reconciliation(publisher, [], since, until)
    handled = await reconciliation(subscriber, HANDLERS, since, until)
    answers: dict[str, Any] = {"producer": published.model_dump(mode="json"), "consumer": handled.model_dump(mode="json")}
    return compare(answers)


async def test_events_handled_once_agree(producer: Database, consumer: Database) -> None:
    await emit_events(producer, "a", *range(20))
    assert not (await proof(producer, consumer)).holds, "nothing is handled yet"
    await deliver_all([producer], [Subscriber(consumer, HANDLERS)])
    found = await proof(producer, consumer)
    assert (found.holds, found.events, found.effects) == (True, 20, 20)
    assert found.digest == (await proof(producer, consumer)).digest


async def test_one_event_that_is_missing_or_too_many_is_found(producer: Database, consumer: Database) -> None:
    await emit_events(producer, "a", *range(5))
    await deliver_all([producer], [Subscriber(consumer, HANDLERS)])
    forged = f"INSERT INTO inbox SELECT '{new_id()}', source, 'z', 1, type, handled_at FROM inbox LIMIT 1 RETURNING 1"
    await rows(consumer, forged)
    found = await proof(producer, consumer)
    assert [(row["published"], row["handled"], row["agrees"]) for row in found.rows] == [(5, 6, False)]
    assert not found.holds


async def test_a_period_is_cut_alike_on_both_sides(producer: Database, consumer: Database) -> None:
    await emit_events(producer, "a", 1)
    await deliver_all([producer], [Subscriber(consumer, HANDLERS)])
    now = datetime.now(UTC)
    assert (await proof(producer, consumer, until=now - timedelta(hours=1))).events == 0
    assert (await proof(producer, consumer, since=now - timedelta(hours=1))).events == 1


async def test_what_two_persons_dropped_is_shown_and_accounted_for(producer: Database, consumer: Database) -> None:
    await emit_events(producer, "a", 1)
    async with transaction(producer) as session:
        (event,) = await store.unsent(await driver(session), 10)
    broken = record_of("producer", event._replace(data="{"))
    await Dispatcher(consumer, HANDLERS).handle([broken])
    async with transaction(consumer) as session:
        (found,) = await lag.list_dead_letters(session)
    await run_action(consumer, dead_letter_actions.request_drop, found.id, "not to be read", ANNE)
    await run_action(consumer, dead_letter_actions.drop, found.id, BERT)
    (row,) = (await proof(producer, consumer)).rows
    assert (row["published"], row["handled"], row["dropped"], row["agrees"]) == (1, 1, 1, True)

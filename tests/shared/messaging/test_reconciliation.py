"""Two accounts of a period agree exactly when each event told took effect once."""

from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.cli.reconciliation import Proof, compare
from shared.core.ids import new_id
from shared.database.session import Database, driver, transaction
from shared.messaging.inbox.dispatcher import Dispatcher
from shared.messaging.inbox.handlers import Handlers
from shared.messaging.operations import dead_letter_actions, lag
from shared.messaging.operations.reconciliation import account
from shared.messaging.outbox import store
from shared.testing.bus import Listener, deliver_all, record_of
from tests.shared.messaging.events import LampLit, light, rows, write_down
from tests.shared.messaging.test_operations import ANNE, BERT, act_of

HANDLERS: Handlers = {LampLit: write_down}
LONG_AGO, LATER = datetime(2000, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)


async def proof(teller: Database, listener: Database, since: datetime = LONG_AGO, until: datetime = LATER) -> Proof:
    """The comparison of both sides."""
    told = await account(teller, [], since, until)
    heard = await account(listener, HANDLERS, since, until)
    accounts: dict[str, Any] = {"lighthouse": told.model_dump(mode="json"), "harbour": heard.model_dump(mode="json")}
    return compare(accounts)


async def test_what_took_effect_once_agrees(lighthouse: Database, harbour: Database) -> None:
    await light(lighthouse, "a", *range(20))
    assert not (await proof(lighthouse, harbour)).holds, "nothing is heard yet"
    await deliver_all([lighthouse], [Listener(harbour, HANDLERS)])
    found = await proof(lighthouse, harbour)
    assert (found.holds, found.events, found.effects) == (True, 20, 20)
    assert found.digest == (await proof(lighthouse, harbour)).digest


async def test_one_event_that_is_missing_or_too_many_is_found(lighthouse: Database, harbour: Database) -> None:
    await light(lighthouse, "a", *range(5))
    await deliver_all([lighthouse], [Listener(harbour, HANDLERS)])
    forged = f"INSERT INTO inbox SELECT '{new_id()}', source, 'z', 1, type, handled_at FROM inbox LIMIT 1 RETURNING 1"
    await rows(harbour, forged)
    found = await proof(lighthouse, harbour)
    assert [(row["told"], row["heard"], row["agrees"]) for row in found.rows] == [(5, 6, False)]
    assert not found.holds


async def test_a_period_is_cut_alike_on_both_sides(lighthouse: Database, harbour: Database) -> None:
    await light(lighthouse, "a", 1)
    await deliver_all([lighthouse], [Listener(harbour, HANDLERS)])
    now = datetime.now(UTC)
    assert (await proof(lighthouse, harbour, until=now - timedelta(hours=1))).events == 0
    assert (await proof(lighthouse, harbour, since=now - timedelta(hours=1))).events == 1


async def test_what_two_persons_dropped_is_shown_and_accounted_for(lighthouse: Database, harbour: Database) -> None:
    await light(lighthouse, "a", 1)
    async with transaction(lighthouse) as session:
        (fact,) = await store.unsent(await driver(session), 10)
    broken = record_of("lighthouse", fact._replace(data="{"))
    await Dispatcher(harbour, HANDLERS).take([broken])
    async with transaction(harbour) as session:
        (found,) = await lag.parked_events(session)
    await act_of(harbour, dead_letter_actions.ask_drop, found.id, "not to be read", ANNE)
    await act_of(harbour, dead_letter_actions.drop, found.id, BERT)
    (row,) = (await proof(lighthouse, harbour)).rows
    assert (row["told"], row["heard"], row["dropped"], row["agrees"]) == (1, 1, 1, True)

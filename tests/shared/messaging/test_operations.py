"""What operators do: tried again, dropped by two persons, told again; each act leaves an audit row."""

from typing import Any
from uuid import UUID

import pytest

from shared.core.errors import DomainError
from shared.database.session import Database, Session, reading, transaction
from shared.events.base import Delivery
from shared.messaging import metrics
from shared.messaging.inbox.dispatcher import Dispatcher
from shared.messaging.inbox.retry import Mender
from shared.messaging.operations import dead_letter_actions, lag
from shared.messaging.outbox.replay import Scope
from shared.security.auth import Caller
from shared.vocabulary.organisation import OrgLevel, Role
from tests.shared.messaging.events import LampLit, effects, light, rows, write_down
from tests.shared.messaging.test_dead_letters import UNREADABLE, records

ANNE = Caller("anne", Role.SYSADMIN, "35", OrgLevel.SUPPORT)
BERT = Caller("bert", Role.SYSADMIN, "35", OrgLevel.SUPPORT)


class Bulb:
    """A handler that fails for some numbers until it is repaired."""

    def __init__(self, *broken: int) -> None:
        self.broken = set(broken)

    async def __call__(self, session: Session, event: LampLit, delivery: Delivery) -> None:
        if event.number in self.broken:
            raise RuntimeError("the bulb is broken")
        await write_down(session, event, delivery)


async def parked_behind(lighthouse: Database, harbour: Database, bulb: Bulb) -> list[lag.ParkedEvent]:
    """Three facts of which the first fails; what is parked then."""
    await light(lighthouse, "a", 1, 2, 3)
    await Dispatcher(harbour, {LampLit: bulb}).take(await records(lighthouse))
    await Mender(harbour, {LampLit: bulb}, pauses=()).mend()
    async with reading(harbour) as session:
        return await lag.parked_events(session)


async def refused(database: Database, act: Any, *arguments: Any) -> str:
    """The code of the refusal."""
    with pytest.raises(DomainError) as refusal:
        await act_of(database, act, *arguments)
    return refusal.value.code


async def act_of(database: Database, act: Any, *arguments: Any) -> None:
    """One act in a transaction."""
    async with transaction(database) as session:
        await act(session, *arguments)


async def test_what_is_parked_can_be_listed_and_read(lighthouse: Database, harbour: Database) -> None:
    found = await parked_behind(lighthouse, harbour, Bulb(1))
    assert [(one.sequence, one.reason) for one in found] == [(1, "failed"), (2, "waiting"), (3, "waiting")]
    async with reading(harbour) as session:
        message = await lag.parked_message(session, found[0].id)
        envelope = await lag.parked_envelope(session, found[0].id)
    assert (message.topic, message.key, message.value) == ("ccc.lighthouse", "a", '{"lamp":"a","number":1}')
    assert message.headers["ce_type"] == "ccc.lighthouse.LampLit"
    assert envelope.model_dump() == message.model_dump(exclude={"value"})
    assert (await metrics.look(harbour)).parked == {"failed": 1, "waiting": 2, "retrying": 0, "unreadable": 0}


async def test_a_retry_releases_in_order_what_waited(lighthouse: Database, harbour: Database) -> None:
    bulb = Bulb(1)
    found = await parked_behind(lighthouse, harbour, bulb)
    assert await refused(harbour, dead_letter_actions.retry, found[1].id, ANNE) == "not-its-turn"
    bulb.broken.clear()
    await act_of(harbour, dead_letter_actions.retry, found[0].id, ANNE)
    await Mender(harbour, {LampLit: bulb}).mend()
    assert await effects(harbour, "a") == [1, 2, 3]
    assert await refused(harbour, dead_letter_actions.retry, found[0].id, ANNE) == "parked-event-resolved"
    assert [tuple(row) for row in await rows(harbour, "SELECT subject, action FROM audit_log")] == [("anne", "event.retried")]


async def test_a_drop_needs_a_ground_and_another_person(lighthouse: Database, harbour: Database) -> None:
    bulb = Bulb(1)
    found = await parked_behind(lighthouse, harbour, bulb)
    first = found[0].id
    assert await refused(harbour, dead_letter_actions.drop, first, BERT) == "drop-not-asked"
    await act_of(harbour, dead_letter_actions.ask_drop, first, "registered twice by mistake", ANNE)
    assert await refused(harbour, dead_letter_actions.drop, first, ANNE) == "second-person-required"
    await act_of(harbour, dead_letter_actions.drop, first, BERT)
    await Mender(harbour, {LampLit: bulb}).mend()
    assert await effects(harbour, "a") == [2, 3]
    kept = await rows(harbour, "SELECT subject, action, details->>'ground' AS ground FROM audit_log ORDER BY id")
    ground = "registered twice by mistake"
    assert [tuple(row) for row in kept] == [("anne", "event.drop-asked", ground), ("bert", "event.dropped", ground)]
    await Dispatcher(harbour, {LampLit: bulb}).take(await records(lighthouse))
    assert await effects(harbour, "a") == [2, 3], "delivered again, it stays dropped"


async def test_an_unreadable_message_can_be_dropped_but_not_retried(lighthouse: Database, harbour: Database) -> None:
    await light(lighthouse, "a", 1)
    (good,) = await records(lighthouse)
    await Dispatcher(harbour, {LampLit: write_down}).take([UNREADABLE["no headers"](good)])
    async with reading(harbour) as session:
        (found,) = await lag.parked_events(session)
    assert await refused(harbour, dead_letter_actions.retry, found.id, ANNE) == "cannot-be-retried"
    await act_of(harbour, dead_letter_actions.ask_drop, found.id, "not ours", ANNE)
    await act_of(harbour, dead_letter_actions.drop, found.id, BERT)
    async with reading(harbour) as session:
        assert await lag.parked_events(session) == []
        assert [one.resolution for one in await lag.parked_events(session, resolved=True)] == ["dropped"]


async def test_an_unknown_id_is_refused(harbour: Database) -> None:
    nobody = UUID(int=0)
    for act, arguments in (
        (dead_letter_actions.retry, (ANNE,)),
        (dead_letter_actions.drop, (ANNE,)),
        (dead_letter_actions.ask_drop, ("why", ANNE)),
    ):
        assert await refused(harbour, act, nobody, *arguments) == "no-such-parked-event"


async def test_a_replay_is_ordered_once_and_audited(lighthouse: Database) -> None:
    for _ in range(2):
        await act_of(lighthouse, dead_letter_actions.replay_again, Scope(aggregate="a"), ANNE)
    assert [tuple(row) for row in await rows(lighthouse, "SELECT reason, aggregate FROM replay_request")] == [("operator", "a")]
    assert len(await rows(lighthouse, "SELECT 1 FROM audit_log WHERE action = 'events.replayed'")) == 2

"""The relay: takes committed facts from the outbox to the broker, in order, and then into the event log."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from asyncpg import Connection

from shared.database.session import Database
from shared.events.base import topic_of
from shared.messaging import broker as messaging_broker
from shared.messaging import metrics, replay_requests
from shared.messaging.broker import Administrator, Broker, BrokerError, Producer, Survey, group_of
from shared.messaging.envelope import Fact, Record, headers_of
from shared.messaging.outbox import replay, store
from shared.messaging.outbox.backpressure import Pace
from shared.messaging.outbox.broker_loss import LostRecordsError, reconcile, refuse_loss
from shared.messaging.outbox.leader import leading
from shared.messaging.outbox.replay import Scope, Why
from shared.messaging.outbox.store import Ends

BATCH = 500
SHORTEST_SLEEP = 0.005
LONGEST_SLEEP = 0.25
SEND_SECONDS = 15.0
HEARTBEAT_SECONDS = 1.0
LOOK_SECONDS = 5.0
LISTENERS_SECONDS = 0.05


@dataclass
class Relay:
    """Stands by in every process of a service and works in the one that leads."""

    database: Database
    broker: Broker
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Wait for the leadership, then relay until `stop`.

        Raises:
            BrokerError: the broker failed; run again, with a new producer.
            Exception: the connection to the database, and with it the leadership, was lost; run again.
        """
        async with leading(self.database, self.stopping) as connection:
            if connection is None:
                return
            await replay_requests.prepare(self.broker)
            await self.broker.prepare([topic_of(self.database.service)])
            leader = metrics.LEADER.labels(self.database.service)
            reader = group_of(f"{self.database.service}-relay")
            async with (
                Producer(self.broker) as producer,
                Survey(self.broker, reader) as survey,
                Administrator(self.broker, self.broker.listeners) as administrator,
            ):
                leader.set(1)
                pace = Pace(topic_of(self.database.service), self.broker.kept_bytes, administrator)
                try:
                    await _Shift(self, connection, producer, survey, administrator, pace).work()
                finally:
                    leader.set(0)

    def stop(self) -> None:
        """Finish the batch in hand and come back from `run`."""
        self.stopping.set()
        self.database.told.set()


@dataclass
class _Shift:
    """What one leader does until it stops or fails."""

    relay: Relay
    connection: Connection
    producer: Producer
    survey: Survey
    administrator: Administrator
    pace: Pace
    cluster: str = ""
    ends: Ends = field(default_factory=dict)
    month: tuple[int, int] = (0, 0)
    looked: float = 0.0
    heard: list[Record] = field(default_factory=list)
    requests: list[replay.Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._service = self.relay.database.service
        self._topic = topic_of(self._service)
        self._now = self.relay.database.clock.now

    async def work(self) -> None:
        """Tell what is new, and in turn with it what is to be told again."""
        database = self.relay.database
        self.cluster = await self.administrator.cluster()
        self.ends = await reconcile(self.connection, database, self.survey, self.cluster)
        self.pace.found(self.ends)
        if not await self.survey.listen(replay_requests.TOPIC):
            await replay.order(self.connection, Why.LOSS, Scope(), self._now())
        watch = asyncio.create_task(self._watch())
        try:
            await self._tell(watch)
        finally:
            watch.cancel()

    async def _tell(self, watch: "asyncio.Task[None]") -> None:
        pause = SHORTEST_SLEEP
        while not self.relay.stopping.is_set():
            if watch.done():
                watch.result()
            self.relay.database.told.clear()
            await self._take_orders()
            if not await self.pace.allows():
                await self._wait_for_listeners()
                continue
            told = await self._tell_new()
            busy = await self._tell_again() or told == BATCH
            pause = SHORTEST_SLEEP if told else min(pause * 2, LONGEST_SLEEP)
            if not busy:
                await self._rest(pause)

    async def _wait_for_listeners(self) -> None:
        await self._still_here()
        await asyncio.sleep(LISTENERS_SECONDS)

    async def _rest(self, seconds: float) -> None:
        """Let a batch gather; while nothing is told, until the next commit here or, for those of others, a while."""
        if seconds == SHORTEST_SLEEP:
            await asyncio.sleep(seconds)
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self.relay.database.told.wait(), seconds)

    async def _watch(self) -> None:
        """See now and then whether the broker still holds what it acknowledged, and hear who misses something."""
        while True:
            if (found := await self.administrator.cluster()) != self.cluster:
                raise LostRecordsError(f"cluster {found} answers in place of {self.cluster}")
            refuse_loss(dict(self.ends), await self.survey.ends(self._topic))
            self.heard += await self.survey.heard()
            await asyncio.sleep(LOOK_SECONDS)

    async def _take_orders(self) -> None:
        """Keep what is asked for, and see now and then what is to be told again."""
        if time.monotonic() - self.looked < LOOK_SECONDS:
            return
        heard, self.heard = self.heard, []
        for aggregate, first in replay_requests.asked_of(self._service, heard):
            why = Why.LOSS if aggregate is None else Why.GAP
            await replay.order(self.connection, why, Scope(aggregate, first), self._now())
        if heard:
            await self.survey.keep(heard)
        self.requests = await replay.open_requests(self.connection)
        self.looked = time.monotonic()

    async def _tell_new(self) -> int:
        """Send the first unsent facts and move those that arrived into the log; returns how many were waiting."""
        facts = await store.unsent(self.connection, BATCH)
        if facts:
            await self._ensure_month()
            arrived, error = await self._send(self.pace.cut(facts))
            await store.move(self.connection, [fact.id for fact in arrived], self._now(), self.ends)
            if error is not None:
                raise error
        return len(facts)

    async def _tell_again(self) -> bool:
        """Send the next facts of the oldest replay; whether there was any."""
        if not self.requests:
            return False
        request = self.requests[0]
        facts = self.pace.cut(await replay.facts(self.connection, request, BATCH))
        if not facts:
            await replay.finish(self.connection, self.requests.pop(0), self._now())
            return True
        arrived, error = await self._send(facts)
        if error is not None:
            raise error
        self.requests[0] = await replay.come_to(self.connection, request, arrived[-1].id, self.ends)
        return True

    async def _send(self, facts: Sequence[Fact]) -> tuple[Sequence[Fact], BrokerError | None]:
        """Send facts; returns those before the first failure, and the failure."""
        records = [(fact.aggregate.encode(), fact.data.encode(), headers_of(self._service, fact)) for fact in facts]
        futures = await self.producer.send(self._topic, records)
        deadline = time.monotonic() + SEND_SECONDS
        while not await messaging_broker.acknowledged(futures, HEARTBEAT_SECONDS) and time.monotonic() < deadline:
            await self._still_here()
        places = messaging_broker.places(futures)
        for partition, offset in places:
            refuse_loss({partition: self.ends.get(partition, 0)}, {partition: offset})
            self.ends[partition] = offset + 1
        self.pace.told(facts, self.ends)
        metrics.SENT.labels(self._service).inc(len(places))
        error = None if len(places) == len(facts) else messaging_broker.first_error(futures)
        return facts[: len(places)], error

    async def _still_here(self) -> None:
        """The standby sees that this leader is not frozen."""
        await self.connection.execute("SELECT 1")

    async def _ensure_month(self) -> None:
        now = self._now()
        if (now.year, now.month) != self.month:
            await store.ensure_month(self.connection, now)
            self.month = (now.year, now.month)

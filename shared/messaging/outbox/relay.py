"""The relay: publishes committed events from the outbox to the broker, in order, and then moves them to the event log."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from asyncpg import Connection

from shared.database.session import Database
from shared.events.base import topic_of
from shared.messaging import broker as broker_client
from shared.messaging import metrics, replay_requests
from shared.messaging.broker import Administrator, Broker, BrokerError, OffsetReader, Producer, group_of
from shared.messaging.envelope import Record, StoredEvent, headers_of
from shared.messaging.outbox import replay, store
from shared.messaging.outbox.backpressure import Backpressure
from shared.messaging.outbox.broker_loss import LostRecordsError, check_broker, check_ends
from shared.messaging.outbox.leader import leadership
from shared.messaging.outbox.replay import ReplayReason, ReplayScope
from shared.messaging.outbox.store import EndOffsets

BATCH = 500
SHORTEST_SLEEP = 0.005
LONGEST_SLEEP = 0.25
SEND_SECONDS = 15.0
HEARTBEAT_SECONDS = 1.0
LOOK_SECONDS = 5.0
BACKPRESSURE_SECONDS = 0.05


@dataclass
class Relay:
    """Runs in every process of a service, and publishes in the one that leads."""

    database: Database
    broker: Broker
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Wait for the leadership, then relay until `stop`.

        Raises:
            BrokerError: the broker failed; run again, with a new producer.
            Exception: the connection to the database, and with it the leadership, was lost; run again.
        """
        async with leadership(self.database, self.stopping) as connection:
            if connection is None:
                return
            await replay_requests.prepare(self.broker)
            await self.broker.prepare([topic_of(self.database.service)])
            leader = metrics.LEADER.labels(self.database.service)
            group = group_of(f"{self.database.service}-relay")
            async with (
                Producer(self.broker) as producer,
                OffsetReader(self.broker, group) as offsets,
                Administrator(self.broker, self.broker.consumer_services) as administrator,
            ):
                leader.set(1)
                backpressure = Backpressure(topic_of(self.database.service), self.broker.retained_bytes, administrator)
                try:
                    await _RelaySession(self, connection, producer, offsets, administrator, backpressure).run()
                finally:
                    leader.set(0)

    def stop(self) -> None:
        """Have `run` finish the current batch and return."""
        self.stopping.set()
        self.database.emitted.set()


@dataclass
class _RelaySession:
    """The work of one leader until it stops or fails."""

    relay: Relay
    connection: Connection
    producer: Producer
    offsets: OffsetReader
    administrator: Administrator
    backpressure: Backpressure
    cluster_id: str = ""
    ends: EndOffsets = field(default_factory=dict)
    month: tuple[int, int] = (0, 0)
    looked_at: float = 0.0
    request_records: list[Record] = field(default_factory=list)
    requests: list[replay.ReplayRequest] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._service = self.relay.database.service
        self._topic = topic_of(self._service)
        self._now = self.relay.database.clock.now

    async def run(self) -> None:
        """Publish new events and, alternating with them, those of replay requests."""
        database = self.relay.database
        self.cluster_id = await self.administrator.cluster_id()
        self.ends = await check_broker(self.connection, database, self.offsets, self.cluster_id)
        self.backpressure.record_existing(self.ends)
        if not await self.offsets.assign_committed(replay_requests.TOPIC):
            await replay.request(self.connection, ReplayReason.LOSS, ReplayScope(), self._now())
        watch = asyncio.create_task(self._watch())
        try:
            await self._publish(watch)
        finally:
            watch.cancel()

    async def _publish(self, watch: "asyncio.Task[None]") -> None:
        pause = SHORTEST_SLEEP
        while not self.relay.stopping.is_set():
            if watch.done():
                watch.result()
            self.relay.database.emitted.clear()
            await self._accept_requests()
            if not await self.backpressure.allows_sending():
                await self._wait_for_consumers()
                continue
            count = await self._publish_new()
            busy = await self._publish_replay() or count == BATCH
            pause = SHORTEST_SLEEP if count else min(pause * 2, LONGEST_SLEEP)
            if not busy:
                await self._rest(pause)

    async def _wait_for_consumers(self) -> None:
        await self._heartbeat()
        await asyncio.sleep(BACKPRESSURE_SECONDS)

    async def _rest(self, seconds: float) -> None:
        """Let a batch gather; with nothing to publish, wait for a commit of this process, or `seconds` for those of others."""
        if seconds == SHORTEST_SLEEP:
            await asyncio.sleep(seconds)
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self.relay.database.emitted.wait(), seconds)

    async def _watch(self) -> None:
        """Check every few seconds that the broker still holds what it acknowledged, and collect replay requests."""
        while True:
            if (current := await self.administrator.cluster_id()) != self.cluster_id:
                raise LostRecordsError(f"cluster {current} answers in place of {self.cluster_id}")
            check_ends(dict(self.ends), await self.offsets.ends(self._topic))
            self.request_records += await self.offsets.poll()
            await asyncio.sleep(LOOK_SECONDS)

    async def _accept_requests(self) -> None:
        """Store the replay requests that have arrived, and read every few seconds which ones are open."""
        if time.monotonic() - self.looked_at < LOOK_SECONDS:
            return
        records, self.request_records = self.request_records, []
        for aggregate, first in replay_requests.requests_to(self._service, records):
            reason = ReplayReason.LOSS if aggregate is None else ReplayReason.GAP
            await replay.request(self.connection, reason, ReplayScope(aggregate, first), self._now())
        if records:
            await self.offsets.commit(records)
        self.requests = await replay.open_requests(self.connection)
        self.looked_at = time.monotonic()

    async def _publish_new(self) -> int:
        """Send the first unsent events and move those that arrived to the log; returns how many were waiting."""
        events = await store.unsent(self.connection, BATCH)
        if events:
            await self._ensure_month()
            arrived, error = await self._send(self.backpressure.limit_batch(events))
            await store.move(self.connection, [event.id for event in arrived], self._now(), self.ends)
            if error is not None:
                raise error
        return len(events)

    async def _publish_replay(self) -> bool:
        """Send the next events of the oldest replay request; whether there was a request."""
        if not self.requests:
            return False
        request = self.requests[0]
        events = self.backpressure.limit_batch(await replay.next_events(self.connection, request, BATCH))
        if not events:
            await replay.finish(self.connection, self.requests.pop(0), self._now())
            return True
        arrived, error = await self._send(events)
        if error is not None:
            raise error
        self.requests[0] = await replay.advance(self.connection, request, arrived[-1].id, self.ends)
        return True

    async def _send(self, events: Sequence[StoredEvent]) -> tuple[Sequence[StoredEvent], BrokerError | None]:
        """Send events; returns those before the first failure, and the failure."""
        records = [(event.aggregate.encode(), event.data.encode(), headers_of(self._service, event)) for event in events]
        futures = await self.producer.send(self._topic, records)
        deadline = time.monotonic() + SEND_SECONDS
        while not await broker_client.acknowledged(futures, HEARTBEAT_SECONDS) and time.monotonic() < deadline:
            await self._heartbeat()
        acknowledged = broker_client.acknowledged_offsets(futures)
        for partition, offset in acknowledged:
            check_ends({partition: self.ends.get(partition, 0)}, {partition: offset})
            self.ends[partition] = offset + 1
        self.backpressure.record_sent(events, self.ends)
        metrics.SENT.labels(self._service).inc(len(acknowledged))
        error = None if len(acknowledged) == len(events) else broker_client.first_error(futures)
        return events[: len(acknowledged)], error

    async def _heartbeat(self) -> None:
        """Show the standby that this leader is not frozen."""
        await self.connection.execute("SELECT 1")

    async def _ensure_month(self) -> None:
        now = self._now()
        if (now.year, now.month) != self.month:
            await store.ensure_month(self.connection, now)
            self.month = (now.year, now.month)

"""The consumer: fetches batches of records, has them handled in a transaction, then commits their offsets on the broker."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from shared.database.outage import is_outage
from shared.database.session import Database
from shared.events.base import topic_of
from shared.messaging import metrics
from shared.messaging.broker import Broker, BrokerError, GroupConsumer, OffsetMissing
from shared.messaging.envelope import Record
from shared.messaging.inbox import gap_recovery
from shared.messaging.inbox import offsets as stored_offsets
from shared.messaging.inbox.dispatcher import Batch, Dispatcher
from shared.messaging.inbox.offsets import Offsets
from shared.messaging.outbox.broker_loss import check_cluster

log = structlog.get_logger()

BATCH = 500
POLL_SECONDS = 0.5
LONGEST_PAUSE = 5.0
LOOK_SECONDS = 5.0
STUCK_SECONDS = 30.0


class StuckError(Exception):
    """There are records to consume and none has arrived for `STUCK_SECONDS`: the client does not work any more."""


@dataclass
class Consumer:
    """A member of the service's consumer group, which gives every record to the dispatcher."""

    dispatcher: Dispatcher
    broker: Broker
    instance: str
    group: str
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def topics(self) -> list[str]:
        """The topics of the owners whose events have a handler here."""
        return sorted({topic_of(event.owner) for event in self.dispatcher.handlers})

    async def run(self) -> None:
        """Consume until `stop`.

        Raises:
            BrokerError: the broker failed; run again, with a new client.
            StuckError: only a new process helps.
        """
        await self.broker.prepare(self.topics)
        await check_cluster(self.dispatcher.database, await self.broker.cluster_id())
        async with GroupConsumer(self.broker, self.group, self.topics, self.instance) as client:
            await _ConsumerSession(self, client, self.dispatcher.database).run()

    def stop(self) -> None:
        """Have `run` finish the current batch and return."""
        self.stopping.set()


@dataclass
class _ConsumerSession:
    """One membership in the group, until it stops or fails."""

    consumer: Consumer
    client: GroupConsumer
    database: Database
    pause: float = 0.0
    last_active: float = field(default_factory=time.monotonic)
    """When a record last arrived, or when it was last seen that there was none to fetch."""
    committing: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.service = self.database.service

    async def run(self) -> None:
        """Fetch and handle batches, while a watchdog checks that records arrive."""
        watch = asyncio.create_task(self._watch())
        try:
            while not self.consumer.stopping.is_set():
                if watch.done():
                    watch.result()
                batch = await self._next()
                if batch is not None and batch.records:
                    self.last_active = time.monotonic()
                    await self._handle(batch)
        finally:
            watch.cancel()
            await self._commit_finished()

    async def _next(self) -> Batch | None:
        try:
            if self.client.assigned:
                await self._resume_assigned()
            return await self.client.batch(BATCH, POLL_SECONDS, self.consumer.dispatcher.parse)
        except OffsetMissing as missing:
            await gap_recovery.skip_missing(self.client, self.consumer.broker, self.database, missing)
        except Exception as error:
            if not is_outage(error):
                raise
            await self._wait_for_the_database([], error)
        return None

    async def _resume_assigned(self) -> None:
        """Read newly assigned partitions from the offsets that the database has stored."""
        offsets = await stored_offsets.starting_offsets(self.database, await self.client.assigned_states())
        self.client.resume(offsets)
        await self._commit(offsets)

    async def _wait_for_the_database(self, records: Sequence[Record], error: Exception) -> None:
        """Back-pressure: nothing more is fetched until the database answers; the same records are fetched again."""
        self.pause = min(max(self.pause * 2, 0.2), LONGEST_PAUSE)
        log.warning("the database does not answer", service=self.service, error=type(error).__name__, pause=self.pause)
        await self.client.rewind(records)
        self.last_active = time.monotonic()  # the client is not to blame
        await asyncio.sleep(self.pause)

    async def _handle(self, batch: Batch) -> None:
        try:
            await self.consumer.dispatcher.handle_batch(batch)
        except Exception as error:
            if not is_outage(error):
                raise
            await self._wait_for_the_database(batch.records, error)
            return
        self.pause = 0.0
        metrics.HANDLED.labels(self.service).inc(len(batch.records))
        await self._commit_finished()
        offsets = {partition: range_.next for partition, range_ in batch.ranges.items()}
        self.committing = asyncio.create_task(self._commit(offsets))

    async def _commit_finished(self) -> None:
        """Wait for the last commit of offsets: it runs while the next batch is handled, but never two at a time."""
        if self.committing is not None:
            await self.committing

    async def _commit(self, offsets: Offsets) -> None:
        """Commit offsets on the broker. It may fail, as when the partition has just been assigned to another member."""
        try:
            await self.client.commit(offsets)
        except BrokerError as error:
            log.warning("offset not committed", service=self.service, error=str(error))

    async def _watch(self) -> None:
        """Check every few seconds whether there are records to consume that do not arrive."""
        while True:
            checked = time.monotonic()
            await asyncio.sleep(LOOK_SECONDS)
            lag = await self.client.lag()
            if time.monotonic() - checked > STUCK_SECONDS / 2:
                self.last_active = time.monotonic()  # this process was frozen, the client is not to blame
            idle = time.monotonic() - self.last_active
            metrics.LAG.labels(self.service).set(lag)
            metrics.LAG_SECONDS.labels(self.service).set(idle if lag else 0)
            if not lag:
                self.last_active = time.monotonic()
            elif idle > STUCK_SECONDS:
                raise StuckError(f"{lag} records to consume, none has arrived for {idle:.0f} s")

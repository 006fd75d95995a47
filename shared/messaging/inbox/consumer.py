"""The consumer: takes records from the broker, has them handled in a transaction, then shows how far it has come."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from shared.database.outage import is_outage
from shared.database.session import Database
from shared.events.base import topic_of
from shared.messaging import broker as messaging_broker
from shared.messaging import metrics
from shared.messaging.broker import Broker, BrokerError, NothingThere
from shared.messaging.envelope import Record
from shared.messaging.inbox import gap_recovery, offsets
from shared.messaging.inbox.dispatcher import Dispatcher, Reading
from shared.messaging.inbox.offsets import Offsets
from shared.messaging.outbox.broker_loss import refuse_another

log = structlog.get_logger()

BATCH = 500
POLL_SECONDS = 0.5
LONGEST_PAUSE = 5.0
LOOK_SECONDS = 5.0
STUCK_SECONDS = 30.0


class StuckError(Exception):
    """There are records to take and none has come for too long: the client has lost its way."""


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
        """The topics of the owners whose facts have a handler here."""
        return sorted({topic_of(event.owner) for event in self.dispatcher.handlers})

    async def run(self) -> None:
        """Consume until `stop`.

        Raises:
            BrokerError: the broker failed; run again, with a new client.
            StuckError: only a new process helps.
        """
        await self.broker.prepare(self.topics)
        await refuse_another(self.dispatcher.database, await self.broker.cluster())
        async with messaging_broker.Consumer(self.broker, self.group, self.topics, self.instance) as client:
            await _Turn(self, client, self.dispatcher.database).work()

    def stop(self) -> None:
        """Finish the batch in hand and come back from `run`."""
        self.stopping.set()


@dataclass
class _Turn:
    """One membership in the group, until it stops or fails."""

    consumer: Consumer
    client: messaging_broker.Consumer
    database: Database
    pause: float = 0.0
    fed: float = field(default_factory=time.monotonic)
    """When a record last came, or when it was last seen that there was none to come."""
    committing: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.service = self.database.service

    async def work(self) -> None:
        """Take and handle batches, while a watch is kept on whether any come."""
        watch = asyncio.create_task(self._watch())
        try:
            while not self.consumer.stopping.is_set():
                if watch.done():
                    watch.result()
                reading = await self._next()
                if reading is not None and reading.records:
                    self.fed = time.monotonic()
                    await self._handle(reading)
        finally:
            watch.cancel()
            await self._committed()

    async def _next(self) -> Reading | None:
        try:
            if self.client.given:
                await self._begin()
            return await self.client.batch(BATCH, POLL_SECONDS, self.consumer.dispatcher.read)
        except NothingThere as missing:
            await gap_recovery.begin(self.client, self.consumer.broker, self.database, missing)
        except Exception as error:
            if not is_outage(error):
                raise
            await self._wait_for_the_database([], error)
        return None

    async def _begin(self) -> None:
        """Go on, in the partitions that the group has just given, where the database is."""
        begins = await offsets.begin(self.database, await self.client.found())
        self.client.take_up(begins)
        await self._commit(begins)

    async def _wait_for_the_database(self, records: Sequence[Record], error: Exception) -> None:
        """Back-pressure: nothing more is taken until the database answers; the same records come again."""
        self.pause = min(max(self.pause * 2, 0.2), LONGEST_PAUSE)
        log.warning("the database does not answer", service=self.service, error=type(error).__name__, pause=self.pause)
        await self.client.rewind(records)
        self.fed = time.monotonic()  # it is not the client that has lost its way
        await asyncio.sleep(self.pause)

    async def _handle(self, reading: Reading) -> None:
        try:
            await self.consumer.dispatcher.take_read(reading)
        except Exception as error:
            if not is_outage(error):
                raise
            await self._wait_for_the_database(reading.records, error)
            return
        self.pause = 0.0
        metrics.HANDLED.labels(self.service).inc(len(reading.records))
        await self._committed()
        self.committing = asyncio.create_task(self._commit({place: stretch.next for place, stretch in reading.heard.items()}))

    async def _committed(self) -> None:
        """The offset follows the effects while the next batch is at work; one after the other."""
        if self.committing is not None:
            await self.committing

    async def _commit(self, come_to: Offsets) -> None:
        """Show on the broker how far we are. It may fail, as when the partition has just gone to another member."""
        try:
            await self.client.commit(come_to)
        except BrokerError as error:
            log.warning("offset not committed", service=self.service, error=str(error))

    async def _watch(self) -> None:
        """See now and then whether there is anything to take that does not come."""
        while True:
            looked = time.monotonic()
            await asyncio.sleep(LOOK_SECONDS)
            behind = await self.client.behind()
            if time.monotonic() - looked > STUCK_SECONDS / 2:
                self.fed = time.monotonic()  # it was this process that stood still, frozen, not the client
            hungry = time.monotonic() - self.fed
            metrics.LAG.labels(self.service).set(behind)
            metrics.LAG_SECONDS.labels(self.service).set(hungry if behind else 0)
            if not behind:
                self.fed = time.monotonic()
            elif hungry > STUCK_SECONDS:
                raise StuckError(f"{behind} records to take, none has come for {hungry:.0f} s")

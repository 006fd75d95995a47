"""A member of a consumer group."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Self, TypeVar

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, errors

from shared.messaging.broker.assignor import AllOrNone
from shared.messaging.broker.connection import Broker
from shared.messaging.broker.partitions import Partition, Place
from shared.messaging.broker.timeouts import ANSWER_SECONDS, LOOK_MS, bounded, stop
from shared.messaging.envelope import Record

T = TypeVar("T")

SESSION_MS = 6_000
PORTION = 100
"""Records that are parsed in one go: nothing else in the process goes on meanwhile."""


class NothingThere(Exception):
    """The broker has no record at `place` where this member wants to go on."""

    def __init__(self, place: Place, wanted: int) -> None:
        super().__init__(f"{place.topic}[{place.partition}] has nothing at {wanted}")
        self.place, self.wanted = place, wanted


class _Membership(ConsumerRebalanceListener):  # type: ignore[misc]  # the client ships no types
    """Whether the group has this member, and the partitions that it has just given to it: they are held back at first."""

    def __init__(self, client: AIOKafkaConsumer) -> None:
        self._client, self.member, self.given = client, False, frozenset[Place]()

    def on_partitions_revoked(self, revoked: Iterable[Place]) -> None:  # noqa: ARG002  (the client's signature)
        self.member = False

    def on_partitions_assigned(self, assigned: Iterable[Place]) -> None:
        self.member, self.given = True, frozenset(assigned)
        self._client.pause(*self.given)


class Consumer:
    """A member of a consumer group. The caller says from where it goes on and how far it has come."""

    def __init__(self, broker: Broker, group: str, topics: Iterable[str], instance: str) -> None:
        """Joins when entered, as the static member `instance`: a restarted process gets its partitions back at once.

        One that listens to other topics than before is another member: the group would give it its share of then.
        """
        wanted = sorted(topics)
        of_these = sha256(" ".join(wanted).encode()).hexdigest()[:8]
        self._client = AIOKafkaConsumer(
            **broker.options(),
            group_id=group,
            group_instance_id=f"{group.removeprefix('ccc-')}-{instance}-{of_these}",
            partition_assignment_strategy=[AllOrNone],
            enable_auto_commit=False,
            auto_offset_reset="none",  # the client would jump over what the broker has dropped and say nothing
            session_timeout_ms=SESSION_MS,
            heartbeat_interval_ms=SESSION_MS // 4,
            metadata_max_age_ms=30_000,
            consumer_timeout_ms=LOOK_MS,
        )
        self._broker, self._membership = broker, _Membership(self._client)
        self._client.subscribe(wanted, listener=self._membership)
        self._ahead: asyncio.Task[tuple[list[Record], Any]] | None = None

    async def __aenter__(self) -> Self:
        async with bounded("join the group", seconds=60):
            await self._client.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._ahead is not None:
            self._ahead.cancel()
            await asyncio.gather(self._ahead, return_exceptions=True)
        await stop(self._client)

    @property
    def given(self) -> frozenset[Place]:
        """The partitions that the group has just given to this member; nothing comes of them before `take_up`."""
        return self._membership.given

    async def found(self) -> dict[Place, Partition]:
        """What these partitions are on the broker."""
        places = list(self.given)
        cluster = await self._broker.cluster()
        async with bounded("ask for beginning and end"):
            firsts = await self._client.offsets_for_times(dict.fromkeys(places, 0))
            ends = await self._client.end_offsets(places)
        known = {place: (one.offset, one.timestamp) for place, one in firsts.items() if one is not None}
        return {place: Partition(cluster, ends[place], *known.get(place, (None, None))) for place in places}

    def take_up(self, begins: Mapping[Place, int]) -> None:
        """Have the records of these partitions come, from these offsets on."""
        for place in self._client.assignment() & begins.keys():
            self._client.seek(place, begins[place])
            self._client.resume(place)
        if self.given == begins.keys():
            self._membership.given = frozenset()

    async def batch(self, limit: int, seconds: float, read: Callable[[list[Record]], T]) -> T:
        """What `read` makes of the next records, in the order of each partition; of none, when none has come within the time.

        Where there are more than `limit`, the next ones are fetched and read while the caller works on these.

        Raises:
            NothingThere: a partition has no record where the group wants to go on; `begin` there.
        """
        ahead, self._ahead = self._ahead, None
        records, found = await (ahead or self._fetch(limit, seconds, read))
        if len(records) == limit:
            self._ahead = asyncio.create_task(self._fetch(limit, seconds, read))
        return found

    async def _fetch(self, limit: int, seconds: float, read: Callable[[list[Record]], T]) -> tuple[list[Record], T]:
        async with bounded("fetch", seconds=seconds + ANSWER_SECONDS):
            records = more = await self._portion(limit, seconds)
            while more and len(records) < limit:
                await asyncio.sleep(0)
                try:
                    more = await self._portion(limit - len(records), 0)
                except NothingThere:
                    break  # the client says it again as long as nobody begins elsewhere
                records += more
        return records, read(records)

    async def _portion(self, limit: int, seconds: float) -> list[Record]:
        try:
            found = await self._client.getmany(timeout_ms=int(seconds * 1000), max_records=min(limit, PORTION))
        except errors.NoOffsetForPartitionError:
            return []  # the client looked for the group's offset before the partition was taken up
        except errors.OffsetOutOfRangeError as error:
            ((place, wanted),) = error.args[0].items()
            raise NothingThere(place, wanted) from error
        return [one for records in found.values() for one in records]  # the client's records have the fields of ours

    async def commit(self, offsets: Mapping[Place, int]) -> None:
        """Show that all before these offsets is done."""
        async with bounded("commit offsets"):
            await self._client.commit(dict(offsets))

    async def held(self, place: Place) -> tuple[int, int]:
        """The offsets of the first record that the broker holds and of the next that will come."""
        async with bounded("ask what is held"):
            first, end = await self._client.beginning_offsets([place]), await self._client.end_offsets([place])
        return first[place], end[place]

    async def begin(self, place: Place, offset: int) -> None:
        """Go on from this offset, and show that, so that whoever paces himself by this group knows of it."""
        async with bounded("begin at an offset"):
            self._client.seek(place, offset)
            await self._client.commit({place: offset})

    async def rewind(self, records: Sequence[Record]) -> None:
        """Have these records given out again, and those that were read after them."""
        ahead, self._ahead = self._ahead, None
        taken = [*records, *((await ahead)[0] if ahead else ())]
        first: Mapping[Place, int] = {Place(one.topic, one.partition): one.offset for one in reversed(taken)}
        for place, offset in first.items():
            if place in self._client.assignment():
                self._client.seek(place, offset)

    async def behind(self) -> int:
        """How many records of its partitions this member has not been given yet; while the group does not have it: of all."""
        async with bounded("ask how far behind"):
            places = self._client.assignment() if self._membership.member else self._all()
            ends = await self._client.end_offsets(list(places)) if places else {}
            return sum([end - await self._come_to(place) for place, end in ends.items()])

    def _all(self) -> set[Place]:
        topics = self._client.subscription()
        return {Place(topic, number) for topic in topics for number in self._client.partitions_for_topic(topic) or ()}

    async def _come_to(self, place: Place) -> int:
        if self._membership.member and not self.given:
            return int(await self._client.position(place))
        return await self._client.committed(place) or 0

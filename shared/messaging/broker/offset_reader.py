"""Looking at topics, and at how far consumer groups have come, without consuming anything."""

import time
from collections.abc import Iterable
from typing import Self

from aiokafka import AIOKafkaConsumer

from shared.messaging.broker.connection import Broker
from shared.messaging.broker.partitions import Place, following, record_of
from shared.messaging.broker.timeouts import LOOK_MS, BrokerError, bounded, stop
from shared.messaging.envelope import Record


class Survey:
    """Looks at topics and at a group's offsets without consuming anything."""

    def __init__(self, broker: Broker, group: str | None = None) -> None:
        """Connected while it is entered; the group is needed for `waiting`, `listen` and `keep` only."""
        self._client = AIOKafkaConsumer(
            **broker.options(),
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            consumer_timeout_ms=LOOK_MS,
        )

    async def __aenter__(self) -> Self:
        try:
            async with bounded("connect the survey"):
                await self._client.start()
        except BrokerError:
            await stop(self._client)
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await stop(self._client)

    async def ends(self, topic: str) -> dict[int, int]:
        """For each partition the offset that the next record will have."""
        async with bounded(f"ask for the ends of {topic}"):
            found = await self._client.end_offsets(await self._partitions(topic))
        return {place.partition: offset for place, offset in found.items()}

    async def newest(self, topic: str) -> list[Record]:
        """The last record of each partition that holds any."""
        async with bounded(f"read the last records of {topic}"):
            ends = await self._client.end_offsets(await self._partitions(topic))
            filled = {place: end for place, end in ends.items() if end > 0}
            self._client.assign(list(filled))
            for place, end in filled.items():
                self._client.seek(place, end - 1)
            return [record_of(await self._client.getone(place)) for place in filled]

    async def listen(self, topic: str) -> bool:
        """From now on `heard` tells what the group has not yet `kept` of a topic; whether the broker still holds all of that."""
        async with bounded(f"listen to {topic}"):
            places = await self._partitions(topic)
            self._client.assign(places)
            first = await self._client.beginning_offsets(places)
            kept = {place: await self._client.committed(place) or 0 for place in places}
            for place in places:
                self._client.seek(place, max(first[place], kept[place]))
        return all(first[place] <= kept[place] for place in places)

    async def heard(self) -> list[Record]:
        """What has been sent since the last call."""
        async with bounded("listen"):
            found = await self._client.getmany(timeout_ms=0)
        return [record_of(one) for records in found.values() for one in records]

    async def keep(self, records: Iterable[Record]) -> None:
        """Keep for the group that these records, and all before them, are done."""
        async with bounded("commit offsets"):
            await self._client.commit(following(records))

    async def waiting(self, topic: str) -> tuple[int, float]:
        """How many records the group has still to do, and the age of the oldest in seconds."""
        async with bounded(f"ask what waits on {topic}"):
            places = await self._partitions(topic)
            ends = await self._client.end_offsets(places)
            self._client.assign(places)
            done = {place: await self._client.committed(place) or 0 for place in places}
            late = [place for place in places if done[place] < ends[place]]
            ages = [await self._age(place, done[place]) for place in late]
        return sum(ends[place] - done[place] for place in late), max(ages, default=0.0)

    async def _age(self, place: Place, offset: int) -> float:
        self._client.seek(place, offset)
        milliseconds: int = (await self._client.getone(place)).timestamp
        return time.time() - milliseconds / 1000

    async def _partitions(self, topic: str) -> list[Place]:
        partitions = await self._client._client._wait_on_metadata(topic)  # noqa: SLF001  (its public twin may answer None)
        return [Place(topic, number) for number in sorted(partitions)]

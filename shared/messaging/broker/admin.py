"""What only an administrator's client sees."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Self

from aiokafka.admin import AIOKafkaAdminClient

from shared.messaging.broker.connection import Broker
from shared.messaging.broker.partitions import Place, group_of
from shared.messaging.broker.timeouts import STOP_SECONDS, bounded


class Administrator:
    """Looks at what only an administrator's client sees: which cluster it is, and how far other services have come."""

    def __init__(self, broker: Broker, services: Iterable[str]) -> None:
        """Connected while it is entered."""
        self._admin = AIOKafkaAdminClient(**broker.options())
        self._groups = [group_of(service) for service in services]

    async def __aenter__(self) -> Self:
        async with bounded("connect the administrator"):
            await self._admin.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._admin.close(), STOP_SECONDS)

    async def cluster(self) -> str:
        """The id of the cluster that answers."""
        async with bounded("ask for the cluster's id"):
            return str((await self._admin.describe_cluster())["cluster_id"])

    async def slowest(self, topic: str, partitions: Iterable[int]) -> dict[int, int]:
        """For each partition the offset that the slowest listener has come to; without those that nobody listens to."""
        places = [Place(topic, number) for number in partitions]
        slowest: dict[int, int] = {}
        async with bounded("ask how far listeners are"):
            for group in self._groups:
                found = await self._admin.list_consumer_group_offsets(group, partitions=places)
                for place, kept in found.items():
                    if kept.offset >= 0:
                        slowest[place.partition] = min(kept.offset, slowest.get(place.partition, kept.offset))
        return slowest

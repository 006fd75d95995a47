"""What only an administrator's client can ask: the id of the cluster, and the offsets of other services' groups."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Self

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from shared.messaging.broker.connection import Broker
from shared.messaging.broker.partitions import group_of
from shared.messaging.broker.timeouts import STOP_SECONDS, broker_call


class Administrator:
    """Reads the id of the cluster and the offsets of the groups of `services`."""

    def __init__(self, broker: Broker, services: Iterable[str]) -> None:
        """Connected while it is entered."""
        self._admin = AIOKafkaAdminClient(**broker.options())
        self._groups = [group_of(service) for service in services]

    async def __aenter__(self) -> Self:
        async with broker_call("connect the administrator"):
            await self._admin.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._admin.close(), STOP_SECONDS)

    async def cluster_id(self) -> str:
        """The id of the cluster that answers.

        Raises:
            BrokerError: none answers.
        """
        async with broker_call("ask for the cluster's id"):
            return str((await self._admin.describe_cluster())["cluster_id"])

    async def slowest_offsets(self, topic: str, partitions: Iterable[int]) -> dict[int, int]:
        """For each partition the lowest offset that a group has committed; without those that no group consumes.

        Raises:
            BrokerError: the broker does not answer.
        """
        topic_partitions = [TopicPartition(topic, number) for number in partitions]
        slowest: dict[int, int] = {}
        async with broker_call("ask for the offsets of the groups"):
            for group in self._groups:
                committed = await self._admin.list_consumer_group_offsets(group, partitions=topic_partitions)
                for partition, position in committed.items():
                    if position.offset >= 0:
                        slowest[partition.partition] = min(position.offset, slowest.get(partition.partition, position.offset))
        return slowest

"""Sending, in order, and knowing what has arrived."""

import asyncio
import itertools
from collections.abc import Iterable, Sequence
from typing import Any, Self

from aiokafka import AIOKafkaProducer

from shared.messaging.broker.connection import Broker
from shared.messaging.broker.timeouts import BrokerError, bounded, stop
from shared.messaging.envelope import Header

Outgoing = tuple[bytes, bytes, list[Header]]
"""Key, value and headers."""
Acknowledgement = asyncio.Future[Any]


class Producer:
    """Sends records in order; idempotent, acknowledged by all replicas that are in sync."""

    def __init__(self, broker: Broker) -> None:
        """Connected while it is entered."""
        self._client = AIOKafkaProducer(**broker.options(), enable_idempotence=True, acks="all", max_batch_size=128 * 1024)

    async def __aenter__(self) -> Self:
        async with bounded("connect the producer"):
            await self._client.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await stop(self._client)

    async def send(self, topic: str, records: Iterable[Outgoing]) -> list[Acknowledgement]:
        """Hand records over in their order; each acknowledgement tells partition and offset."""
        async with bounded(f"send to {topic}"):
            return [await self._client.send(topic, value, key, headers=headers) for key, value, headers in records]


async def acknowledged(futures: Sequence[Acknowledgement], seconds: float) -> bool:
    """Wait until all are acknowledged or one has failed, for so many seconds at most; whether that is decided."""
    done, pending = await asyncio.wait(futures, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    return not pending or any(one.cancelled() or one.exception() is not None for one in done)


def places(futures: Sequence[Acknowledgement]) -> list[tuple[int, int]]:
    """Partition and offset of the records before the first that is not known to be on the broker."""
    known = itertools.takewhile(lambda one: one.done() and not one.cancelled() and one.exception() is None, futures)
    return [(future.result().partition, future.result().offset) for future in known]


def first_error(futures: Sequence[Acknowledgement]) -> BrokerError:
    """Why not all records reached the broker."""
    found = [one.exception() for one in futures if one.done() and not one.cancelled() and one.exception() is not None]
    return BrokerError(f"not acknowledged: {found[0]!r}" if found else "not acknowledged in time")

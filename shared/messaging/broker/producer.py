"""The producer: sends records in order, and knows which of them the broker has acknowledged."""

import asyncio
import itertools
from collections.abc import Iterable, Sequence
from typing import Any, Self

from aiokafka import AIOKafkaProducer

from shared.messaging.broker.connection import Broker
from shared.messaging.broker.timeouts import BrokerError, broker_call, stop
from shared.messaging.envelope import Header

OutgoingRecord = tuple[bytes, bytes, list[Header]]
"""Key, value and headers."""
Acknowledgement = asyncio.Future[Any]


class Producer:
    """Sends records in order; idempotent, acknowledged by all replicas that are in sync."""

    def __init__(self, broker: Broker) -> None:
        """Connected while it is entered."""
        self._client = AIOKafkaProducer(**broker.options(), enable_idempotence=True, acks="all", max_batch_size=128 * 1024)

    async def __aenter__(self) -> Self:
        async with broker_call("connect the producer"):
            await self._client.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await stop(self._client)

    async def send(self, topic: str, records: Iterable[OutgoingRecord]) -> list[Acknowledgement]:
        """Hand records over in their order; the result of each acknowledgement holds partition and offset.

        Raises:
            BrokerError: the records cannot be handed over in time.
        """
        async with broker_call(f"send to {topic}"):
            return [await self._client.send(topic, value, key, headers=headers) for key, value, headers in records]


async def acknowledged(futures: Sequence[Acknowledgement], seconds: float) -> bool:
    """Wait until all are acknowledged or one has failed, for so many seconds at most; whether one of both is the case."""
    done, pending = await asyncio.wait(futures, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    return not pending or any(future.cancelled() or future.exception() is not None for future in done)


def acknowledged_offsets(futures: Sequence[Acknowledgement]) -> list[tuple[int, int]]:
    """Partition and offset of the records before the first one that is not acknowledged."""
    arrived = itertools.takewhile(lambda future: future.done() and not _failed(future), futures)
    return [(future.result().partition, future.result().offset) for future in arrived]


def first_error(futures: Sequence[Acknowledgement]) -> BrokerError:
    """Why not all records reached the broker."""
    errors = [future.exception() for future in futures if future.done() and not future.cancelled() and _failed(future)]
    return BrokerError(f"not acknowledged: {errors[0]!r}" if errors else "not acknowledged in time")


def _failed(future: Acknowledgement) -> bool:
    return future.cancelled() or future.exception() is not None

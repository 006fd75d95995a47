"""Values about partitions and consumer groups that producer, consumer and offset reader share."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from aiokafka import TopicPartition

from shared.messaging.envelope import Record

__all__ = ["PartitionState", "TopicPartition", "group_of", "next_offsets", "record_of"]


class PartitionState(NamedTuple):
    """A partition as it is now: its cluster, its next offset; offset and timestamp (ms) of its first record, if it holds one."""

    cluster_id: str
    end: int
    first: int | None
    first_at: int | None


def group_of(service: str) -> str:
    """The consumer group of a service."""
    return f"ccc-{service}"


def next_offsets(records: Iterable[Record]) -> dict[TopicPartition, int]:
    """For each partition of these records, the offset after the last of them."""
    last = {(record.topic, record.partition): record.offset for record in records}
    return {TopicPartition(*partition): offset + 1 for partition, offset in last.items()}


def record_of(record: Any) -> Record:
    """A record of the client as a `Record`."""
    return Record(record.topic, record.partition, record.offset, record.key, record.value, record.headers, record.timestamp)

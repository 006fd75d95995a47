"""Where records lie on the broker, and whose place is kept there."""

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeAlias

from aiokafka import TopicPartition

from shared.messaging.envelope import Record

Place: TypeAlias = TopicPartition
"""A partition of a topic."""


class Partition(NamedTuple):
    """A partition as it is now: its cluster, its next offset; offset and timestamp (ms) of its first record, if it holds one."""

    cluster: str
    end: int
    first: int | None
    first_at: int | None


def group_of(service: str) -> str:
    """The consumer group of a service."""
    return f"ccc-{service}"


def following(records: Iterable[Record]) -> dict[Place, int]:
    """The offsets after these records, each partition's last."""
    last = {(one.topic, one.partition): one.offset for one in records}
    return {Place(*where): offset + 1 for where, offset in last.items()}


def record_of(one: Any) -> Record:
    """A record of the client as ours."""
    return Record(one.topic, one.partition, one.offset, one.key, one.value, one.headers, one.timestamp)

"""Replay requests: a consumer that misses events asks their source, on one small topic that all relays read.

A relay commits how far it has read there, so a request that has reached the broker is not lost while no relay runs.
"""

import json
from collections.abc import Iterable, Sequence

from shared.messaging import broker as broker_client
from shared.messaging.broker import Broker, OutgoingRecord, Producer
from shared.messaging.envelope import Record

TOPIC = "ccc.replay"
ANSWER_SECONDS = 10.0

Gap = tuple[str, str | None, int]
"""Source, aggregate, and the first sequence number that is missing; without an aggregate, any event may be missing."""


async def prepare(broker: Broker) -> None:
    """Create the topic unless it exists.

    Raises:
        BrokerError: the broker does not answer, or answers with an error.
    """
    await broker.prepare([TOPIC], partitions=1)


async def publish(broker: Broker, gaps: Sequence[Gap]) -> None:
    """Ask the sources of these gaps to publish the missing events again.

    Raises:
        BrokerError: a request did not reach the broker.
    """
    async with Producer(broker) as producer:
        futures = await producer.send(TOPIC, [_outgoing(gap) for gap in gaps])
        decided = await broker_client.acknowledged(futures, ANSWER_SECONDS)
        if not decided or len(broker_client.acknowledged_offsets(futures)) < len(futures):
            raise broker_client.first_error(futures)


def requests_to(source: str, records: Iterable[Record]) -> list[tuple[str | None, int]]:
    """The requests to `source` among these records: the aggregate, and the first sequence number to publish again."""
    gaps = [_parse(record) for record in records]
    return [(gap[1], gap[2]) for gap in gaps if gap is not None and gap[0] == source]


def _outgoing(gap: Gap) -> OutgoingRecord:
    return gap[0].encode(), json.dumps(gap).encode(), []


def _parse(record: Record) -> Gap | None:
    """The gap that a request names, or None where the record is malformed; its author will ask again."""
    try:
        source, aggregate, first = json.loads(record.value or b"")
        return str(source), None if aggregate is None else str(aggregate), max(1, int(first))
    except (ValueError, TypeError):
        return None

"""Asking a source to tell something again: who misses a fact writes to one small topic that all relays read.

A relay keeps how far it has read there, so an inquiry that has reached the broker waits for it.
"""

import json
from collections.abc import Iterable, Sequence

from shared.messaging import broker as messaging_broker
from shared.messaging.broker import Broker, Producer
from shared.messaging.envelope import Record

TOPIC = "ccc.replay"
ANSWER_SECONDS = 10.0

Missing = tuple[str, str | None, int]
"""Source, aggregate, and the first sequence number that has not come; without an aggregate: anything may be missing."""


async def prepare(broker: Broker) -> None:
    """See to it that the topic exists.

    Raises:
        BrokerError: the broker does not answer, or not as it should.
    """
    await broker.prepare([TOPIC], partitions=1)


async def ask(broker: Broker, missing: Sequence[Missing]) -> None:
    """Ask the sources for facts.

    Raises:
        BrokerError: the inquiry did not reach the broker.
    """
    async with Producer(broker) as producer:
        futures = await producer.send(TOPIC, [_outgoing(one) for one in missing])
        if not await messaging_broker.acknowledged(futures, ANSWER_SECONDS) or len(messaging_broker.places(futures)) < len(
            futures
        ):
            raise messaging_broker.first_error(futures)


def asked_of(source: str, records: Iterable[Record]) -> list[tuple[str | None, int]]:
    """The aggregates of `source` that somebody asks for, each with the first sequence number wanted."""
    inquiries = [_read(record) for record in records]
    return [(one[1], one[2]) for one in inquiries if one is not None and one[0] == source]


def _outgoing(missing: Missing) -> messaging_broker.Outgoing:
    return missing[0].encode(), json.dumps(missing).encode(), []


def _read(record: Record) -> Missing | None:
    """The inquiry, or None where it is not one of ours; whoever meant it will ask again."""
    try:
        source, aggregate, first = json.loads(record.value or b"")
        return str(source), None if aggregate is None else str(aggregate), max(1, int(first))
    except (ValueError, TypeError):
        return None

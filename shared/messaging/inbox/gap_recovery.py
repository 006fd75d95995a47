"""Recovery from records that the broker dropped before they were consumed: their source is asked to publish everything again.

A broker drops records by age or size, whether or not they were consumed. The sequence numbers reveal that only where a later
event of the same aggregate arrives; the offset always reveals it.
"""

import structlog

from shared.database.session import Database
from shared.events.base import owner_of
from shared.messaging import metrics, replay_requests
from shared.messaging.broker import Broker, GroupConsumer, OffsetMissing
from shared.messaging.inbox import offsets

log = structlog.get_logger()


async def skip_missing(client: GroupConsumer, broker: Broker, database: Database, missing: OffsetMissing) -> None:
    """Read on from the first record there is; where some were dropped before it, the source is asked for a replay first.

    Raises:
        BrokerError: the replay request may not have arrived; nothing was skipped, so the loss is detected again.
    """
    first, end = await client.offset_bounds(missing.partition)
    expected = missing.offset if missing.offset <= end else 0  # an offset of a topic that was created again means nothing
    if expected < first:
        source = owner_of(missing.partition.topic)
        dropped = {"source": source, "from_": expected, "until": first}
        log.error("records were dropped before they were consumed", service=database.service, **dropped)
        metrics.LOSSES.labels(database.service).inc()
        await replay_requests.publish(broker, [(source, None, 1)])
    await offsets.skip_to(database, missing.partition, first)
    await client.seek_and_commit(missing.partition, first)

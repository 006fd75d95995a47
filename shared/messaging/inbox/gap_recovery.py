"""What the broker dropped before it was heard: noticed by its offset, and told again by its source from the event log.

A broker drops by age or size, whether or not a record was heard. The sequence guard notices that only where a later fact
of the same aggregate comes; the offset notices it always.
"""

import structlog

from shared.database.session import Database
from shared.events.base import owner_of
from shared.messaging import metrics, replay_requests
from shared.messaging.broker import Broker, Consumer, NothingThere
from shared.messaging.inbox import offsets

log = structlog.get_logger()


async def begin(client: Consumer, broker: Broker, database: Database, missing: NothingThere) -> None:
    """Go on from the first record there is; where some were dropped before it, the source is asked for everything first.

    Raises:
        BrokerError: the inquiry may not have arrived; nothing was gone past, so the loss is noticed again.
    """
    first, end = await client.held(missing.place)
    wanted = missing.wanted if missing.wanted <= end else 0  # an offset of a topic that was made anew means nothing
    if wanted < first:
        source = owner_of(missing.place.topic)
        span = {"source": source, "from_": wanted, "until": first}
        log.error("records were dropped before they were heard", service=database.service, **span)
        metrics.LOSSES.labels(database.service).inc()
        await replay_requests.ask(broker, [(source, None, 1)])
    await offsets.go_past(database, missing.place, first)
    await client.begin(missing.place, first)

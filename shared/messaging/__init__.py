"""Events between services: published through an outbox, handled through an inbox, once each and in the order of their aggregate.

    a command of a service     emit(session, event)           outbox/emit.py       written with the command's own changes
    its transaction            aggregate_sequence, outbox     outbox/emit.py       numbered under the aggregate's lock
    one relay a database       outbox, broker, event_log      outbox/relay.py      leader.py, store.py, backpressure.py
    the broker                 ccc.<owner>, key = aggregate   broker/              envelope.py: the headers
    a consumer group           batches of records             inbox/consumer.py    broker/assignor.py, offsets.py
    the consumer's own         inbox, effects, new events     inbox/dispatcher.py  batch.py, deduplication.py
      transaction              handler(session, event, ...)   inbox/handlers.py    HANDLERS of the service
    failed or unreadable       dead_letter                    inbox/dead_letters.py  retry.py
    lost by the broker         replay_request                 outbox/replay.py     broker_loss.py, inbox/gap_recovery.py,
                                                                                   replay_requests.py

`runtime.py` runs all of it inside a service's process; `operations/` is what operators use: `lag.py`, `dead_letter_actions.py`,
`reconciliation.py`, which shows that no event was lost, and `rebuild.py`, which shows that the replicas made of events are right.
"""

from shared.messaging.inbox.handlers import Handler, Handlers
from shared.messaging.outbox.emit import emit
from shared.messaging.runtime import Messaging

__all__ = ["Handler", "Handlers", "Messaging", "emit"]

"""How a fact gets from `emit()` to a handler, exactly once and in the order of its aggregate.

    an act in a service    emit(session, event)           telling.py   deferred to the commit of the act
    its own transaction    aggregate_sequence, outbox     telling.py   numbered under the aggregate's lock
    one relay a database   outbox, broker, event_log      relay.py     leader.py: who; outbox.py: statements; pace.py: how fast
    the broker             ccc.<owner>, key = aggregate   kafka/       envelope.py: headers
    a consumer group       batches of records             consumer.py  kafka/sharing.py: who; offsets.py: from where on
    the listener's own     inbox, effects, what follows   dispatch.py  batch.py: together; inbox.py: whose turn it is
      transaction          handler(session, event, ...)   handling.py  HANDLERS of the service
    what cannot be done    parked_event                   parked.py    mending.py: again, and released in order
    what got lost          replay_request                 replay.py    broker_state.py, loss.py: noticed; inquiry.py: asked

`runtime.py` runs all of it inside a service's process; `operations.py` and `overview.py` are what operators use;
`account.py` proves that nothing was lost, `rebuild.py` that what was made of it is right.
"""

from shared.messaging.inbox.handlers import Handler, Handlers
from shared.messaging.outbox.emit import emit
from shared.messaging.runtime import Messaging

__all__ = ["Handler", "Handlers", "Messaging", "emit"]

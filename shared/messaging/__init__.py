"""How a fact gets from `emit()` to a handler, exactly once and in the order of its aggregate.

    an act in a service     emit(session, event)                 telling.py    deferred to the commit of the act
    its own transaction     aggregate_sequence, outbox           telling.py    numbered under the aggregate's lock
    one relay a database    outbox -> broker -> event_log        relay.py      leader.py says who, outbox.py holds the statements
    the broker              topic ccc.<owner>, key = aggregate   kafka.py      the only file that touches the client; envelope.py
    a consumer group        records, a batch at a time           consumer.py   the offset is committed after the transaction
    the listener's own      inbox + effects + emitted events     dispatch.py   batch.py: together; inbox.py: whose turn it is
      transaction             handler(session, event, delivery)  handling.py   HANDLERS of the service
    what cannot be handled  parked_event                         parked.py     mending.py tries again and releases in order

`runtime.py` runs all of it inside a service's process; `operations.py` is what operators use; the tables are in `tables.py`.
"""

from shared.messaging.handling import Handler, Handlers
from shared.messaging.telling import emit

__all__ = ["Handler", "Handlers", "emit"]

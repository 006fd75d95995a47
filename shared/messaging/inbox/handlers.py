"""One event and its effect: find the handler, check the content, call it."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from typing import Any, NamedTuple

from pydantic import ValidationError

from shared.core.logs import tracing
from shared.database.session import Session
from shared.events.base import Delivery, Event, UnknownEventType, event_class
from shared.messaging.envelope import Message

HANDLER_SECONDS = 15.0
"""After which a handler counts as failed."""

Handler = Callable[[Session, Any, Delivery], Awaitable[None]]
Handlers = Mapping[type[Event], Handler]
"""A service's table of reactions."""


class WrongAggregate(ValueError):
    """The content of a message is about another aggregate than its envelope says."""


HOPELESS = (UnknownEventType, ValidationError, WrongAggregate)
"""Errors that another try cannot mend."""


class Reaction(NamedTuple):
    """A message with its event and the handler that awaits it."""

    message: Message
    event: Event
    handler: Handler

    async def run(self, session: Session) -> None:
        """Call the handler at the instant at which the fact happened, within the trace that led to it."""
        delivery = self.message.delivery
        session.now = delivery.occurred_at
        with tracing(delivery.traceparent) if delivery.traceparent else nullcontext():
            await self.handler(session, self.event, delivery)


def reaction_to(message: Message, handlers: Handlers) -> Reaction | None:
    """What this service does on a message; None when nobody here listens to its type.

    Raises:
        UnknownEventType: the catalogue holds no such type and version.
        ValidationError: the content is not the event's.
        WrongAggregate: the content is about another aggregate.
    """
    kind = event_class(message.type, message.version)
    handler = handlers.get(kind)
    if handler is None:
        return None
    event = kind.model_validate_json(message.record.value or b"")
    if event.aggregate != message.delivery.aggregate:
        raise WrongAggregate(f"about {event.aggregate}, sent as {message.delivery.aggregate}")
    return Reaction(message, event, handler)

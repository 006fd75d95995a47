"""The call of one event's handler: find it, validate the content, call it."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from typing import Any, NamedTuple

from pydantic import ValidationError

from shared.core.logs import tracing
from shared.database.session import Session
from shared.events.base import Delivery, Event, UnknownEventType, event_class
from shared.messaging.envelope import EventMessage

HANDLER_SECONDS = 15.0
"""After which a handler counts as failed."""

Handler = Callable[[Session, Any, Delivery], Awaitable[None]]
Handlers = Mapping[type[Event], Handler]
"""For each type of event that a service consumes, its handler."""


class WrongAggregate(ValueError):
    """The content of a message is about another aggregate than its envelope says."""


NON_RETRYABLE = (UnknownEventType, ValidationError, WrongAggregate)
"""Errors that a retry cannot repair."""


class HandlerCall(NamedTuple):
    """A message with its event and its handler."""

    message: EventMessage
    event: Event
    handler: Handler

    async def run(self, session: Session) -> None:
        """Call the handler with the instant of the event as `session.now`, within the trace of the event."""
        delivery = self.message.delivery
        session.now = delivery.occurred_at
        with tracing(delivery.traceparent) if delivery.traceparent else nullcontext():
            await self.handler(session, self.event, delivery)


def handler_call(message: EventMessage, handlers: Handlers) -> HandlerCall | None:
    """The call that handles a message; None when this service has no handler for its type.

    Raises:
        UnknownEventType: the catalogue holds no such type and version.
        ValidationError: the content does not match the schema of the event.
        WrongAggregate: the content is about another aggregate.
    """
    event_type = event_class(message.type, message.version)
    handler = handlers.get(event_type)
    if handler is None:
        return None
    event = event_type.model_validate_json(message.record.value or b"")
    if event.aggregate != message.delivery.aggregate:
        raise WrongAggregate(f"about {event.aggregate}, sent as {message.delivery.aggregate}")
    return HandlerCall(message, event, handler)

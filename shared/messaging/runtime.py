"""Messaging inside a service's process: relay, consumer and mender, begun anew whenever one of them fails."""

import asyncio
import os
import socket
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

import structlog

from shared.database.session import Database
from shared.events.base import topic_of
from shared.messaging import metrics, replay_requests
from shared.messaging.broker import Broker, BrokerError, MisconfiguredBroker, group_of
from shared.messaging.inbox.consumer import Consumer, StuckError
from shared.messaging.inbox.dispatcher import Dispatcher
from shared.messaging.inbox.handlers import Handlers
from shared.messaging.inbox.retry import Mender
from shared.messaging.outbox.relay import Relay
from shared.settings import Settings

log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
IDLE_SECONDS = 5.0
STOP_SECONDS = 15.0
STUCK_EXIT = 70


def end_process() -> None:
    """End at once, to be started again: every part of messaging is made to survive that."""
    os._exit(STUCK_EXIT)


class Messaging:
    """What a service starts and stops with its application."""

    def __init__(
        self,
        service: str,
        database: Database,
        settings: Settings,
        handlers: Handlers,
        *,
        instance: str | None = None,
        group: str | None = None,
        on_stuck: Callable[[], None] = end_process,
    ) -> None:
        """Prepare; nothing is connected before `start`. `instance` names this process in its consumer group.

        With a `group` of its own it hears everything from the beginning of time beside the service, and tells nothing.
        """
        self._service, self._database = service, database
        self._broker = Broker(settings)
        dispatcher = Dispatcher(database, handlers)
        self._relay = Relay(database, self._broker)
        self._tells = group is None
        self._consumer = Consumer(dispatcher, self._broker, instance or socket.gethostname(), group or group_of(service))
        self._mender = Mender(database, handlers)
        self._parked = dispatcher.parked
        self._on_stuck = on_stuck
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()

    async def start(self) -> None:
        """Begin to relay and to consume. A broker that does not answer is waited for: writes go on without it.

        Raises:
            MisconfiguredBroker: waiting would not help.
        """
        try:
            await self._broker.prepare([topic_of(self._service), *self._consumer.topics])
        except MisconfiguredBroker:
            raise
        except BrokerError as error:
            log.warning("the broker does not answer yet", service=self._service, error=str(error))
        parts: dict[str, Callable[[], Awaitable[None]]] = {}
        if self._tells:
            parts |= {"relay": self._relay.run, "gauges": self._measure}
        if self._consumer.topics:
            parts |= {"consumer": self._consumer.run, "mender": self._mend}
        self._tasks = [asyncio.create_task(self._keep(name, run), name=name) for name, run in parts.items()]

    async def stop(self) -> None:
        """Let each part finish what it has in hand, in bounded time."""
        self._stopping.set()
        self._relay.stop()
        self._consumer.stop()
        self._parked.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def ready(self) -> bool:
        """Whether every part is at work. A broker that is down is no reason not to be: writes go on without it."""
        return bool(self._tasks) and not self._stopping.is_set() and not any(task.done() for task in self._tasks)

    async def _keep(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run a part; when it fails, say so and begin anew after a pause."""
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            begun = time.monotonic()
            try:
                await run()
            except (Exception, asyncio.CancelledError) as error:  # said, counted, and the part begins anew
                if _is_our_own_cancellation(error):
                    raise
                self._say(name, error)
                pause = FIRST_PAUSE if time.monotonic() - begun > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
                await _either(self._stopping.wait(), pause)

    def _say(self, name: str, error: BaseException) -> None:
        cause = f"{type(error).__name__}: {error}"
        log.error("messaging begins anew", service=self._service, part=name, error=cause)
        metrics.REBUILDS.labels(self._service, name).inc()
        if isinstance(error, StuckError):
            self._on_stuck()

    async def _mend(self) -> None:
        """Try parked messages again, and ask for those that never came."""
        while not self._stopping.is_set():
            self._parked.clear()
            await self._mender.mend()
            missing, pause = await self._mender.outlook()
            if missing:
                log.warning("facts are missing and asked for", service=self._service, streams=len(missing))
                await replay_requests.ask(self._broker, missing)
            await _either(self._parked.wait(), min(pause, IDLE_SECONDS))

    async def _measure(self) -> None:
        while not self._stopping.is_set():
            await metrics.measure(self._database)
            await _either(self._stopping.wait(), IDLE_SECONDS)


def _is_our_own_cancellation(error: BaseException) -> bool:
    """Whether this task is being ended; a cancellation that a library lets out is a failure like others."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling() > 0


async def _either(event: Coroutine[Any, Any, object], seconds: float) -> None:
    """Wait for an event or for so many seconds."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event, seconds)

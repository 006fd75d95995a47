"""Messaging inside a service's process: relay, consumer and retry worker, each restarted whenever it fails."""

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
from shared.messaging.inbox.retry import RetryWorker
from shared.messaging.outbox.relay import Relay
from shared.settings import Settings

log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
IDLE_SECONDS = 5.0
STOP_SECONDS = 15.0
STUCK_EXIT = 70


def end_process() -> None:
    """End at once, to be started again: every part of messaging survives that."""
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

        With a `group` of its own it consumes everything from the first offset, beside the service, and publishes nothing.
        """
        self._service, self._database = service, database
        self._broker = Broker(settings)
        dispatcher = Dispatcher(database, handlers)
        self._relay = Relay(database, self._broker)
        self._publishes = group is None
        self._consumer = Consumer(dispatcher, self._broker, instance or socket.gethostname(), group or group_of(service))
        self._retry_worker = RetryWorker(database, handlers)
        self._dead_lettered = dispatcher.dead_lettered
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
        if self._publishes:
            parts |= {"relay": self._relay.run, "gauges": self._measure}
        if self._consumer.topics:
            parts |= {"consumer": self._consumer.run, "retry": self._retry}
        self._tasks = [asyncio.create_task(self._supervise(name, run), name=name) for name, run in parts.items()]

    async def stop(self) -> None:
        """Let each part finish its current batch, for `STOP_SECONDS` at most."""
        self._stopping.set()
        self._relay.stop()
        self._consumer.stop()
        self._dead_lettered.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def ready(self) -> bool:
        """Whether every part is running. A broker that is down does not make a service unready: writes go on without it."""
        return bool(self._tasks) and not self._stopping.is_set() and not any(task.done() for task in self._tasks)

    async def _supervise(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run a part; when it fails, log the error and restart it after a pause."""
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            started = time.monotonic()
            try:
                await run()
            except (Exception, asyncio.CancelledError) as error:  # logged, counted, and the part is restarted
                if _is_own_cancellation(error):
                    raise
                self._report(name, error)
                pause = FIRST_PAUSE if time.monotonic() - started > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
                await _wait(self._stopping.wait(), pause)

    def _report(self, name: str, error: BaseException) -> None:
        cause = f"{type(error).__name__}: {error}"
        log.error("messaging restarts", service=self._service, part=name, error=cause)
        metrics.RESTARTS.labels(self._service, name).inc()
        if isinstance(error, StuckError):
            self._on_stuck()

    async def _retry(self) -> None:
        """Retry dead letters that are due, and request events that are missing."""
        while not self._stopping.is_set():
            self._dead_lettered.clear()
            await self._retry_worker.retry_due()
            gaps, pause = await self._retry_worker.pending()
            if gaps:
                log.warning("events are missing and requested", service=self._service, streams=len(gaps))
                await replay_requests.publish(self._broker, gaps)
            await _wait(self._dead_lettered.wait(), min(pause, IDLE_SECONDS))

    async def _measure(self) -> None:
        while not self._stopping.is_set():
            await metrics.measure(self._database)
            await _wait(self._stopping.wait(), IDLE_SECONDS)


def _is_own_cancellation(error: BaseException) -> bool:
    """Whether this task is being cancelled; a CancelledError that a library lets out is a failure like others."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling() > 0


async def _wait(event: Coroutine[Any, Any, object], seconds: float) -> None:
    """Wait for an event, for so many seconds at most."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event, seconds)

"""A fair pool of database connections (first come, first served) that checks a connection before it is lent."""

import asyncio
from collections import deque
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import await_only
from sqlalchemy.util.queue import AsyncAdaptedQueue, Empty


class _FairQueue(AsyncAdaptedQueue[Any]):
    """A returned connection goes to the longest waiting task. SQLAlchemy's own queue lets newcomers take it: some starve."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: deque[asyncio.Future[Any]] = deque()

    def put_nowait(self, item: Any) -> None:
        while self._waiting:
            first = self._waiting.popleft()
            if not first.done():
                first.set_result(item)
                return
        super().put_nowait(item)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        if not block or not self.empty():
            return self.get_nowait()
        return await_only(self._wait(timeout))

    async def _wait(self, timeout: float | None) -> Any:  # noqa: ASYNC109  (as in SQLAlchemy)
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            async with asyncio.timeout(timeout):
                return await waiter
        except BaseException as error:
            if waiter.done() and not waiter.cancelled():  # a connection arrived at the same moment
                self.put_nowait(waiter.result())
            if isinstance(error, TimeoutError):
                raise Empty from error
            raise


class FairPool(AsyncAdaptedQueuePool):
    """The pool of every engine of ours."""

    _queue_class = _FairQueue  # SQLAlchemy has no public way to choose the queue of a pool


def pre_ping_by_driver_state(engine: AsyncEngine) -> AsyncEngine:
    """Have the pool of `engine` replace a connection that the driver has seen closed, or that was left inside a transaction.

    To ask the server each time, as SQLAlchemy's own pre-ping does, costs as much as a statement.
    """
    event.listen(engine.sync_engine, "checkout", _check)
    return engine


def _check(connection: Any, *_: object) -> None:
    driver = connection.driver_connection
    if driver.is_closed():
        raise InvalidatePoolError
    if driver.is_in_transaction() or driver._top_xact is not None:  # noqa: SLF001  (there is no public way to know)
        driver.terminate()
        raise DisconnectionError

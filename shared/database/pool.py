"""A pool of database connections that serves whoever came first, and lends none that is dead or still in a transaction."""

import asyncio
from collections import deque
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import await_only
from sqlalchemy.util.queue import AsyncAdaptedQueue, Empty


class _FirstComeFirstServed(AsyncAdaptedQueue[Any]):
    """What comes back goes to whoever has waited longest. SQLAlchemy's own lets newcomers take it: some then wait for ever."""

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
        return await_only(self._turn(timeout))

    async def _turn(self, timeout: float | None) -> Any:  # noqa: ASYNC109  (as in SQLAlchemy)
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(timeout):
                return await turn
        except BaseException as gave_up:
            if turn.done() and not turn.cancelled():  # its turn came in that very moment
                self.put_nowait(turn.result())
            if isinstance(gave_up, TimeoutError):
                raise Empty from gave_up
            raise


class FairPool(AsyncAdaptedQueuePool):
    """The pool of every engine of ours."""

    _queue_class = _FirstComeFirstServed


def lend_sound_ones(engine: AsyncEngine) -> AsyncEngine:
    """Have the pool of `engine` replace its connections when the driver has noticed that their server is gone.

    To ask the server each time, as SQLAlchemy's pre-ping does, costs as much as a statement. One that was left in the midst of
    a transaction is replaced, too.
    """
    event.listen(engine.sync_engine, "checkout", _refuse_unsound)
    return engine


def _refuse_unsound(connection: Any, *_: object) -> None:
    driver = connection.driver_connection
    if driver.is_closed():
        raise InvalidatePoolError
    if driver.is_in_transaction() or driver._top_xact is not None:  # noqa: SLF001  (there is no public way to know)
        driver.terminate()
        raise DisconnectionError

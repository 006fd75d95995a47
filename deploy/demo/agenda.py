"""Dated acts in the order of their days, so that the clock of the province only moves forward."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time
from itertools import count

from shared.core.clock import SHANGHAI

Act = Callable[[], Awaitable[None]]
MoveClock = Callable[[datetime], Awaitable[None]]
AT_ONCE = 8


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """An instant of a legal day, on the clock of the province."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)


class Agenda:
    """What will be done when. An act may enter further acts, never before its own instant."""

    def __init__(self, move_clock: MoveClock, begins: date, notify: Callable[[datetime], None]) -> None:
        """Nothing happens before the day on which it `begins`; `notify` is called for every instant that is reached."""
        self._move_clock = move_clock
        self._notify = notify
        self._heap: list[tuple[datetime, int, Act]] = []
        self._order = count()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self.now = at(begins, 0)

    def enter(self, when: datetime, act: Act) -> None:
        """Do `act` at `when`; at once when that has passed."""
        heapq.heappush(self._heap, (max(when, self.now), next(self._order), act))

    async def reach(self, instant: datetime) -> None:
        """Move the clock forward to `instant`."""
        if instant > self.now:
            self.now = instant
            self._notify(instant)
            await self._move_clock(instant)

    async def run(self) -> None:
        """Live through everything that is entered: what falls on the same instant runs side by side."""
        while self._heap:
            instant = self._heap[0][0]
            await self.reach(instant)
            await self.side_by_side(*self._due(instant))

    async def side_by_side(self, *acts: Act) -> None:
        """Do acts together, a few at once; the first failure ends them all."""
        async with asyncio.TaskGroup() as group:
            for act in acts:
                group.create_task(self._turn(act))

    async def _turn(self, act: Act) -> None:
        async with self._turns:
            await act()

    def _due(self, instant: datetime) -> list[Act]:
        due = []
        while self._heap and self._heap[0][0] == instant:
            due.append(heapq.heappop(self._heap)[2])
        return due

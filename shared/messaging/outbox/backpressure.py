"""Back-pressure: a broker that keeps only so much is not told more than its slowest listener can still find there."""

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from shared.messaging.broker import Administrator
from shared.messaging.envelope import Fact
from shared.messaging.outbox.store import Ends

log = structlog.get_logger()

HEADERS = 500
"""More bytes than the envelope of a fact takes on the broker."""
PATIENCE_SECONDS = 30.0
"""A listener that stands still for so long holds up the others no longer; it notices its loss and is told again."""


@dataclass
class Pace:
    """How far one relay is ahead of its listeners, in bytes; never more than `limit`, where there is one."""

    topic: str
    limit: int | None
    administrator: Administrator
    _ahead: deque[tuple[int, Ends]] = field(default_factory=deque)
    _heard: Ends = field(default_factory=dict)
    _moved: float = field(default_factory=time.monotonic)

    def found(self, ends: Ends) -> None:
        """Note what the topic held before this relay led: how much of it is still unheard is not known."""
        if self.limit is not None and ends:
            self._ahead.append((self.limit, dict(ends)))

    def cut(self, facts: Sequence[Fact]) -> Sequence[Fact]:
        """The first of these facts, as many as make a quarter of the limit, or one."""
        if self.limit is None:
            return facts
        room = self.limit // 4
        for count, fact in enumerate(facts):
            room -= _size(fact)
            if room < 0:
                return facts[: max(1, count)]
        return facts

    def told(self, facts: Sequence[Fact], ends: Ends) -> None:
        """Note that the topic has come to these ends by sending these facts."""
        if self.limit is not None:
            self._ahead.append((sum(map(_size, facts)), dict(ends)))

    async def allows(self) -> bool:
        """Whether more may be told now.

        Raises:
            BrokerError: the broker does not say how far the listeners are.
        """
        if self.limit is None or self._bytes() <= self.limit // 2:
            return True
        heard = await self.administrator.slowest(self.topic, self._ahead[-1][1])
        if heard != self._heard:
            self._heard, self._moved = heard, time.monotonic()
        while self._ahead and all(heard.get(partition, end) >= end for partition, end in self._ahead[0][1].items()):
            self._ahead.popleft()
        if time.monotonic() - self._moved > PATIENCE_SECONDS:
            log.warning("a listener stands still and is not waited for", topic=self.topic, heard=heard)
            self._ahead.clear()
        return self._bytes() <= self.limit // 2

    def _bytes(self) -> int:
        return sum(size for size, _ in self._ahead)


def _size(fact: Fact) -> int:
    return len(fact.data.encode()) + len(fact.aggregate.encode()) + HEADERS

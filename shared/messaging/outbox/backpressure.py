"""Back-pressure: where the broker retains a limited number of bytes, the relay stays within reach of its slowest consumer."""

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from shared.messaging.broker import Administrator
from shared.messaging.envelope import StoredEvent
from shared.messaging.outbox.store import EndOffsets

log = structlog.get_logger()

HEADER_BYTES = 500
"""More bytes than the headers of an event take on the broker."""
STALLED_SECONDS = 30.0
"""A consumer without progress for so long is not waited for any longer; it detects its loss and asks for a replay."""


@dataclass
class Backpressure:
    """How many bytes one relay is ahead of its slowest consumer; kept below `limit` bytes, or unlimited where that is None."""

    topic: str
    limit: int | None
    administrator: Administrator
    _ahead: deque[tuple[int, EndOffsets]] = field(default_factory=deque)
    _consumed: EndOffsets = field(default_factory=dict)
    _last_progress: float = field(default_factory=time.monotonic)

    def record_existing(self, ends: EndOffsets) -> None:
        """Record what the topic held before this relay led; all of it counts as not yet consumed."""
        if self.limit is not None and ends:
            self._ahead.append((self.limit, dict(ends)))

    def limit_batch(self, events: Sequence[StoredEvent]) -> Sequence[StoredEvent]:
        """The first of these events, as many as fit into a quarter of the limit, at least one."""
        if self.limit is None:
            return events
        remaining = self.limit // 4
        for count, event in enumerate(events):
            remaining -= _size(event)
            if remaining < 0:
                return events[: max(1, count)]
        return events

    def record_sent(self, events: Sequence[StoredEvent], ends: EndOffsets) -> None:
        """Record that sending these events has moved the end of the topic to `ends`."""
        if self.limit is not None:
            self._ahead.append((sum(map(_size, events)), dict(ends)))

    async def allows_sending(self) -> bool:
        """Whether more may be sent now.

        Raises:
            BrokerError: the broker does not answer with the offsets of the consumers.
        """
        if self.limit is None or self._bytes() <= self.limit // 2:
            return True
        consumed = await self.administrator.slowest_offsets(self.topic, self._ahead[-1][1])
        if consumed != self._consumed:
            self._consumed, self._last_progress = consumed, time.monotonic()
        while self._ahead and all(consumed.get(partition, end) >= end for partition, end in self._ahead[0][1].items()):
            self._ahead.popleft()
        if time.monotonic() - self._last_progress > STALLED_SECONDS:
            log.warning("a consumer makes no progress and is not waited for", topic=self.topic, consumed=consumed)
            self._ahead.clear()
        return self._bytes() <= self.limit // 2

    def _bytes(self) -> int:
        return sum(size for size, _ in self._ahead)


def _size(event: StoredEvent) -> int:
    return len(event.data.encode()) + len(event.aggregate.encode()) + HEADER_BYTES

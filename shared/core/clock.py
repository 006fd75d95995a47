"""The time of a transaction. Instants are UTC; legal days are plain dates in Asia/Shanghai.

The test clock is a file that holds one number, the seconds by which the clock is ahead of the machine's. It exists so that
a demonstration, or a team that tries out deadlines, can work in another year; production settings do not accept it.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from shared.core.legal_time import SHANGHAI, legal_day

__all__ = ["SHANGHAI", "Clock", "FrozenClock", "SystemClock", "TestClock", "legal_day"]


class Clock(Protocol):
    """A source of the present instant."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        return datetime.now(UTC)


class TestClock:
    """A clock that can be moved; every process that reads the same file has the same time."""

    __test__ = False

    def __init__(self, file: Path) -> None:
        """Read and write the offset in `file`; a missing file means no offset."""
        self._file = file
        self._version, self._offset = (0, 0), timedelta()

    def now(self) -> datetime:
        """The machine's instant moved by the offset in the file."""
        try:
            status = self._file.stat()
        except FileNotFoundError:
            return datetime.now(UTC)
        if (version := (status.st_ino, status.st_mtime_ns)) != self._version:
            self._version, self._offset = version, timedelta(seconds=float(self._file.read_text()))
        return datetime.now(UTC) + self._offset

    def set(self, instant: datetime) -> None:
        """Set the clock to `instant`; it goes on from there."""
        partial = self._file.with_suffix(".partial")
        partial.write_text(str((instant - datetime.now(UTC)).total_seconds()))
        partial.replace(self._file)


class FrozenClock:
    """A clock that does not move until it is set: for tests."""

    def __init__(self, instant: datetime) -> None:
        """Freeze at `instant` (aware)."""
        self.instant = instant

    def now(self) -> datetime:
        """The instant at which the clock is frozen."""
        return self.instant

    def set(self, instant: datetime) -> None:
        """Freeze at another instant."""
        self.instant = instant

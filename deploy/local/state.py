"""The state file `.ccc/runtime.json`: what runs now, for `ccc status`, for the demo and for people."""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel

from deploy.local.home import Home


class Process(BaseModel):
    """One process; `restarts` counts how often it died and was started again."""

    pid: int
    restarts: int = 0


class State(BaseModel):
    """One runtime: its supervisor, its processes, its addresses."""

    supervisor: int
    ready: bool
    processes: dict[str, Process]
    ports: dict[str, int]
    urls: dict[str, str]
    database: str
    kafka: str

    def write(self, file: Path) -> None:
        """Replace the file in one step."""
        partial = file.with_suffix(".partial")
        partial.write_text(self.model_dump_json(indent=2))
        partial.replace(file)


class AlreadyRunningError(RuntimeError):
    """Another supervisor runs this runtime."""


def running(home: Home) -> State | None:
    """The state of the runtime when a living supervisor holds it, else None."""
    if not home.lock.exists() or not home.state.exists():
        return None
    with home.lock.open() as file:
        if _lock(file.fileno()):
            return None
    return State.model_validate(json.loads(home.state.read_text()))


@contextmanager
def held(home: Home) -> Iterator[None]:
    """Hold the runtime alone; the operating system lets go when this process dies, however it dies.

    Raises AlreadyRunningError when another supervisor holds it.
    """
    with home.lock.open("a") as file:
        if not _lock(file.fileno()):
            raise AlreadyRunningError("the runtime is running already: see `ccc status`, or end it with `ccc down`")
        home.state.unlink(missing_ok=True)
        yield
        home.state.unlink(missing_ok=True)


def _lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

"""Processes that an earlier supervisor started and, because it was killed, could not end."""

import os
import signal
from pathlib import Path

import psutil

MARK = "CCC_RUNTIME"
"""Every process of the runtime carries this variable with the runtime's directory in its environment."""

GRACE = 15.0


def leftovers(directory: Path) -> list[psutil.Process]:
    """Living processes of the runtime in `directory`, except this process and its parents."""
    own = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    return [process for process in psutil.process_iter() if process.pid not in own and _belongs(process, directory)]


def end_leftovers(directory: Path) -> int:
    """End the processes that a killed supervisor left, by force those that do not go in time. Returns their number."""
    found = leftovers(directory)
    for process in found:
        _signal(process, signal.SIGTERM)
    _, stubborn = psutil.wait_procs(found, timeout=GRACE)
    for process in stubborn:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(stubborn, timeout=GRACE)
    return len(found)


def _belongs(process: psutil.Process, directory: Path) -> bool:
    try:
        return process.environ().get(MARK) == str(directory)
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        return False  # another user's process, or one that has just ended: in neither case ours


def _signal(process: psutil.Process, signum: signal.Signals) -> None:
    try:
        process.send_signal(signum)
    except psutil.NoSuchProcess:
        return  # it ended by itself, which is what was wanted

"""Ports for the embedded runtime: the usual one where it is free, another where it is taken."""

import socket
from collections.abc import Sequence

LOOPBACK = "127.0.0.1"


def free_port(preferred: int, taken: Sequence[int]) -> int:
    """A free TCP port of the loopback interface: `preferred` when it is free, else one the system chooses."""
    if preferred not in taken and _is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True

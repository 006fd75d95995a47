"""Tickets: one number for each unit, fixed by the seed and the unit alone (consistent sampling; draw-protocol §6).

A ticket is kept as the 32 bytes of its digest: they order as the big-endian integer that they spell.
"""

from shared.core.canonical import Hash, hasher


class Urn:
    """Tickets of one purpose under one seed."""

    def __init__(self, hash_name: str, seed: str, purpose: str) -> None:
        # The prefix is hashed once; every ticket goes on from a copy of that state.
        self._prefix: Hash = hasher(hash_name, bytes.fromhex(seed) + b"\x00" + purpose.encode() + b"\x00")
        self.draw = self._prefix.copy

    def ticket(self, identifier: str, weight: int = 1) -> bytes:
        """Give the ticket of an identifier: of `weight` tickets the smallest, exact proportional sampling."""
        running = self.draw()
        running.update(identifier.encode())
        if weight == 1:
            return running.digest()
        return min(running.digest(), *(self._further(running, number) for number in range(1, weight)))

    @staticmethod
    def _further(running: Hash, number: int) -> bytes:
        further = running.copy()
        further.update(b"\x00%d" % number)
        return further.digest()

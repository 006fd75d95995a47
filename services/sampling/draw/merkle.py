"""Merkle trees of RFC 6962: root, audit paths, and the check of a path."""

from collections.abc import Sequence

from shared.core.canonical import digest


def leaf_hash(name: str, data: bytes) -> bytes:
    """Hash of a leaf: prefix 00."""
    return digest(name, b"\x00" + data)


def _node(name: str, left: bytes, right: bytes) -> bytes:
    return digest(name, b"\x01" + left + right)


def _parents(name: str, level: Sequence[bytes]) -> list[bytes]:
    """Give the level above. A last node without a sibling rises unchanged: RFC 6962's split at a power of two."""
    paired = [_node(name, level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return paired + list(level[len(level) & ~1 :])


def root(name: str, leaves: Sequence[bytes]) -> bytes:
    """Tree hash over leaf hashes; the hash of nothing for an empty tree."""
    level = leaves
    while len(level) > 1:
        level = _parents(name, level)
    return level[0] if level else digest(name, b"")


class Tree:
    """A tree kept in memory (64 bytes of digest a leaf) to give many audit paths."""

    def __init__(self, name: str, leaves: Sequence[bytes]) -> None:
        self._levels = [list(leaves)]
        while len(self._levels[-1]) > 1:
            self._levels.append(_parents(name, self._levels[-1]))
        self.root = self._levels[-1][0] if leaves else digest(name, b"")

    def path(self, index: int) -> list[bytes]:
        """Audit path of the leaf at `index`, the nearest sibling first.

        Raises:
            IndexError: there is no such leaf.
        """
        if not 0 <= index < len(self._levels[0]):
            raise IndexError(index)
        siblings = []
        for level in self._levels[:-1]:
            if index ^ 1 < len(level):
                siblings.append(level[index ^ 1])
            index >>= 1
        return siblings


def root_of_path(name: str, leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Root that the path leads to, or None when index, size and length of the path do not fit one another."""
    if not 0 <= index < size:
        return None
    siblings = iter(path)
    last, node = size - 1, leaf
    while last:
        if index & 1 or index < last:
            sibling = next(siblings, None)
            if sibling is None:
                return None
            node = _node(name, sibling, node) if index & 1 else _node(name, node, sibling)
        index, last = index >> 1, last >> 1
    return node if next(siblings, None) is None else None

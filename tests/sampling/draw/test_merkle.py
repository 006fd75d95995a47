from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sampling.draw.merkle import Tree, leaf_hash, root, root_of_path

NAME = "sha-256"
SIZES = st.integers(1, 70)


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(NAME, str(i).encode()) for i in range(size)]


def by_the_text(hashes: list[bytes]) -> bytes:
    """Tree hash as RFC 6962 defines it: split at the largest power of two below the size."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\x01" + by_the_text(hashes[:split]) + by_the_text(hashes[split:])).digest()


@given(SIZES)
def test_the_root_is_that_of_rfc_6962(size: int) -> None:
    assert root(NAME, leaves(size)) == Tree(NAME, leaves(size)).root == by_the_text(leaves(size))


def test_the_empty_tree_is_the_hash_of_nothing() -> None:
    assert root(NAME, []) == Tree(NAME, []).root == sha256(b"").digest()


@given(SIZES, st.data())
def test_every_audit_path_leads_to_the_root(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    tree = Tree(NAME, leaves(size))
    assert root_of_path(NAME, leaves(size)[index], index, size, tree.path(index)) == tree.root


@given(SIZES, st.data())
def test_a_path_of_another_leaf_index_size_or_length_does_not(size: int, data: st.DataObject) -> None:
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(-2, size + 2))
    tree = Tree(NAME, leaves(size))
    path = tree.path(index)
    leaf = leaves(size)[index]
    if other != index:
        assert root_of_path(NAME, leaf, other, size, path) != tree.root
    assert root_of_path(NAME, leaf_hash(NAME, b"x"), index, size, path) != tree.root
    assert root_of_path(NAME, leaf, index, size, [*path, leaf]) is None
    assert root_of_path(NAME, leaf, index, 0, path) is None
    if path:
        assert root_of_path(NAME, leaf, index, size, path[1:]) is None


def test_there_is_no_path_to_a_leaf_that_does_not_exist() -> None:
    with pytest.raises(IndexError):
        Tree(NAME, leaves(3)).path(3)

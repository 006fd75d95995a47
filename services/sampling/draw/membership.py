"""The proof, for one organisation, that it was in the frame and at which rank, showing nobody else."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from services.sampling.draw.errors import NotInFrame
from services.sampling.draw.frame import Frame, leaves
from services.sampling.draw.merkle import Tree, leaf_hash, root
from services.sampling.draw.parameters import places
from services.sampling.draw.selection import Place, ranking
from services.sampling.draw.transcript import Transcript


def ranking_root(hash_name: str, seed: str, frame: Frame) -> str:
    """Lower-case hex of the root over all units by (stratum, ticket, id); the execution entry of the ledger carries it.

    The data of its leaves are the frame's leaf hashes: a unit's index in this tree is its rank, and reveals nobody else's.
    """
    return root(hash_name, _ranked(hash_name, leaves(hash_name, frame), ranking(hash_name, seed, frame))).hex()


def _ranked(hash_name: str, frame_leaves: Sequence[bytes], ranked: Sequence[tuple[str, bytes, str, int]]) -> list[bytes]:
    return [leaf_hash(hash_name, frame_leaves[index]) for *_, index in ranked]


def membership(core: Transcript, unit_id: str) -> dict[str, Any]:
    """Give the proof for one unit of an object draw.

    Raises:
        NotInFrame: the unit was not in the frame, or the draw is not of objects.
    """
    commitment, frame = core["commitment"], core["frame"]
    index = next((i for i, unit in enumerate(frame) if unit["unit_id"] == unit_id), None)
    if index is None or commitment["kind"] != "object":
        raise NotInFrame(f"unit {unit_id}")
    kept = ("commitment", "commitment_digest", "contributions", "seed")
    return {**{name: core[name] for name in kept}, "membership": _proof(core, index)}


def _proof(core: Transcript, index: int) -> dict[str, Any]:
    commitment, frame = core["commitment"], core["frame"]
    frame_leaves = leaves(commitment["hash"], frame)
    frame_tree = Tree(commitment["hash"], frame_leaves)
    ranked = ranking(commitment["hash"], core["seed"], frame)
    ranking_tree = Tree(commitment["hash"], _ranked(commitment["hash"], frame_leaves, ranked))
    position = next(k for k, (*_, i) in enumerate(ranked) if i == index)
    stratum, ticket, *_ = ranked[position]
    rank = position - offset(commitment["parameters"], stratum) + 1
    return {
        "index": index,
        "path": [sibling.hex() for sibling in frame_tree.path(index)],
        "rank": rank,
        "ranking_index": position,
        "ranking_path": [sibling.hex() for sibling in ranking_tree.path(position)],
        "ranking_root": ranking_tree.root.hex(),
        "status": _status(rank, next(p for p in places(commitment["parameters"]) if p.stratum == stratum)),
        "ticket": ticket.hex(),
        "unit": frame[index],
    }


def offset(parameters: dict[str, Any], stratum: str) -> int:
    """How many units stand in the strata before this one."""
    return sum(p["units"] for p in takewhile(lambda p: p["stratum"] != stratum, parameters["allocation"]))


def _status(rank: int, place: Place) -> str:
    if rank <= place.quota:
        return "selected"
    return "reserve" if rank <= place.quota + place.reserves else "not_selected"

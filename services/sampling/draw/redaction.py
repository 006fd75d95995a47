"""The redacted transcript: what the public may see, before and after the embargo (draw-protocol §8)."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.sampling.draw.frame import leaves
from services.sampling.draw.merkle import Tree
from services.sampling.draw.transcript import Transcript
from shared.core.canonical import fingerprint


def sealed_part(core: Transcript) -> dict[str, Any]:
    """Give what may be published before the embargo ends: nothing from which anyone's chance could be computed.

    With the seed, anyone could compute the ticket of every organisation whose code is public: so seed and values stay
    out.
    """
    hash_name = core["commitment"]["hash"]
    return {
        "commitment": core["commitment"],
        "commitment_digest": core["commitment_digest"],
        "exclusions_digest": fingerprint(hash_name, core["exclusions"]),
        "leaves": [leaf.hex() for leaf in leaves(hash_name, core["frame"])],
    }


def redacted(core: Transcript, used_reserves: Iterable[str] = ()) -> dict[str, Any]:
    """Give what is published after the embargo: the drawn units with their proofs, everyone else as a leaf hash.

    Args:
        core: the full transcript.
        used_reserves: unit ids of the reserves that have replaced someone; the others stay unnamed.
    """
    used = frozenset(used_reserves)
    result = core["result"]
    reserves = [entry for entry in result["reserves"] if entry["unit_id"] in used]
    return {
        **sealed_part(core),
        "contributions": core["contributions"],
        "result": {
            "reserves": reserves,
            "reserves_digest": fingerprint(core["commitment"]["hash"], result["reserves"]),
            "selected": result["selected"],
        },
        "revealed": _revealed(core, _named([*result["selected"], *reserves])),
        "seed": core["seed"],
    }


def _named(entries: Iterable[Mapping[str, Any]]) -> set[str]:
    return {unit for entry in entries for unit in entry.get("members", [entry.get("unit_id")])}


def _revealed(core: Transcript, units: set[str]) -> list[dict[str, Any]]:
    hash_name = core["commitment"]["hash"]
    tree = Tree(hash_name, leaves(hash_name, core["frame"]))
    return [
        {"index": index, "path": [sibling.hex() for sibling in tree.path(index)], "unit": unit}
        for index, unit in enumerate(core["frame"])
        if unit["unit_id"] in units
    ]

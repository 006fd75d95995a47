"""The commitment: all that decides the draw, fixed and published before any outside value exists (draw-protocol §5)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from services.sampling.draw import entropy, instants, parameters
from services.sampling.draw.errors import FrameChanged, InvalidPlan
from services.sampling.draw.frame import Frame, Kind, check_frame, frame_root
from services.sampling.draw.text import is_hex, is_identifier
from shared.core.canonical import HASHES, MAX_INTEGER, SHA_256, fingerprint

PROTOCOL: Final = "ccc-draw/1"

Commitment = Mapping[str, Any]

_KEYS: Final = {
    *("attempt", "campaign", "draw_id", "entropy_plan", "frame_root", "frame_size", "hash", "kind", "parameters"),
    *("previous", "protocol", "sealed_at", "sealed_by", "supersedes"),
}
_NAMES: Final = ("campaign", "draw_id", "sealed_by")


class Act(NamedTuple):
    """Who seals which draw, and when.

    `previous` is the digest of the ledger's head, `supersedes` the commitment digest of the draw that this replaces.
    """

    draw_id: str
    campaign: str
    sealed_by: str
    sealed_at: datetime
    previous: str | None
    attempt: int = 1
    supersedes: str | None = None


def commit(
    act: Act,
    kind: Kind,
    frame: Frame,
    parameters: Mapping[str, Any],
    secret: bytes,
    outside: Sequence[entropy.Source],
    hash_name: str = SHA_256,
) -> dict[str, Any]:
    """Commit a draw to its frame, parameters and entropy plan; `secret` are the server's 32 random bytes.

    Raises:
        InvalidFrame, InvalidPlan, InfeasibleAllocation, InfeasibleTeams: what is to be sealed breaks the protocol.
    """
    check_frame(frame, kind)
    commitment = {
        **act._asdict(),
        "entropy_plan": [entropy.server_source(hash_name, secret), *map(dict, outside)],
        "frame_root": frame_root(hash_name, frame),
        "frame_size": len(frame),
        "hash": hash_name,
        "kind": kind,
        "parameters": dict(parameters),
        "protocol": PROTOCOL,
        "sealed_at": instants.instant(act.sealed_at),
    }
    check_terms(commitment, frame)
    return commitment


def commitment_digest(commitment: Commitment) -> str:
    """Lower-case hex of the digest by which everything else names the commitment."""
    return fingerprint(commitment["hash"], commitment)


def check(commitment: Any, frame: Any) -> None:
    """Refuse a commitment that does not keep to the protocol or is not to this frame.

    Raises:
        InvalidPlan, InvalidFrame, InfeasibleAllocation, InfeasibleTeams: it does not keep to the protocol.
        FrameChanged: the frame is another one.
    """
    check_head(commitment)
    check_frame(frame, commitment["kind"])
    if len(frame) != commitment["frame_size"] or frame_root(commitment["hash"], frame) != commitment["frame_root"]:
        raise FrameChanged(pointer="/frame")
    check_terms(commitment, frame)


def check_head(commitment: Any) -> None:
    """Refuse a commitment whose members, frame and parameters aside, are malformed.

    Raises:
        InvalidPlan: names the first member at fault.
    """
    if not isinstance(commitment, dict) or commitment.keys() != _KEYS:
        raise InvalidPlan(f"a commitment has exactly the members {', '.join(sorted(_KEYS))}", pointer="/commitment")
    fault = next((name for name, holds in _rules(commitment) if not holds), None)
    if fault:
        raise InvalidPlan(f"{fault} is not what the protocol asks for", pointer=f"/commitment/{fault}")


def _rules(commitment: Mapping[str, Any]) -> list[tuple[str, bool]]:
    attempt, supersedes, previous = (commitment[name] for name in ("attempt", "supersedes", "previous"))
    return [
        ("protocol", commitment["protocol"] == PROTOCOL),
        ("hash", commitment["hash"] in HASHES),
        ("kind", commitment["kind"] in ("object", "inspector")),
        *((name, is_identifier(commitment[name])) for name in _NAMES),
        ("sealed_at", instants.parse(commitment["sealed_at"]) is not None),
        ("attempt", type(attempt) is int and 1 <= attempt <= MAX_INTEGER),
        ("supersedes", is_hex(supersedes, 32) if attempt != 1 else supersedes is None),
        ("previous", previous is None or is_hex(previous, 32)),
        ("frame_root", is_hex(commitment["frame_root"], 32)),
        ("frame_size", type(commitment["frame_size"]) is int),
    ]


def check_terms(commitment: Commitment, frame: Frame) -> None:
    """Refuse members, an entropy plan or parameters that do not keep to the protocol; the frame is taken as checked.

    Raises:
        InvalidPlan, InfeasibleAllocation, InfeasibleTeams: as their names say.
    """
    check_head(commitment)
    sealed_at = instants.parse(commitment["sealed_at"])
    assert sealed_at is not None
    entropy.check_plan(commitment["entropy_plan"], sealed_at)
    if commitment["kind"] == "object":
        parameters.check_object(commitment["parameters"], frame)
    else:
        parameters.check_inspector(commitment["parameters"], frame)

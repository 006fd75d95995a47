"""The ledger bodies that bind documents: what is sealed, what was drawn, what was released (see `ledger`)."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from services.sampling.draw.commitment import Commitment, commitment_digest
from services.sampling.draw.execution import Result
from services.sampling.draw.frame import Frame
from services.sampling.draw.membership import ranking_root
from services.sampling.draw.transcript import Transcript, transcript_digest
from shared.core.canonical import fingerprint


def seal(commitment: Commitment, exclusions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Body of a seal. It binds the exclusions, which the commitment does not name."""
    return {
        "attempt": commitment["attempt"],
        "commitment_digest": commitment_digest(commitment),
        "exclusions_digest": fingerprint(commitment["hash"], exclusions),
        "supersedes": commitment["supersedes"],
    }


def execution(commitment: Commitment, frame: Frame, result: Result) -> dict[str, Any]:
    """Body of an execution: seed, result and, for organisations, everyone's rank."""
    hash_name = commitment["hash"]
    ranked = commitment["kind"] == "object"
    return {
        "commitment_digest": result.commitment_digest,
        "ranking_root": ranking_root(hash_name, result.seed, frame) if ranked else None,
        "reserves_digest": fingerprint(hash_name, result.reserves),
        "seed": result.seed,
        "selected_digest": fingerprint(hash_name, result.selected),
    }


def release(document: Transcript, audience: Literal["entitled", "public"]) -> dict[str, Any]:
    """Body of a release of this very document."""
    return {
        "audience": audience,
        "commitment_digest": document["commitment_digest"],
        "transcript_digest": transcript_digest(document),
    }

"""The transcript: all that a stranger needs to repeat the draw (draw-protocol §8)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from services.sampling.draw.execution import Result, execute
from services.sampling.draw.frame import Frame
from services.sampling.draw.teams import DISTRIBUTION
from shared.core.canonical import fingerprint

Transcript = Mapping[str, Any]

_AROUND: Final = frozenset({"ledger", "replacements", "signature"})


def transcript(
    commitment: Mapping[str, Any],
    frame: Frame,
    contributions: Sequence[Mapping[str, str]],
    exclusions: Sequence[Mapping[str, Any]],
    result: Result | None = None,
) -> dict[str, Any]:
    """Give the core of a transcript; the draw is executed here unless its result is given.

    Raises:
        DrawError: see `execute`.
    """
    result = result or execute(commitment, frame, contributions)
    return {
        "commitment": dict(commitment),
        "commitment_digest": result.commitment_digest,
        "contributions": [dict(given) for given in contributions],
        "exclusions": [dict(exclusion) for exclusion in exclusions],
        "frame": list(frame),
        "result": {"reserves": list(result.reserves), "selected": list(result.selected)},
        "seed": result.seed,
    }


def issued(
    document: Transcript, ledger: Sequence[Mapping[str, Any]] = (), replacements: Sequence[Transcript] = ()
) -> dict[str, Any]:
    """Give a full or redacted transcript as it is handed out, ready to be signed.

    Args:
        document: the core, a redacted transcript, or a membership proof.
        ledger: a slice of the ledger from this draw's first entry or before it to the head (`ledger.extract`).
        replacements: transcripts, of the same form, of the draws that replaced members of teams, in ledger order.
    """
    issue = {**document, "ledger": list(ledger)} if ledger else dict(document)
    if document["commitment"]["kind"] == "inspector" and "seed" in document:
        issue["distribution"] = dict(DISTRIBUTION)
    return {**issue, "replacements": list(replacements)} if replacements else issue


def transcript_digest(document: Transcript) -> str:
    """Digest of a document without its ledger, replacements and signature; the release entry carries it."""
    content = {name: value for name, value in document.items() if name not in _AROUND}
    return fingerprint(document["commitment"]["hash"], content)

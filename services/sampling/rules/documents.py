"""The form in which the document of a draw is handed out."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.sampling.draw.transcript import issued


def issue(
    core: Mapping[str, Any], chain: Sequence[Mapping[str, Any]] = (), successors: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """The core with its ledger and its successors' cores.

    The draw that replaces a member stands as a bare core in the transcript of the first draw, which alone tells how the
    distribution of teams arises; the release entry binds this one form, so it is handed out alone in the same.
    """
    if "replaces" not in core["commitment"]["parameters"]:
        return issued(core, chain, successors)
    return {**core, "ledger": list(chain)} if chain else dict(core)

"""The form in which the documents of a draw are handed out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from services.sampling.draw.transcript import issued


class Act(NamedTuple):
    """A step of a draw that somebody took, as the log of acts has it; `source` where it gave a value."""

    at: datetime
    by: str
    action: str
    source: str | None


def issue(
    core: Mapping[str, Any], chain: Sequence[Mapping[str, Any]] = (), successors: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """The core with its ledger and its successors' cores.

    The draw that replaces a member stands as a bare core in the transcript of the first draw, which alone shows how the
    distribution of teams arises; the release entry binds this one form, so it is handed out alone in the same.
    """
    if "replaces" not in core["commitment"]["parameters"]:
        return issued(core, chain, successors)
    return {**core, "ledger": list(chain)} if chain else dict(core)

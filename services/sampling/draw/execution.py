"""The draw itself: a commitment, its frame and the contributed values in, the result out. No other input exists."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from services.sampling.draw import commitment as commitments
from services.sampling.draw import entropy, selection, teams
from services.sampling.draw.frame import Frame
from services.sampling.draw.parameters import places


class Result(NamedTuple):
    """What a draw gave: entries of units, or teams; reserves exist in object draws only."""

    commitment_digest: str
    seed: str
    selected: Sequence[Mapping[str, Any]]
    reserves: Sequence[Mapping[str, Any]]


def execute(commitment: commitments.Commitment, frame: Frame, contributions: Sequence[Mapping[str, str]]) -> Result:
    """Draw. The same arguments give the same result for ever, on any machine.

    Args:
        commitment: as it was sealed.
        frame: as it was frozen.
        contributions: every value of the entropy plan in its order, the server's secret in hex first.

    Raises:
        InvalidPlan, InvalidFrame, FrameChanged, InfeasibleAllocation, InfeasibleTeams: see `commitment.check`.
        IncompleteContributions, InvalidValue, WrongSecret: see `entropy.check_contributions`.
    """
    commitments.check(commitment, frame)
    hash_name = commitment["hash"]
    entropy.check_contributions(hash_name, commitment["entropy_plan"], contributions)
    name = commitments.commitment_digest(commitment)
    seed = entropy.seed(hash_name, name, contributions)
    terms = commitment["parameters"]
    if commitment["kind"] == "object":
        return Result(name, seed, *selection.select(hash_name, seed, frame, places(terms)))
    return Result(name, seed, teams.assign(hash_name, seed, terms["tasks"], terms["capacity"]), [])

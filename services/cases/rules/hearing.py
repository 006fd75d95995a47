"""When a party has the right to a hearing (听证标准): by the weight of the intended penalty."""

from collections.abc import Sequence

from services.cases.rules.reference_data import document
from shared.core.province import province
from shared.events.value_objects import Penalty
from shared.vocabulary import PenaltyKind, RespondentType

_CONFISCATIONS = (PenaltyKind.CONFISCATE_GAINS, PenaltyKind.CONFISCATE_GOODS)


def due(penalties: Sequence[Penalty], respondent: RespondentType) -> bool:
    """Whether the party must be notified of its right to a hearing: PL art 63, thresholds of the province."""
    table = document("hearing_thresholds")
    if any(penalty.kind.value in table["always_for"] for penalty in penalties):
        return True
    party = "natural_person" if respondent is RespondentType.PERSON else "organisation"
    limits = {item["scope"]: item for item in table["items"] if item["party"] == party}
    limit = limits.get(province().code, limits["CN"])
    fine = total(penalties, PenaltyKind.FINE)
    confiscated = total(penalties, *_CONFISCATIONS)
    return bool(fine >= limit["fine_from_fen"] or confiscated >= limit["confiscation_from_fen"])


def total(penalties: Sequence[Penalty], *kinds: PenaltyKind) -> int:
    """The sum in fen of the penalties of these kinds."""
    return sum(penalty.amount_fen or 0 for penalty in penalties if penalty.kind in kinds)


def owed(penalties: Sequence[Penalty]) -> int:
    """What the party has to pay: the fine and the confiscated gains, in fen. Confiscated goods are handed over."""
    return total(penalties, PenaltyKind.FINE, PenaltyKind.CONFISCATE_GAINS)

"""The frame of a sanction: which penalties a violation may bring and between which amounts. Money in fen, bounds included."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from services.cases.errors import GoodsValueMissing, NotCompetentToSanction, SanctionOutsideFrame
from services.cases.rules.reference_data import Document, Violation, document
from shared.events.value_objects import Penalty
from shared.vocabulary import PenaltyKind, RespondentType

WITH_AMOUNT = (PenaltyKind.FINE, PenaltyKind.CONFISCATE_GAINS, PenaltyKind.CONFISCATE_GOODS)


class Bounds(NamedTuple):
    """The least and the greatest fine."""

    min_fen: int
    max_fen: int


@dataclass(frozen=True)
class Circumstances:
    """What the frame depends on besides the violation. `org` is the bureau that decides."""

    goods_value_fen: int | None = None
    org: str = field(kw_only=True)
    correction_overdue: bool = False
    mitigation: str | None = None
    respondent: RespondentType = RespondentType.OBJECT


def bounds(frame: Document, goods_value_fen: int | None) -> Bounds:
    """The bounds of a fine for goods of this value.

    Raises:
        GoodsValueMissing: they depend on a value that is not known.
    """
    match frame["kind"]:
        case "fixed":
            return Bounds(frame["amount_fen"], frame["amount_fen"])
        case "range":
            return Bounds(frame["min_fen"], frame["max_fen"])
        case "multiple_of_value":
            return _multiples(frame, _known(goods_value_fen))
        case "tiers":
            return bounds(_tier(frame["tiers"], _known(goods_value_fen)), goods_value_fen)
        case kind:
            raise ValueError(f"unknown kind of frame: {kind}")


def check(violation: Violation, penalties: Sequence[Penalty], given: Circumstances) -> None:
    """Refuse penalties that the law does not provide for this violation.

    Raises:
        SanctionOutsideFrame: a kind, a combination or an amount is not provided for.
        GoodsValueMissing: the bounds depend on the goods value, which is not known.
        NotCompetentToSanction: the penalty lies with SAMR or a department it authorised (R390 art 71).
    """
    if violation.authority != "bureau" and given.org not in document("violations")["authorised_bureaus"]["orgs"]:
        raise NotCompetentToSanction(violation.code, pointer="/penalties")
    if not penalties:
        raise SanctionOutsideFrame("没有处罚 / no penalty", pointer="/penalties")
    _check_kinds(violation, [penalty.kind for penalty in penalties])
    for at, penalty in enumerate(penalties):
        _check_amount(penalty, at)
    _check_fine(violation, next((each.amount_fen for each in penalties if each.kind is PenaltyKind.FINE), None), given)


def serious(violation: Violation, penalties: Sequence[Penalty]) -> bool:
    """Whether a penalty is one that the law keeps for serious circumstances; such always need legal review."""
    return any(penalty.kind in violation.serious for penalty in penalties)


def _known(goods_value_fen: int | None) -> int:
    if goods_value_fen is None:
        raise GoodsValueMissing(pointer="/goods_value_fen")
    return goods_value_fen


def _multiples(frame: Document, value: int) -> Bounds:
    (low, low_parts), (high, high_parts) = frame["min"], frame["max"]
    return Bounds(-(-value * low // low_parts), value * high // high_parts)


def _tier(tiers: Sequence[Document], value: int) -> Document:
    for tier in tiers:
        low, high = tier["condition"]["goods_value_from_fen"], tier["condition"]["goods_value_below_fen"]
        if (low is None or low <= value) and (high is None or value < high):
            return tier
    raise SanctionOutsideFrame(f"{value}", pointer="/goods_value_fen")


def _check_kinds(violation: Violation, kinds: Sequence[PenaltyKind]) -> None:
    if len(set(kinds)) < len(kinds):
        raise SanctionOutsideFrame("同一种类重复 / a kind stands twice", pointer="/penalties")
    for at, kind in enumerate(kinds):
        if kind not in (*violation.penalties, *violation.serious):
            raise SanctionOutsideFrame(f"{violation.code}: {kind}", pointer=f"/penalties/{at}/kind")


def _check_amount(penalty: Penalty, at: int) -> None:
    pointer = f"/penalties/{at}/amount_fen"
    if penalty.kind not in WITH_AMOUNT and penalty.amount_fen is not None:
        raise SanctionOutsideFrame(f"{penalty.kind} 没有金额 / has no amount", pointer=pointer)
    if penalty.kind in WITH_AMOUNT and (penalty.amount_fen is None or penalty.amount_fen <= 0):
        raise SanctionOutsideFrame(f"{penalty.kind} 须有金额 / needs an amount", pointer=pointer)


def _check_fine(violation: Violation, fine_fen: int | None, given: Circumstances) -> None:
    frame = violation.fine_person if given.respondent is RespondentType.PERSON else violation.fine
    if frame is None or (violation.fine_only_when_overdue and not given.correction_overdue):
        if fine_fen is not None:
            raise SanctionOutsideFrame("不得罚款 / no fine is provided for", pointer="/penalties")
        return
    low, high = bounds(frame, given.goods_value_fen)
    if given.mitigation in _lighter():
        low = 0
    if not low <= (fine_fen or 0) <= high:
        raise SanctionOutsideFrame(f"{fine_fen or 0}: {low}..{high}", pointer="/penalties", min_fen=low, max_fen=high)


def _lighter() -> list[str]:
    """Grounds that let the fine fall below its frame (PQL art 55)."""
    grounds = document("violations")["mitigation"]
    return [ground["code"] for ground in grounds if ground["effect"] == "lighter_or_mitigated"]

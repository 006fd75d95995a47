"""The life of an inspection and of a rectification: which act is possible in which state, and where it leads."""

from enum import StrEnum
from typing import Final

from services.inspection.errors import TransitionForbidden
from services.inspection.rules import reference_data
from shared.vocabulary import RectificationState


class InspectionState(StrEnum):
    """How far an inspection has come (检查任务状态)."""

    ASSIGNED = "assigned"  # 已派组
    SCHEDULED = "scheduled"  # 已安排日期
    NOTIFIED = "notified"  # 已通知
    IN_PROGRESS = "in_progress"  # 检查中
    SUBMITTED = "submitted"  # 待审核
    RETURNED = "returned"  # 退回补正
    COMPLETED = "completed"  # 已完成
    CANCELLED = "cancelled"  # 已取消（对象更换）


class Act(StrEnum):
    """What is done to an inspection."""

    SCHEDULE = "schedule"
    NOTIFY = "notify"
    SUPPLEMENT = "supplement"
    START = "start"
    RECORD = "record"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    CANCEL = "cancel"


S = InspectionState
OPEN: Final = frozenset(S) - {S.COMPLETED, S.CANCELLED}
"""States in which something may still be found."""
ON_SITE: Final = frozenset({S.IN_PROGRESS, S.RETURNED})
"""States in which the team writes."""

_ACTS: Final = {
    Act.SCHEDULE: (frozenset({S.ASSIGNED, S.SCHEDULED, S.NOTIFIED}), S.SCHEDULED),
    Act.NOTIFY: (frozenset({S.SCHEDULED}), S.NOTIFIED),
    Act.SUPPLEMENT: (frozenset({S.NOTIFIED}), None),
    Act.START: (frozenset({S.NOTIFIED}), S.IN_PROGRESS),
    Act.RECORD: (ON_SITE, None),
    Act.SUBMIT: (ON_SITE, S.SUBMITTED),
    Act.APPROVE: (frozenset({S.SUBMITTED}), S.COMPLETED),
    Act.RETURN: (frozenset({S.SUBMITTED}), S.RETURNED),
    Act.CANCEL: (OPEN, S.CANCELLED),
}


def after(act: Act, state: InspectionState) -> InspectionState:
    """The state to which `act` leads from `state`.

    Raises:
        TransitionForbidden: the act is not possible in this state.
    """
    allowed, target = _ACTS[act]
    _require(act, state, allowed)
    return target or state


def require_rectification(event: str, state: RectificationState) -> None:
    """Refuse an event (`report`, `pass`, `fail`) that rectification.json does not allow in this state.

    Raises:
        TransitionForbidden: it does not.
    """
    rows = reference_data.table("rectification")["transitions"]
    allowed = next(row["from"] for row in rows if row["event"] == event)
    _require(event, state, frozenset(map(RectificationState, allowed)))


def _require(act: str, state: StrEnum, allowed: frozenset[InspectionState] | frozenset[RectificationState]) -> None:
    if state not in allowed:
        raise TransitionForbidden(state=state.value, act=str(act), allowed=sorted(one.value for one in allowed))

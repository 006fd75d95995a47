"""The state machines of an inspection (inspection_states.json) and of a rectification (rectification.json)."""

from enum import StrEnum
from typing import Final

from services.inspection.errors import TransitionForbidden
from services.inspection.rules.reference_data import document
from shared.core.state_machine import Machine, Transition
from shared.vocabulary import RectificationState


class InspectionState(StrEnum):
    """The state of an inspection (检查任务状态)."""

    ASSIGNED = "assigned"  # 已派组
    SCHEDULED = "scheduled"  # 已安排日期
    NOTIFIED = "notified"  # 已通知
    IN_PROGRESS = "in_progress"  # 检查中
    SUBMITTED = "submitted"  # 待审核
    RETURNED = "returned"  # 退回补正
    COMPLETED = "completed"  # 已完成
    CANCELLED = "cancelled"  # 已取消（对象更换）


class InspectionEvent(StrEnum):
    """The events of inspection_states.json."""

    SCHEDULE = "schedule"
    NOTIFY = "notify"
    SUPPLEMENT = "supplement"
    START = "start"
    RECORD = "record"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    CANCEL = "cancel"


class RectificationEvent(StrEnum):
    """The events of rectification.json that a caller brings about after the order."""

    REPORT = "report"
    SCHEDULE_RECHECK = "schedule_recheck"
    PASS = "pass"  # noqa: S105  (not a password)
    FAIL = "fail"


def _forbidden(state: str, event: str, allowed: list[str]) -> TransitionForbidden:
    return TransitionForbidden(state=state, event=event, allowed=allowed)


def _machine(transitions: list[dict[str, object]]) -> Machine[Transition]:
    return Machine([Transition.model_validate(item) for item in transitions], _forbidden)


INSPECTION: Final = _machine(document("inspection_states")["items"])
RECTIFICATION: Final = _machine(document("rectification")["transitions"])
OPEN: Final = frozenset(map(InspectionState, INSPECTION.transition(InspectionEvent.CANCEL).sources))
"""The states of an inspection that has not ended."""


def next_state(state: InspectionState, event: InspectionEvent) -> InspectionState:
    """The state of an inspection after `event`.

    Raises:
        TransitionForbidden: `state` does not allow the event.
    """
    return InspectionState(INSPECTION.apply(state, event).target or state)


def require_allowed(state: InspectionState, event: InspectionEvent) -> None:
    """Require that `state` allows `event`.

    Raises:
        TransitionForbidden: it does not.
    """
    INSPECTION.apply(state, event)


def require_rectification(state: RectificationState, event: RectificationEvent) -> None:
    """Require that the state of a rectification allows `event`.

    Raises:
        TransitionForbidden: it does not.
    """
    RECTIFICATION.apply(state, event)

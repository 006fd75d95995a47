"""Whether a team may serve on the day of the inspection (S-08), and how a notice names it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.inspection.errors import MemberUnavailable
from shared.events.value_objects import AssignedMember

Member = Mapping[str, Any]


def unavailability(member: AssignedMember, day: date) -> str | None:
    """Why the member may not serve on `day`, as a reason code of the draw; None when no certificate date or leave excludes it."""
    first, last = member.certificate_from or day, member.certificate_to or day
    if not first <= day <= last:
        return "CERTIFICATE_NOT_VALID"
    return "ON_LEAVE" if any(leave.first <= day <= leave.last for leave in member.leaves) else None


def require_available(members: Sequence[Member], day: date) -> None:
    """Reject a day on which a member may not serve: another day, or another member, is needed.

    Raises:
        MemberUnavailable: `members` names who may not, and why.
    """
    team = [AssignedMember.model_validate(member) for member in members]
    reasons = {member.inspector_id: unavailability(member, day) for member in team}
    if unavailable := {inspector_id: reason for inspector_id, reason in reasons.items() if reason}:
        raise MemberUnavailable("、".join(unavailable), members=unavailable)


def notice_entries(members: Sequence[Member]) -> list[dict[str, str]]:
    """The team as a notice names it: by name and enforcement certificate only."""
    return [{"name": member["name"], "law_enforcement_no": member["law_enforcement_no"]} for member in members]

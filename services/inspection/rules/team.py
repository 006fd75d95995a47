"""Whether a team may serve on the day of the visit (S-08), and whether the object was told of this team."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.inspection.errors import MemberUnavailable
from shared.events.value_objects import AssignedMember

Member = Mapping[str, Any]


def reason_against(member: AssignedMember, day: date) -> str | None:
    """Why the member may not serve on `day`, in the words of the draw; None when nothing told stands against it."""
    first, last = member.certificate_from or day, member.certificate_to or day
    if not first <= day <= last:
        return "CERTIFICATE_NOT_VALID"
    return "ON_LEAVE" if any(leave.first <= day <= leave.last for leave in member.leaves) else None


def require_available(members: Sequence[Member], day: date) -> None:
    """Refuse a day on which a member may not serve: another day, or another member, has to be found.

    Raises:
        MemberUnavailable: `members` names who may not, and why.
    """
    team = [AssignedMember.model_validate(member) for member in members]
    reasons = {member.inspector_id: reason_against(member, day) for member in team}
    if against := {who: reason for who, reason in reasons.items() if reason}:
        raise MemberUnavailable("、".join(against), members=against)


def shown(members: Sequence[Member]) -> list[dict[str, str]]:
    """The team as a notice names it: by name and enforcement certificate only."""
    return [{"name": member["name"], "law_enforcement_no": member["law_enforcement_no"]} for member in members]

"""Which inspections a caller sees; all others do not exist for that caller."""

from sqlalchemy import ColumnElement, Text, cast, func
from sqlmodel import and_, col, select

from services.inspection.models import AssignedExpert, Inspection, Notice
from shared.security.auth import Caller
from shared.vocabulary import Role

INSPECTORS = frozenset({Role.CITY_INSPECTOR, Role.COUNTY_INSPECTOR})


def visible(by: Caller) -> ColumnElement[bool]:
    """The condition on inspections: own ones for object, expert and inspector (S-16), else those of the jurisdiction.

    An object sees its inspection from the notice on, an inspector and an expert from their assignment on.
    """
    if by.role is Role.OBJECT_CONTACT:
        return and_(col(Inspection.uscc) == by.org, col(Inspection.id).in_(select(col(Notice.inspection_id))))
    if by.role is Role.EXPERT:
        assigned = select(AssignedExpert.assignment_id).where(col(AssignedExpert.expert_id) == by.subject)
        return col(Inspection.assignment_id).in_(assigned)
    if by.role in INSPECTORS:
        member = func.jsonb_build_object("inspector_id", cast(by.subject, Text))
        return col(Inspection.members).contains(func.jsonb_build_array(member))
    return by.within(col(Inspection.city), col(Inspection.county))


def on_team(inspection: Inspection, by: Caller) -> bool:
    """Whether the caller is a member of the team."""
    return by.role in INSPECTORS and any(member["inspector_id"] == by.subject for member in inspection.members)

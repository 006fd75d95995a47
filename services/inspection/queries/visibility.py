"""Whose inspections a caller sees; all others do not exist for that caller."""

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select

from services.inspection.models import AllottedExpert, Inspection
from shared.auth import Caller
from shared.terms import Role

INSPECTORS = frozenset({Role.CITY_INSPECTOR, Role.COUNTY_INSPECTOR})


def visible(by: Caller) -> ColumnElement[bool]:
    """The condition on inspections: the object itself, the expert allotted, a member of the team, or the jurisdiction."""
    if by.role is Role.OBJECT_CONTACT:
        return col(Inspection.uscc) == by.org
    if by.role is Role.EXPERT:
        allotted = select(AllottedExpert.assignment_id).where(col(AllottedExpert.expert_id) == by.subject)
        return col(Inspection.assignment_id).in_(allotted)
    within = by.within(col(Inspection.city), col(Inspection.county))
    if by.role in INSPECTORS:
        return or_(within, col(Inspection.members).contains([{"inspector_id": by.subject}]))
    return within


def on_team(inspection: Inspection, by: Caller) -> bool:
    """Whether the caller is a member of the team."""
    return by.role in INSPECTORS and any(member["inspector_id"] == by.subject for member in inspection.members)

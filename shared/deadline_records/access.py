"""The roles that may see deadlines, and those that may grant time."""

from typing import Annotated

from shared.deadline_records.errors import GranterHandles
from shared.deadline_records.subject import superior
from shared.deadline_records.tables import DeadlineRecord
from shared.deadlines.rules import Approver
from shared.security.auth import Caller, caller
from shared.vocabulary import Role

_HEADS = (Role.CITY_LEAD, Role.COUNTY_LEAD, Role.PROV_ADMIN, Role.PROV_ENFORCEMENT)
_STAFF = (
    *(Role.CITY_INSPECTOR, Role.COUNTY_INSPECTOR, Role.ENFORCEMENT_OFFICER, Role.LEGAL_REVIEWER, Role.REPORTER_CLERK),
    *(Role.PROV_SUPERVISOR, Role.AUDITOR),
)
Official = Annotated[Caller, caller(*_HEADS, *_STAFF)]
"""Officials, each within the own jurisdiction."""
Head = Annotated[Caller, caller(*_HEADS)]
"""Heads, who decide for an organisation."""
Officer = Annotated[Caller, caller(*_HEADS, Role.ENFORCEMENT_OFFICER, Role.CITY_INSPECTOR, Role.COUNTY_INSPECTOR)]
"""Heads and officers, who may record a pause."""


def require_granter(by: Caller, record: DeadlineRecord, approver: Approver) -> None:
    """Check that the caller's organisation decides: the superior where the rule says so, else the organisation of the deadline.

    Raises:
        GranterHandles: the caller belongs to another organisation.
    """
    decides = superior(record.office) if approver == "superior" else record.office
    if by.org != decides:
        raise GranterHandles(f"{decides}", decides=decides)

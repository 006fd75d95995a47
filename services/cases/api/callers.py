"""Who may call: the roles of each step are those of the state machines."""

from typing import Annotated, Any

from fastapi import Path

from services.cases.rules.state_machine import CASE, TRANSFER, roles
from shared.security.auth import caller
from shared.vocabulary import Role

READERS = (
    Role.ENFORCEMENT_OFFICER,
    Role.CITY_LEAD,
    Role.COUNTY_LEAD,
    Role.PROV_ENFORCEMENT,
    Role.PROV_ADMIN,
    Role.PROV_SUPERVISOR,
    Role.LEGAL_REVIEWER,
    Role.AUDITOR,
)


ClockCode = Annotated[str, Path(pattern=r"^K[0-9]{2}$", description="number of the clock, such as K05")]


def readers(*more: Role) -> Any:
    """Those who may read what lies in their jurisdiction."""
    return caller(*READERS, *more)


def of_case(*events: str) -> Any:
    """Those who may take these steps of a case."""
    return caller(*roles(CASE, *events))


def of_transfer(*events: str) -> Any:
    """Those who may take these steps of a criminal transfer."""
    return caller(*roles(TRANSFER, *events))

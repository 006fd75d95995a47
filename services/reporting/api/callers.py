"""The callers of each kind of route, and the parameters that the lists have in common."""

from typing import Annotated

from fastapi import Path, Query

from shared.security.auth import Caller, caller
from shared.vocabulary import Role

_PROVINCE = (Role.PROV_ADMIN, Role.PROV_ENFORCEMENT, Role.PROV_SUPERVISOR, Role.AUDITOR)
_LOCAL = (Role.CITY_LEAD, Role.COUNTY_LEAD, Role.REPORTER_CLERK, Role.ENFORCEMENT_OFFICER)

Reader = Annotated[Caller, caller(*_PROVINCE, *_LOCAL)]
Reporter = Annotated[Caller, caller(Role.CITY_LEAD, Role.REPORTER_CLERK)]
CityLead = Annotated[Caller, caller(Role.CITY_LEAD)]
ProvAdmin = Annotated[Caller, caller(Role.PROV_ADMIN)]
Drafter = Annotated[Caller, caller(Role.PROV_ADMIN, Role.CITY_LEAD, Role.REPORTER_CLERK)]
Discloser = Annotated[Caller, caller(Role.PROV_ADMIN, Role.CITY_LEAD)]

City = Annotated[
    str | None,
    Query(
        pattern=r"^\d{4}(\d{2})?$",
        description="prefecture-level unit (设区市); left out: all within the caller's jurisdiction",
        examples=["3501"],
    ),
]
FigureKey = Annotated[
    str, Path(pattern=r"^[a-z0-9_]{1,64}$", description="key of a figure (指标)", examples=["objects_inspected"])
]

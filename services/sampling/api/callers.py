"""Who calls, and what the routes of sampling have in common."""

from typing import Annotated, cast

from fastapi import Depends, Request

from services.sampling.rules.vault import Keys
from shared.security.auth import Caller, caller
from shared.settings import Settings, key_bytes
from shared.vocabulary import Role

_PROVINCE = (Role.PROV_ADMIN, Role.PROV_SUPERVISOR, Role.AUDITOR)
_LOCAL = (Role.CITY_LEAD, Role.COUNTY_LEAD, Role.CITY_INSPECTOR, Role.COUNTY_INSPECTOR)

ProvAdmin = Annotated[Caller, caller(Role.PROV_ADMIN)]
CityLead = Annotated[Caller, caller(Role.CITY_LEAD)]
Official = Annotated[Caller, caller(*_PROVINCE, *_LOCAL, Role.PROV_ENFORCEMENT, Role.METROLOGY_COORDINATOR, Role.REPORTER_CLERK)]
LibraryReader = Annotated[Caller, caller(*_PROVINCE, Role.CITY_LEAD, Role.COUNTY_LEAD)]
LibraryKeeper = Annotated[Caller, caller(Role.PROV_ADMIN, Role.CITY_LEAD, Role.COUNTY_LEAD)]
ExpertKeeper = Annotated[Caller, caller(Role.PROV_ADMIN, Role.METROLOGY_COORDINATOR)]
Institute = Annotated[Caller, caller(Role.METROLOGY_COORDINATOR)]
ExpertReader = Annotated[Caller, caller(*_PROVINCE, Role.METROLOGY_COORDINATOR, Role.CITY_LEAD)]
ConflictKeeper = Annotated[Caller, caller(Role.PROV_ADMIN, Role.METROLOGY_COORDINATOR, Role.CITY_LEAD, Role.COUNTY_LEAD)]
Drawer = Annotated[Caller, caller(Role.PROV_ADMIN, Role.CITY_LEAD)]
Approver = Annotated[Caller, caller(Role.PROV_ADMIN, Role.PROV_SUPERVISOR, Role.CITY_LEAD)]
Contributor = Annotated[Caller, caller(Role.PROV_SUPERVISOR, Role.AUDITOR, Role.CITY_LEAD)]
TranscriptReader = Annotated[Caller, caller(*_PROVINCE, Role.CITY_LEAD)]
ProofReader = Annotated[Caller, caller(*_PROVINCE, Role.OBJECT_CONTACT)]
AssignmentReader = Annotated[Caller, caller(*_PROVINCE, *_LOCAL, Role.PROV_ENFORCEMENT, Role.METROLOGY_COORDINATOR, Role.EXPERT)]
Recuser = Annotated[Caller, caller(*_LOCAL, Role.OBJECT_CONTACT)]
TeamKeeper = Annotated[Caller, caller(Role.CITY_LEAD, Role.COUNTY_LEAD)]
Decider = Annotated[Caller, caller(Role.CITY_LEAD, Role.PROV_ADMIN)]


def _keys(request: Request) -> Keys:
    return Keys(key_bytes(cast("Settings", request.app.state.settings).data_key))


KeyRing = Annotated[Keys, Depends(_keys)]
"""What encrypts the server's secrets and signs what is published."""

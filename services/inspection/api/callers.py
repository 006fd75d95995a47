"""Who may call the routes of the inspection service."""

from typing import Annotated

from shared.security.auth import Caller, caller
from shared.vocabulary import Role

_LEADS = (Role.CITY_LEAD, Role.COUNTY_LEAD)
_INSPECTORS = (Role.CITY_INSPECTOR, Role.COUNTY_INSPECTOR)
_READERS = (
    *_LEADS,
    *_INSPECTORS,
    Role.PROV_ADMIN,
    Role.PROV_SUPERVISOR,
    Role.AUDITOR,
    Role.EXPERT,
    Role.REPORTER_CLERK,
)

Reader = Annotated[Caller, caller(*_READERS)]
"""Officials and experts, each within jurisdiction, team or assignment."""
ReaderOrObject = Annotated[Caller, caller(*_READERS, Role.OBJECT_CONTACT)]
"""The same, and the inspected object for what concerns it."""
Lead = Annotated[Caller, caller(*_LEADS)]
"""The responsible lead of the city or county."""
Inspector = Annotated[Caller, caller(*_INSPECTORS)]
"""An inspector; the service requires membership of the team."""
LeadOrInspector = Annotated[Caller, caller(*_LEADS, *_INSPECTORS)]
ObjectContact = Annotated[Caller, caller(Role.OBJECT_CONTACT)]
Signatory = Annotated[Caller, caller(*_INSPECTORS, Role.EXPERT, Role.OBJECT_CONTACT)]

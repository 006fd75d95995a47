"""Who may call the routes of the registry."""

from typing import Annotated

from shared.security.auth import Caller, caller
from shared.vocabulary import Role

_READERS = (
    Role.PROV_ADMIN,
    Role.PROV_ENFORCEMENT,
    Role.PROV_SUPERVISOR,
    Role.CITY_LEAD,
    Role.CITY_INSPECTOR,
    Role.COUNTY_LEAD,
    Role.COUNTY_INSPECTOR,
    Role.ENFORCEMENT_OFFICER,
    Role.LEGAL_REVIEWER,
    Role.REPORTER_CLERK,
    Role.AUDITOR,
)
Anyone = Annotated[Caller, caller(*Role)]
"""Every account: the reference data are needed by all."""
Reader = Annotated[Caller, caller(*_READERS)]
CertificateReader = Annotated[Caller, caller(*_READERS, Role.CERT_BODY_CONTACT)]
Administrator = Annotated[Caller, caller(Role.PROV_ADMIN)]
ImportReader = Annotated[Caller, caller(Role.PROV_ADMIN, Role.PROV_SUPERVISOR, Role.AUDITOR)]
Recorder = Annotated[Caller, caller(Role.PROV_ADMIN, Role.CITY_LEAD, Role.COUNTY_LEAD)]
Reporter = Annotated[Caller, caller(Role.PROV_ADMIN, Role.CERT_BODY_CONTACT)]

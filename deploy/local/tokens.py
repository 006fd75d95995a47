"""Development tokens: a signing key of this machine's own and the JWKS file that lets the services trust it.

The key's id starts with `development`; services whose CCC_ENVIRONMENT is production refuse such a key.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import ECKey

from deploy.cli.credentials import MARGIN, Person
from deploy.local.home import Home
from deploy.local.secrets import write_private
from shared.core.clock import SystemClock
from shared.core.ids import new_id
from shared.core.province import province
from shared.vocabulary.organisation import OrgLevel, Role

ALGORITHM = "ES256"
ISSUER = "ccc-development"
AUDIENCE = "ccc"
EXTERNAL_ROLES = {Role.OBJECT_CONTACT, Role.CERT_BODY_CONTACT, Role.POLICE_LIAISON}
SUPPORT_ROLES = {Role.EXPERT, Role.METROLOGY_COORDINATOR}
"""The comprehensive experimental zone: six digits like a county, but a prefecture-level unit of its own."""


def signing_key(home: Home, prefix: str = "development") -> ECKey:
    """The signing key of this runtime, made on the first call together with its JWKS file; its id begins with `prefix`."""
    if not (home.signing_key.exists() and home.jwks.exists()):
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, private=True)
        numbered = ECKey.import_key(key.as_dict(private=True) | {"kid": f"{prefix}-{key.thumbprint()[:16]}"})
        write_private(home.signing_key, json.dumps(numbered.as_dict(private=True)))
        write_private(home.jwks, json.dumps({"keys": [numbered.as_dict(private=False)]}))
    return ECKey.import_key(json.loads(home.signing_key.read_text()))


def issue(home: Home, person: Person, *, token_id: UUID, now: datetime, lifetime: timedelta) -> str:
    """A token for `person`, valid from `now` for `lifetime`.

    Tokens are checked against the machine's clock, never the test clock: moving the test clock ends no session.
    """
    key, org = signing_key(home), person.org or province().code
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": person.subject,
        "name": person.name,
        "role": person.role.value,
        "org": org,
        "org_level": org_level(person.role, org).value,
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
        "jti": str(token_id),
    }
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid, "typ": "JWT"}, claims, key)


@dataclass
class DevelopmentTokens:
    """Credentials for the embedded runtime: a token for anybody, kept until shortly before its end."""

    home: Home
    lifetime: timedelta
    _issued: dict[Person, tuple[str, datetime]] = field(default_factory=dict)

    async def token(self, person: Person) -> str:
        """The token of the last request for `person`, or a new one."""
        now = SystemClock().now()
        text, usable_until = self._issued.get(person, ("", now))
        if now >= usable_until:
            text = issue(self.home, person, token_id=new_id(), now=now, lifetime=self.lifetime)
            self._issued[person] = text, now + self.lifetime - MARGIN
        return text


def org_level(role: Role, org: str) -> OrgLevel:
    """The level of a unit, read from its code and from what the person is."""
    if role in EXTERNAL_ROLES:
        return OrgLevel.EXTERNAL
    if role in SUPPORT_ROLES:
        return OrgLevel.SUPPORT
    return province().level(org)

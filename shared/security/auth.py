"""Who calls, in which role, and how far the caller's jurisdiction reaches.

Tokens are bearer JWTs of the unified identity provider, checked against its JWKS. Every route names its callers with `caller()`
or declares itself open with `anyone`; a test over the whole tree fails for a route that does neither.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import ColumnElement, SQLColumnExpression, false, true

from shared.core.errors import Forbidden, NotFound, Unauthenticated
from shared.core.province import province
from shared.settings import Settings
from shared.vocabulary import OrgLevel, Role

ALGORITHMS = ["ES256", "RS256", "PS256"]
DEVELOPMENT_KEY = "development"
"""Key ids that begin with this word are rejected in production."""
_MAX_TOKEN = 8192
_MAX_CACHED = 4096
_KEYS_HOLD_SECONDS = 300


@dataclass(frozen=True)
class Caller:
    """An authenticated caller. `org` is a division code such as 35, 3501, 350128 or 350102."""

    subject: str
    role: Role
    org: str
    org_level: OrgLevel
    name: str = ""

    def reaches(self, city: str | None, county: str | None) -> bool:
        """Whether an object of this city and county lies within the caller's jurisdiction."""
        match self.org_level:
            case OrgLevel.PROVINCIAL:
                return True
            case OrgLevel.PREFECTURE:
                return city is not None and self.org == city
            case OrgLevel.COUNTY:
                return county is not None and self.org == county
            case _:
                return False

    def within(self, city: SQLColumnExpression[Any], county: SQLColumnExpression[Any] | None = None) -> ColumnElement[bool]:
        """The same as a condition of a query: rows outside the jurisdiction do not exist for the caller."""
        match self.org_level:
            case OrgLevel.PROVINCIAL:
                return true()
            case OrgLevel.PREFECTURE:
                return city == self.org
            case OrgLevel.COUNTY if county is not None:
                return county == self.org
            case _:
                return false()

    def require(self, city: str | None, county: str | None) -> None:
        """Reject access as if the object did not exist.

        Raises:
            NotFound: the jurisdiction does not reach it.
        """
        if not self.reaches(city, county):
            raise NotFound

    def require_city(self, city: str | None) -> None:
        """Reject a filter by a city outside the jurisdiction; a county may name the city that it belongs to.

        Raises:
            NotFound: the city is another's.
        """
        own = {OrgLevel.PREFECTURE: self.org, OrgLevel.COUNTY: self.org[:4]}
        if city is not None and own.get(self.org_level, city) != city:
            raise NotFound


SYSTEM = Caller("system", Role.SYSADMIN, province().code, OrgLevel.PROVINCIAL, "系统")
"""The platform itself, for what an event handler or a scheduler does."""


class TokenReader:
    """Turns bearer tokens into callers; keeps the key set and the tokens it has checked."""

    def __init__(self, settings: Settings, load: Callable[[], KeySet]) -> None:
        """Check tokens of `settings.token_issuer` with the keys that `load` brings."""
        self._settings = settings
        self._load = load
        self._keys: KeySet | None = None
        self._loaded_at = 0.0
        self._cache: dict[str, tuple[float, Caller]] = {}
        self._claims = jwt.JWTClaimsRegistry(
            leeway=5,
            iss={"essential": True, "value": settings.token_issuer},
            aud={"essential": True, "value": settings.token_audience},
            exp={"essential": True},
            sub={"essential": True},
            role={"essential": True},
            org={"essential": True},
            org_level={"essential": True},
        )

    def read(self, token: str) -> Caller:
        """The caller of a token.

        Raises:
            Unauthenticated: it is malformed, unsigned, foreign, expired or names an unknown role.
        """
        cached = self._cache.get(token)
        if cached is not None and cached[0] > time.time():
            return cached[1]
        claims = self._verified(token)
        try:
            role, level = Role(claims["role"]), OrgLevel(claims["org_level"])
            identity = Caller(str(claims["sub"]), role, str(claims["org"]), level, str(claims.get("name", "")))
        except ValueError as error:
            raise Unauthenticated from error
        if len(self._cache) >= _MAX_CACHED:
            self._cache.clear()
        self._cache[token] = (min(float(claims["exp"]), time.time() + 60), identity)
        return identity

    def _verified(self, token: str) -> dict[str, Any]:
        if len(token) > _MAX_TOKEN:
            raise Unauthenticated
        try:
            decoded = jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)
            self._claims.validate(decoded.claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise Unauthenticated from error
        key_id = str(decoded.header.get("kid", ""))
        if self._settings.environment == "production" and key_id.startswith(DEVELOPMENT_KEY):
            raise Unauthenticated
        return decoded.claims

    def _key_set(self) -> KeySet:
        if self._keys is None or time.monotonic() - self._loaded_at > _KEYS_HOLD_SECONDS:
            self._keys, self._loaded_at = self._load(), time.monotonic()
        return self._keys


def identify(request: Request) -> Caller:
    """The caller of this request, whatever its role; read once a request.

    Raises:
        Unauthenticated: there is no valid bearer token.
    """
    identified: Caller | None = getattr(request.state, "caller", None)
    if identified is not None:
        return identified
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    reader: TokenReader = request.app.state.tokens
    identity = reader.read(token.strip())
    request.state.caller = identity
    return identity


class RoleGuard(SecurityBase):
    """The dependency behind `caller()`; keeps its roles where the API description and the guards can read them."""

    model = HTTPBearer(description="JWT of the unified identity provider (统一身份认证令牌)")
    scheme_name = "HTTPBearer"

    def __init__(self, roles: Iterable[Role]) -> None:
        """Admit these roles and no others."""
        self.roles = frozenset(roles)

    async def __call__(self, request: Request) -> Caller:
        """The caller.

        Raises:
            Unauthenticated: there is no valid token.
            Forbidden: the role is not among those admitted.
        """
        identity = identify(request)
        if identity.role not in self.roles:
            raise Forbidden
        return identity


def caller(*roles: Role) -> Any:
    """Make the dependency of a route whose callers have one of `roles`; its value is the `Caller`."""
    return Depends(RoleGuard(roles))


async def anyone() -> None:
    """The dependency of a route that is open to the public without a token."""

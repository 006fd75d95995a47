"""Bearer tokens for the services: one that is given, or one that the identity provider issues to a client of its own."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from deploy.cli.errors import NetworkError, TokenRefused
from shared.vocabulary import Role
from shared.web.http_client import Response, TransportError, open_client

MARGIN = timedelta(seconds=30)
"""So long before its end a token is no longer used: a request that is under way must not outlive it."""
_LIFETIME_UNSTATED = timedelta(minutes=1)
_SECONDS = 10.0


@dataclass(frozen=True)
class Person:
    """Whom a token speaks for; `org` None is the province of the installation."""

    subject: str
    role: Role
    org: str | None
    name: str


class Credentials(Protocol):
    """Where tokens come from."""

    async def token(self, person: Person) -> str:
        """A bearer token. Only the embedded runtime can speak for any `person`; elsewhere the token says who it is.

        Raises:
            CommandError: there is none.
        """


@dataclass(frozen=True)
class StaticToken:
    """One token, for as long as it is valid."""

    text: str

    async def token(self, person: Person) -> str:  # noqa: ARG002  (it says itself whom it speaks for)
        """That token."""
        return self.text


@dataclass
class ClientCredentials:
    """OAuth 2.0 client credentials (RFC 6749 §4.4): the client's id and secret for a token, which is kept while it is valid."""

    token_url: str
    client_id: str
    secret: str = field(repr=False)
    now: Callable[[], datetime]
    scope: str | None = None
    ca_file: Path | None = None
    _token: str = field(default="", repr=False)
    _usable_until: datetime | None = None

    async def token(self, person: Person) -> str:  # noqa: ARG002  (the identity provider knows whom the client speaks for)
        """The token of the last request, or a new one shortly before that one ends.

        Raises:
            TokenRefused: the identity provider refuses this client.
            NetworkError: it does not answer.
        """
        if self._usable_until is None or self.now() >= self._usable_until:
            asked_at = self.now()
            issued = _issued(await self._ask(), self.client_id)
            seconds = issued.get("expires_in")
            lifetime = _LIFETIME_UNSTATED if seconds is None else timedelta(seconds=float(seconds))
            self._token, self._usable_until = str(issued["access_token"]), asked_at + lifetime - MARGIN
        return self._token

    async def _ask(self) -> Response:
        pair = f"{quote(self.client_id, safe='')}:{quote(self.secret, safe='')}"
        headers = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}", "Accept": "application/json"}
        form = {"grant_type": "client_credentials"} | ({"scope": self.scope} if self.scope else {})
        client = open_client("", seconds=_SECONDS, ca_file=self.ca_file)
        try:
            return await client.post(self.token_url, data=form, headers=headers)
        except TransportError as error:
            raise NetworkError(f"the identity provider does not answer at {self.token_url}: {error}") from error
        finally:
            await client.aclose()


def _issued(answer: Response, client_id: str) -> dict[str, Any]:
    """The token endpoint's answer (RFC 6749 §5)."""
    document = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    if answer.status_code == HTTPStatus.OK and "access_token" in document:
        return dict(document)
    reasons = [str(document[name]) for name in ("error", "error_description") if name in document]
    raise TokenRefused(f"the identity provider gives {client_id} no token: {': '.join(reasons) or f'HTTP {answer.status_code}'}")

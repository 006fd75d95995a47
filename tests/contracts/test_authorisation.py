"""Who may call what: every operation of the five OpenAPI documents, asked by every role and with every kind of bad token."""

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from joserfc.jwk import ECKey

from shared.core.services import SERVICES
from shared.testing.world import Issuer, ServiceClient, World
from shared.vocabulary import Role
from tests.conftest import ISSUER

NEED_MORE_THAN_A_DATABASE = {"get_lag", "startupz", "readyz"}
BAD_TOKENS = ("none", "expired", "foreign")
REFUSED = {401, 403}
AT_MOST = {
    Role.SYSADMIN: r"/v1/operations/(dead-letters|lag|reconciliation|replays)",
    Role.AUDIT_ADMIN: r"/v1/operations/audit",
    Role.SECURITY_ADMIN: r"$.",
    Role.OBJECT_CONTACT: (
        r"/v1/(inspections/[^/]+/(confirmation-sheet|signatures)|notices|rectifications"
        r"|penalty-notices|cases/[^/]+/(statement|hearing)$|assignments/[^/]+/recusals|draws/[^/]+/membership)"
    ),
    Role.CERT_BODY_CONTACT: r"/v1/certificates",
    Role.POLICE_LIAISON: r"/v1/criminal-transfers",
    Role.EXPERT: r"/v1/(inspections|alerts|evidence|findings|notices|rectifications|assignments|expert-|[a-z-]*replacements)",
    Role.METROLOGY_COORDINATOR: r"/v1/(campaigns|assignments|experts|expert-requests|conflicts|[a-z-]*replacements)",
}
"""What a role of narrow rights may reach at most, besides what every account may read."""


@dataclass(frozen=True)
class Operation:
    """One operation as its OpenAPI document describes it."""

    name: str
    method: str
    path: str
    callers: frozenset[str]

    @property
    def address(self) -> str:
        """The path with an id in each place; no object has it."""
        return re.sub(r"\{\w+\}", "0190a5a4-0000-7000-8000-000000000000", self.path)


@dataclass(frozen=True)
class Cell:
    """What one caller got; `let_in` is what the document promises, whatever the caller then finds inside."""

    operation: Operation
    who: str
    let_in: bool
    status: int

    @property
    def holds(self) -> bool:
        """Whether the answer is the one that the document promises."""
        if self.let_in:
            return self.status not in REFUSED and (self.status < 500 or self.operation.name in NEED_MORE_THAN_A_DATABASE)
        return self.status == (401 if self.who in BAD_TOKENS else 403)


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            yield Operation(described["operationId"], method.upper(), path, frozenset(described["x-callers"]))


@pytest.fixture
def services(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return (request.getfixturevalue("service"),)


@pytest.fixture
def bad_tokens(issuer: Issuer) -> dict[str, dict[str, str]]:
    """Headers of a caller without a token, with one that has expired, and with one that somebody else signed."""
    stranger = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256", "kid": "development-test"}, private=True)
    expired = issuer.token(Role.PROV_ADMIN, "35", "late", exp=int(time.time()) - 60)
    foreign = Issuer(stranger, ISSUER, "ccc").token(Role.PROV_ADMIN, "35", "stranger")
    return dict(zip(BAD_TOKENS, ({}, *({"Authorization": f"Bearer {token}"} for token in (expired, foreign))), strict=True))


@pytest.mark.parametrize("service", SERVICES)
async def test_an_operation_answers_its_callers_and_refuses_every_other_role_and_token(
    service: str, world: World, bad_tokens: dict[str, dict[str, str]]
) -> None:
    client: ServiceClient = getattr(world, service)
    rows = [await _row(client, operation, bad_tokens) for operation in operations(client.app.openapi())]
    assert len(rows) > 30
    assert [cell for row in rows for cell in row if not cell.holds] == []


async def _row(client: ServiceClient, operation: Operation, bad_tokens: dict[str, dict[str, str]]) -> list[Cell]:
    """One operation, asked by everybody, as many at once as the service keeps connections."""
    few = asyncio.Semaphore(3)

    async def asked(who: str, expected: bool, **how: Any) -> Cell:
        async with few:
            answer = await client.call(operation.method, operation.address, **how)
        return Cell(operation, who, expected, answer.status_code)

    tokens = [asked(kind, not operation.callers, headers=headers) for kind, headers in bad_tokens.items()]
    roles = [asked(role, not operation.callers or role in operation.callers, as_=role) for role in Role]
    return await asyncio.gather(*tokens, *roles)


@pytest.mark.parametrize("role", AT_MOST)
def test_a_role_of_narrow_rights_is_named_by_no_other_operation(role: Role, issuer: Issuer) -> None:
    from tests.contracts.documents import documents  # noqa: PLC0415  (the settings come first)

    assert issuer
    described = [one for path, document in documents().items() if path.parent.name == "openapi" for one in operations(document)]
    assert len(described) > 200
    named = [one for one in described if role in one.callers and one.callers != frozenset(Role)]
    assert [one.path for one in named if not re.match(AT_MOST[role], one.path)] == []

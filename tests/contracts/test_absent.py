"""What does not exist is refused by a code of its own, in each service."""

import pytest

from shared.testing.world import World
from shared.vocabulary import Role

NO_ID = "0190a5a4-0000-7000-8000-000000000000"
READS = [
    ("registry", "/v1/catalogue/9999", Role.AUDITOR, "catalogue-item-not-found"),
    ("registry", "/v1/certification-bodies/ZZ", Role.AUDITOR, "certification-body-not-found"),
    ("registry", "/v1/divisions/999999", Role.AUDITOR, "division-not-found"),
    ("sampling", f"/v1/draws/{NO_ID}", Role.PROV_ADMIN, "draw-not-found"),
    ("cases", f"/v1/copies/{NO_ID}", Role.PROV_ADMIN, "copy-not-found"),
    ("cases", f"/v1/letters/{NO_ID}", Role.PROV_ADMIN, "letter-not-found"),
    ("cases", f"/v1/qualification-matters/{NO_ID}", Role.PROV_ADMIN, "qualification-matter-not-found"),
    ("reporting", f"/v1/summaries/{NO_ID}", Role.PROV_ADMIN, "summary-not-found"),
]


@pytest.mark.parametrize(("service", "path", "role", "code"), READS)
async def test_what_does_not_exist_is_refused_by_its_own_code(
    world: World, service: str, path: str, role: Role, code: str
) -> None:
    answer = await getattr(world, service).get(path, as_=role)
    assert (answer.status_code, answer.json()["code"]) == (404, code)


@pytest.fixture
def services(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return (request.node.callspec.params["service"],)

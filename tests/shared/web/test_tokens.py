"""Who is let in: a token of the identity provider, signed, current, for us; and nobody else."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from joserfc.jws import JWSRegistry

from shared.testing.world import World
from shared.vocabulary import Role

AUDIT = "/v1/operations/audit"
GOOD = {
    "iss": "ccc-test",
    "aud": "ccc",
    "sub": "someone",
    "role": "auditor",
    "org": "35",
    "org_level": "provincial",
}


def _future() -> int:
    return int(time.time()) + 600


def _segment(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


async def _status(world: World, token: str) -> int:
    answer = await world.registry.get(AUDIT, headers={"Authorization": f"Bearer {token}"})
    if answer.status_code == 401:
        assert answer.json()["code"] == "unauthenticated"
        assert answer.headers["www-authenticate"] == "Bearer"
    return answer.status_code


def _sign(world: World) -> Callable[..., str]:
    key = world.registry._issuer._key

    def sign(**claims: Any) -> str:
        body = {name: value for name, value in (GOOD | {"exp": _future()} | claims).items() if value is not None}
        return jwt.encode({"alg": "ES256", "kid": key.kid}, body, key)

    return sign


async def test_a_good_token_is_let_in(world: World) -> None:
    assert await _status(world, _sign(world)()) == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": None},
        {"exp": 1_000_000_000},
        {"iss": "somebody-else"},
        {"aud": "another-system"},
        {"sub": None},
        {"role": "emperor"},
        {"org_level": "galactic"},
        {"org": None},
        {"nbf": 4_000_000_000},
    ],
)
async def test_a_token_with_wrong_claims_is_refused(world: World, claims: dict[str, Any]) -> None:
    assert await _status(world, _sign(world)(**claims)) == 401


async def test_an_unsigned_token_is_refused(world: World) -> None:
    body = _segment(GOOD | {"exp": _future()})
    for algorithm in ("none", "None", "NONE"):
        assert await _status(world, f"{_segment({'alg': algorithm, 'typ': 'JWT'})}.{body}.") == 401


async def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(world: World) -> None:
    public = json.dumps(world.registry._issuer._key.as_dict(private=False)).encode()
    forged = jwt.encode({"alg": "HS256"}, GOOD | {"exp": _future()}, OctKey.import_key(public))
    assert await _status(world, forged) == 401


async def test_a_token_that_brings_its_own_key_is_refused(world: World) -> None:
    mine = ECKey.generate_key("P-256", private=True)
    header = {"alg": "ES256", "kid": "development-test", "jwk": mine.as_dict(private=False), "jku": "http://127.0.0.1:1/jwks"}
    body, signer = GOOD | {"exp": _future()}, JWSRegistry(strict_check_header=False)
    assert await _status(world, jwt.encode(header, body, mine, registry=signer)) == 401


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "." * 100, "A" * 100_000])
async def test_what_is_no_token_is_refused(world: World, token: str) -> None:
    answer = await world.registry.get(AUDIT, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


async def test_another_role_is_refused_and_the_attempt_is_audited(world: World) -> None:
    assert (await world.registry.get(AUDIT, as_=Role.CITY_LEAD, org="3501", sub="curious")).status_code == 403
    rows = (await world.registry.get(AUDIT, as_=Role.AUDITOR, params={"subject": "curious"})).json()["items"]
    assert [(row["action"], row["object_id"]) for row in rows] == [("access.denied", AUDIT)]

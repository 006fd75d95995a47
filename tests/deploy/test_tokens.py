"""Development tokens are accepted where they should be and nowhere else."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from joserfc.jwk import KeySet

from deploy.cli.credentials import Person
from deploy.local import tokens
from deploy.local.home import Home
from shared.core.clock import SystemClock
from shared.core.errors import Unauthenticated
from shared.core.ids import new_id
from shared.security.auth import TokenReader
from shared.settings import Settings
from shared.vocabulary import OrgLevel, Role

KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


def reader(home: Home, environment: str) -> TokenReader:
    settings = Settings.model_validate(
        {
            "environment": environment,
            "database_url": "postgresql://nobody@/nothing",
            "kafka_bootstrap_servers": "nowhere:1",
            "jwks": str(home.jwks),
            "token_issuer": tokens.ISSUER,
            "cursor_key": KEY,
            "data_key": KEY,
        }
    )
    return TokenReader(settings, lambda: KeySet.import_key_set(json.loads(home.jwks.read_text())))


def issued(home: Home, role: Role = Role.CITY_LEAD, org: str = "3501", hours: float = 1) -> str:
    person = Person("lead-1", role, org, "林科长")
    return tokens.issue(home, person, token_id=new_id(), now=SystemClock().now(), lifetime=timedelta(hours=hours))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path)


def test_a_token_names_person_role_and_unit(home: Home) -> None:
    caller = reader(home, "development").read(issued(home))
    assert (caller.subject, caller.role, caller.org, caller.org_level, caller.name) == (
        "lead-1", Role.CITY_LEAD, "3501", OrgLevel.PREFECTURE, "林科长",
    )  # fmt: skip


def test_production_refuses_the_development_key(home: Home) -> None:
    with pytest.raises(Unauthenticated):
        reader(home, "production").read(issued(home))


def test_an_expired_token_is_refused(home: Home) -> None:
    with pytest.raises(Unauthenticated):
        reader(home, "development").read(issued(home, hours=-1))


def test_a_token_of_another_machine_is_refused(home: Home, tmp_path_factory: pytest.TempPathFactory) -> None:
    tokens.signing_key(home)
    other = Home.at(tmp_path_factory.mktemp("other"))
    with pytest.raises(Unauthenticated):
        reader(home, "development").read(issued(other))


def test_the_private_key_is_nobody_elses_to_read(home: Home) -> None:
    tokens.signing_key(home)
    assert home.signing_key.stat().st_mode & 0o077 == 0
    assert "d" not in json.loads(home.jwks.read_text())["keys"][0]


@pytest.mark.parametrize(
    ("role", "org", "level"),
    [
        (Role.PROV_ADMIN, "35", OrgLevel.PROVINCIAL),
        (Role.CITY_LEAD, "3509", OrgLevel.PREFECTURE),
        (Role.CITY_LEAD, "350128", OrgLevel.PREFECTURE),
        (Role.COUNTY_LEAD, "350102", OrgLevel.COUNTY),
        (Role.EXPERT, "35", OrgLevel.SUPPORT),
        (Role.OBJECT_CONTACT, "350102", OrgLevel.EXTERNAL),
    ],
)
def test_the_level_follows_from_role_and_unit(role: Role, org: str, level: OrgLevel) -> None:
    assert tokens.org_level(role, org) is level

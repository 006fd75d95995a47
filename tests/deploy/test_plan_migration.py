"""A database of the version before is brought to the one in which a campaign keeps its parameters, and back."""

import asyncio
import json
from typing import Any

import asyncpg
import pytest
from alembic import command
from sqlalchemy.engine import URL

from deploy import migrations
from services.sampling.rules import reference_data
from shared.core.ids import new_id
from shared.testing.world import Issuer
from tests.conftest import run_as_owner

BEFORE = {"sampling": "2c6de9b04f71", "reporting": "0ed94eff6e6e"}
OLD_PLAN = {"planned_sample": 100, "minimum_ratio": [1, 10], "priority_groups": [], "floor": 1, "multipliers": {"FAILED_2023": 2}}
CAMPAIGN = """
INSERT INTO campaign (id, code, document_no, title, issuer, window_from, window_to, interim_cutoff_on, final_from,
                      embargo_until, checklist_version, participating_cities, plan, team_size, state, created_by,
                      created_at, version)
VALUES ($1, 'C', 'D', 'T', '35', '2024-08-01', '2024-11-30', '2024-10-25', '2024-11-30', '2024-12-01', '2024-08-01', '[]', $2,
        2, 'published', 'x', now(), 1)
"""
ASSIGNMENT = {
    "sampling": """
INSERT INTO assignment (id, campaign_id, draw_id, task_no, uscc, certificate_no, city, county, stratum, basis, rank, position,
                        state, match_due_on, released_at)
VALUES ($1, $2, $2, 'T', 'U', 'N', '3501', '350102', '3501/FAILED_2023', $3, 1, 1, 'matched', '2024-08-09', now())
""",
    "reporting": "INSERT INTO assignment (assignment_id, campaign_id, basis) VALUES ($1, $2, $3)",
}


@pytest.fixture
def old(request: pytest.FixtureRequest, postgres: URL, issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> tuple[str, URL]:
    """A service's empty database in the version before; its name and its owner's address."""
    service = str(request.param)
    assert issuer
    url = postgres.set(drivername="postgresql", database=f"old_{service}")
    role = f"ccc_{service}"
    missing = f"NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
    make_role = f"DO $$ BEGIN IF {missing} THEN CREATE ROLE {role} LOGIN; END IF; END $$"
    asyncio.run(run_as_owner(postgres, make_role, f"DROP DATABASE IF EXISTS old_{service}", f"CREATE DATABASE old_{service}"))
    for name in ("CCC_DATABASE_URL", "CCC_DATABASE_OWNER_URL"):
        username = role if name == "CCC_DATABASE_URL" else url.username
        monkeypatch.setenv(name, url.set(username=username).render_as_string(hide_password=False))
    command.upgrade(migrations._config(service), BEFORE[service])
    return service, url


async def _statement(url: URL, text: str, *values: Any) -> list[Any]:
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        await connection.execute("SET session_replication_role = replica")  # the rows that these refer to do not matter here
        return list(await connection.fetch(text, *values))
    finally:
        await connection.close()


def rows(url: URL, text: str, *values: Any) -> list[Any]:
    return asyncio.run(_statement(url, text, *values))


@pytest.mark.parametrize("old", sorted(BEFORE), indirect=True)
def test_the_basis_of_a_selection_loses_its_year_and_gets_it_back(old: tuple[str, URL]) -> None:
    service, url = old
    for basis in ("targeted_2023_failed", "random"):
        rows(url, ASSIGNMENT[service], new_id(), new_id(), basis)
    query = "SELECT basis FROM assignment ORDER BY basis"
    command.upgrade(migrations._config(service), "head")
    migrations.check(service)
    assert [row["basis"] for row in rows(url, query)] == ["random", "targeted_failed_sampling"]
    command.downgrade(migrations._config(service), BEFORE[service])
    assert [row["basis"] for row in rows(url, query)] == ["random", "targeted_2023_failed"]


@pytest.mark.parametrize("old", ["sampling"], indirect=True)
def test_a_campaign_gets_the_parameters_it_has_gone_by_and_keeps_its_own(old: tuple[str, URL]) -> None:
    service, url = old
    rows(url, CAMPAIGN, new_id(), json.dumps(OLD_PLAN))
    command.upgrade(migrations._config(service), "head")
    (row,) = rows(url, "SELECT plan FROM campaign")
    plan = json.loads(row["plan"])
    assert OLD_PLAN.items() <= plan.items()
    held = next(one for one in reference_data._rulesets() if one.code == "campaign_2024_215")
    assert plan["ruleset"] == {"code": held.code, "version": held.version}
    added = plan.keys() - OLD_PLAN.keys() - {"ruleset"}
    assert {name: plan[name] for name in added} == {name: held.parameters[name] for name in added}
    assert len(added) == 6
    command.downgrade(migrations._config(service), BEFORE[service])
    (row,) = rows(url, "SELECT plan FROM campaign")
    assert json.loads(row["plan"]) == OLD_PLAN

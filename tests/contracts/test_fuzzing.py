"""Each service, running, under requests that its own OpenAPI document allows and forbids, as different callers."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.engine import URL

from shared.core.services import SERVICES
from shared.testing.world import Issuer
from shared.vocabulary import Role
from tests.conftest import run_as_owner

ORGS = {Role.OBJECT_CONTACT: "91350100MA00000155", Role.CERT_BODY_CONTACT: "01", Role.COUNTY_LEAD: "350102"}
ORGS |= {Role.COUNTY_INSPECTOR: "350102"} | dict.fromkeys(
    (
        Role.CITY_LEAD,
        Role.CITY_INSPECTOR,
        Role.ENFORCEMENT_OFFICER,
        Role.LEGAL_REVIEWER,
        Role.REPORTER_CLERK,
        Role.POLICE_LIAISON,
    ),
    "3501",
)
"""Whose rights end at a city, a county or an organisation; every other role acts for the province."""
LEFT_OUT = {
    "positive_data_acceptance": "what the schema allows the rules may refuse: a state, a term, another person",
    "negative_data_rejection": "an unknown query parameter is ignored, as RFC 9110 leaves open",
}
"""Checks that do not hold of such an API, each with its reason; all others are on."""
CONFIG = str(Path(__file__).with_name("schemathesis.toml"))
NEEDS_A_BROKER = "^/v1/operations/lag$"
"""Answers 503 here, as it should: the broker is kept away, so that what the fuzzer writes reaches nobody."""
SECONDS = os.environ.get("FUZZ_SECONDS", "3")


@pytest.mark.journey
@pytest.mark.parametrize("service", SERVICES)
def test_a_running_service_keeps_its_contract_whoever_calls(
    service: str, postgres: URL, issuer: Issuer, template: Callable[[str], str]
) -> None:
    database = f"fuzz_{service}"
    asyncio.run(run_as_owner(postgres, f"CREATE DATABASE {database} TEMPLATE {template(service)}"))
    with _server(service, postgres.set(drivername="postgresql", username=f"ccc_{service}", database=database)) as address:
        for role in _enough_roles(httpx.get(f"{address}/openapi.json").json()):
            token = issuer.token(role, ORGS.get(role, "35"), f"{role.value}-fuzz")
            command = [sys.executable, "-m", "schemathesis.cli", "--config-file", CONFIG, "run", f"{address}/openapi.json"]
            command += [
                "--checks",
                "all",
                "--exclude-checks",
                ",".join(LEFT_OUT),
                "--max-time",
                SECONDS,
                "--continue-on-failure",
                "--warnings",
                "off",
            ]
            command += ["--header", f"Authorization: Bearer {token}", "--exclude-path-regex", NEEDS_A_BROKER]
            command += ["--suppress-health-check", "all", "--seed", "2024"]
            found = subprocess.run(command, capture_output=True, text=True, check=False)
            assert found.returncode == 0, f"{service} as {role.value}:\n{found.stdout[-12000:]}\n{found.stderr[-2000:]}"
        assert httpx.get(f"{address}/livez").status_code == 200


def _enough_roles(document: dict[str, Any]) -> list[Role]:
    """The fewest roles that together may call every operation, those first that may call most of the rest."""
    admitted = [operation["x-callers"] for path in document["paths"].values() for operation in path.values()]
    left = [set(callers) for callers in admitted if callers]
    chosen = []
    while left:
        most = max(Role, key=lambda role: sum(role in callers for callers in left))
        chosen.append(most)
        left = [callers for callers in left if most not in callers]
    return chosen


@contextmanager
def _server(service: str, database: URL) -> Iterator[str]:
    """The service in a process of its own, on a database of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = os.environ | {"CCC_LOG_LEVEL": "ERROR", "CCC_DATABASE_URL": str(database)}
    command = [sys.executable, "-m", "uvicorn", f"services.{service}.main:app", "--port", str(port), "--log-level", "error"]
    process = subprocess.Popen(command, env=env)
    address = f"http://127.0.0.1:{port}"
    try:
        _await(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "the service ended at its start"
        try:
            if httpx.get(f"{address}/startupz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the service did not start within 30 seconds")

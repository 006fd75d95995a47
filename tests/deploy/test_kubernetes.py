"""The Kubernetes manifests: what the API server would accept, and the same installation that docker-compose.yml describes."""

from typing import Any

import kubernetes_validate
import pytest
import yaml

from deploy import ROOT, SERVICES

FOLDER = ROOT / "deploy" / "kubernetes"
ELSEWHERE = {"CCC_SECRETS_DIR", "CCC_JWKS", "CCC_KAFKA_BOOTSTRAP_SERVERS", "CCC_TOKEN_ISSUER", "CCC_KAFKA_REPLICATION_FACTOR"}
"""Settings whose value is another where three brokers and a folder of secrets of our own are there."""


def objects() -> list[dict[str, Any]]:
    found = [yaml.safe_load(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.yaml"))]
    return [one for document in found for one in (document["items"] if document["kind"] == "List" else [document])]


def named(kind: str) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in objects() if one["kind"] == kind}


def secrets_of(pod: dict[str, Any]) -> set[str]:
    (volume,) = (one["projected"] for one in pod["volumes"] if one["name"] == "secrets")
    return {source["secret"]["name"] for source in volume["sources"]}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    return document


@pytest.mark.parametrize("one", objects(), ids=lambda one: f"{one['kind']} {one['metadata']['name']}")
def test_the_api_server_would_take_it(one: dict[str, Any]) -> None:
    kubernetes_validate.validate(one, kubernetes_validate.latest_version(), strict=True)


def test_a_manifest_with_a_misspelt_field_would_not_be_taken() -> None:
    one = named("StatefulSet")["registry"]
    one["spec"]["template"]["spec"]["containers"][0]["imagePullPollicy"] = "Always"
    with pytest.raises(kubernetes_validate.ValidationError, match="imagePullPollicy"):
        kubernetes_validate.validate(one, kubernetes_validate.latest_version(), strict=True)


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_runs_without_rights_it_does_not_need(service: str) -> None:
    pod = named("StatefulSet")[service]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["args"][:2] == ["serve", service]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["runAsUser"] == 10001
    assert pod["automountServiceAccountToken"] is False
    assert container["resources"]["limits"].keys() == {"cpu", "memory"}
    assert pod["terminationGracePeriodSeconds"] > 45
    assert secrets_of(pod) == {"ccc-keys", f"ccc-{service}"}
    assert [container[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "readiness", "liveness")] == [
        "/startupz",
        "/readyz",
        "/livez",
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_found_under_its_name_and_is_never_ended_altogether(service: str) -> None:
    labels = named("StatefulSet")[service]["spec"]["template"]["metadata"]["labels"]
    assert named("Service")[service]["spec"]["selector"] == labels
    assert named("PodDisruptionBudget")[service]["spec"]["selector"]["matchLabels"] == labels


def test_the_settings_are_those_of_compose(compose: dict[str, Any]) -> None:
    theirs, ours = compose["x-settings"], named("ConfigMap")["ccc-settings"]["data"]
    assert theirs.keys() == ours.keys() - {"INSPECTION_EVIDENCE_URL"}
    for name in theirs.keys() - ELSEWHERE:
        default = theirs[name].removeprefix(f"${{{name}:-").removesuffix("}") if theirs[name].startswith("${") else theirs[name]
        assert ours[name] == default, name
    assert f":-{ours['INSPECTION_EVIDENCE_URL']}}}" in compose["services"]["inspection"]["environment"]["INSPECTION_EVIDENCE_URL"]


def test_the_owners_password_is_the_migrations_alone() -> None:
    (volume,) = (one for one in named("Job")["ccc-migrate"]["spec"]["template"]["spec"]["volumes"] if one["name"] == "secrets")
    assert volume["secret"]["secretName"] == "ccc-owner"
    assert all("ccc-owner" not in secrets_of(one["spec"]["template"]["spec"]) for one in named("StatefulSet").values())


def test_three_brokers_keep_three_copies() -> None:
    data = named("ConfigMap")["ccc-settings"]["data"]
    assert len(data["CCC_KAFKA_BOOTSTRAP_SERVERS"].split(",")) == int(data["CCC_KAFKA_REPLICATION_FACTOR"]) == 3

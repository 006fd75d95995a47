"""Every operation that takes or gives JSON shows an example of it, and every example fits its schema."""

import copy
from typing import Any

import pytest

from shared.testing.world import Issuer
from tests.contracts.examples import faults, wanted_of


@pytest.fixture(scope="module")
def documents(issuer: Issuer) -> dict[str, dict[str, Any]]:
    from tests.contracts.documents import documents as contracts  # noqa: PLC0415  (the settings come first)

    assert issuer
    return {path.stem: document for path, document in contracts().items() if path.parent.name == "openapi"}


def without_example(document: dict[str, Any]) -> list[str]:
    wanted = wanted_of(document)
    return [f"{name} {part}" for name, one in wanted.items() for part, shown in one.parts.items() if "example" not in shown]


def not_fitting(document: dict[str, Any]) -> list[str]:
    parts = [(name, one, part) for name, one in wanted_of(document).items() for part in one.parts]
    shown = [(name, one, part, one.parts[part]["example"]) for name, one, part in parts if "example" in one.parts[part]]
    return [f"{name} {part} {fault}" for name, one, part, value in shown for fault in faults(one, part, value)]


def test_every_body_and_every_answer_in_json_has_an_example(documents: dict[str, dict[str, Any]]) -> None:
    assert sum(len(one.parts) for document in documents.values() for one in wanted_of(document).values()) > 300
    assert {name: missing for name, document in documents.items() if (missing := without_example(document))} == {}


def test_every_example_fits_its_schema(documents: dict[str, dict[str, Any]]) -> None:
    assert {name: wrong for name, document in documents.items() if (wrong := not_fitting(document))} == {}


def test_a_missing_example_and_one_that_does_not_fit_are_named(documents: dict[str, dict[str, Any]]) -> None:
    document = copy.deepcopy(documents["registry"])
    content = document["paths"]["/v1/operations/replays"]["post"]["requestBody"]["content"]["application/json"]
    content["example"] = {"aggregate": 7}
    assert [fault.split(":")[0] for fault in not_fitting(document)] == ["replay_events request $.aggregate"]
    del content["example"]
    assert without_example(document) == ["replay_events request"]

"""The data files of the five services agree with each other and with the shared vocabulary."""

import json
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from shared import vocabulary
from shared.core.province import PROVINCES, named

SERVICES = Path(__file__).parents[2] / "services"
FILES = sorted((*SERVICES.glob("*/data/*.json"), *PROVINCES.glob("*.json")))
CLOSED_SETS: dict[str, type[StrEnum]] = {
    "focus_point": vocabulary.FocusPoint,
    "respondent_type": vocabulary.RespondentType,
    "priority_group": vocabulary.PriorityGroup,
    "event": vocabulary.StatusEvent,
}


def document(service: str, name: str) -> dict[str, Any]:
    if name in ("divisions", "regulators"):
        return dict(getattr(named("35"), name))
    content: dict[str, Any] = json.loads((SERVICES / service / "data" / f"{name}.json").read_text("utf-8"))
    return content


def items(service: str, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document(service, name)["items"]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_a_data_file_says_what_it_is_since_when_and_from_where(path: Path) -> None:
    content = json.loads(path.read_text("utf-8"))
    assert all(content[key] for key in ("title_zh", "title_en", "version", "source"))
    assert content["items"] if "items" in content else content["divisions"]["items"]
    assert date.fromisoformat(content["valid_from"])
    assert content["mark"] in set("NFKUD")


def test_every_violation_a_checklist_item_can_yield_has_a_sanction_entry() -> None:
    known = {item["code"] for item in items("cases", "violations")}
    possible = {code for item in items("inspection", "checklist") for code in item["violations"]}
    assert possible
    assert possible <= known


def test_the_checklist_runs_from_c01_to_c22() -> None:
    assert [item["code"] for item in items("inspection", "checklist")] == [f"C{n:02d}" for n in range(1, 23)]


def test_every_citation_names_a_text_in_the_version_held() -> None:
    texts = {(law["law_id"], law["version"]) for law in items("cases", "laws")} | {("N", "2024-215")}
    cited = {pair for path in FILES for pair in _citations(json.loads(path.read_text("utf-8")))}
    assert len(cited) > len(texts) // 2
    assert cited <= texts


def test_amounts_are_whole_fen_and_multiples_whole_fractions() -> None:
    frames = [frame for item in items("cases", "violations") for frame in _frames(item["fine"])]
    assert {frame["kind"] for frame in frames} == {"fixed", "range", "multiple_of_value"}
    for frame in frames:
        assert all(type(frame[key]) is int for key in ("min_fen", "max_fen", "amount_fen") if key in frame)
        assert all(type(part) is int for key in ("min", "max") for part in frame.get(key, ()))


@pytest.mark.parametrize(
    ("service", "name", "known"),
    [
        ("registry", "status_machine", vocabulary.CertificateStatus),
        ("cases", "case_states", vocabulary.CaseStatus),
        ("cases", "criminal_states", vocabulary.TransferStatus),
    ],
)
def test_a_state_machine_knows_every_state_and_no_other(service: str, name: str, known: type[StrEnum]) -> None:
    steps = items(service, name)
    reached = {step["to"] for step in steps}
    assert reached == set(known)
    assert {state for step in steps for state in step["from"]} <= reached


def test_words_in_the_data_are_words_of_the_vocabulary() -> None:
    checked = 0
    for item in (*items("inspection", "checklist"), *items("cases", "violations"), *items("registry", "catalogue")):
        for key in CLOSED_SETS.keys() & item.keys():
            assert item[key] is None or item[key] in set(CLOSED_SETS[key]), item
            checked += 1
    assert checked > len(items("registry", "catalogue"))
    assert {i["code"] for i in items("sampling", "recusal_reasons")} == set(vocabulary.RecusalReason)
    assert {i["code"] for i in items("sampling", "replacement_reasons")} == set(vocabulary.ReplacementReason)
    assert {i["code"] for i in items("inspection", "results")} == set(vocabulary.InspectionResult)
    assert {i["code"] for i in items("inspection", "evidence_kinds")} == set(vocabulary.EvidenceKind)


def test_fujian_has_84_counties_in_force_and_every_retired_one_has_a_successor() -> None:
    divisions = {item["code"]: item for item in items("registry", "divisions")}
    counties = [item for item in divisions.values() if item["level"] == "county"]
    assert sum(item["valid_to"] is None for item in counties) == 84
    retired = [item for item in counties if item["valid_to"]]
    assert len(retired) == 8
    assert all(divisions[item["successor"]]["valid_to"] is None for item in retired)
    assert all(item["parent"] in divisions for item in divisions.values() if item["parent"])


def test_every_county_in_force_but_kinmen_has_a_bureau() -> None:
    counties = {i["code"] for i in items("registry", "divisions") if i["level"] == "county" and not i["valid_to"]}
    bureaus = {item["code"] for item in items("registry", "regulators") if not item["valid_to"]}
    assert counties - bureaus == {"350527"}


def _citations(value: Any) -> set[tuple[str, str]]:
    if isinstance(value, list):
        return set().union(*map(_citations, value))
    if not isinstance(value, dict):
        return set()
    own = {(value["law_id"], value["version"])} if {"law_id", "version", "article"} <= value.keys() else set()
    return own.union(*map(_citations, value.values()))


def _frames(fine: dict[str, Any] | None) -> list[dict[str, Any]]:
    if fine is None:
        return []
    tiers: list[dict[str, Any]] = fine.get("tiers", [fine])
    return tiers

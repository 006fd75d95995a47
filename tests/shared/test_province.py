"""The province of an installation is data: the same rules hold for another one, which needs a file and no code."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from services.cases.rules import competence, hearing
from services.cases.rules.competence import Place
from services.inspection.rules.reference_data import bureau_name
from services.registry.rules.reference_data import Division, divisions, document
from services.reporting.rules.reference_data import agency, city, region
from services.sampling.rules import reference_data, sampling_frames
from services.sampling.rules.sampling_frames import Candidate, HeldCertificate, Scope
from shared.core import province as provinces
from shared.core.province import PROVINCES, Province, named, province, read
from shared.deadline_records.subject import superior
from shared.events.value_objects import Penalty
from shared.testing.world import level_of
from shared.vocabulary import CertificateStatus, OrgLevel, PenaltyKind, RespondentType, Role

KNOWN = sorted(path.stem for path in PROVINCES.glob("*.json"))
SPECIAL = {"35": "350128", "44": "440606"}
CITY = {"35": ("3501", "350102"), "44": ("4403", "440305")}
Serve = Callable[[str], Province]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """An installation of another province, as its environment says it."""

    def serving(code: str) -> Province:
        monkeypatch.setenv("CCC_PROVINCE", code)
        for cached in (province, divisions, document):
            cached.cache_clear()
        return province()

    yield serving
    monkeypatch.undo()
    for cached in (province, divisions, document):
        cached.cache_clear()


def test_there_are_two_provinces_and_the_first_is_the_default() -> None:
    assert KNOWN == ["35", "44"]
    assert province().code == "35"


@pytest.mark.parametrize("code", KNOWN)
def test_every_bureau_in_force_answers_to_one_above_it(code: str) -> None:
    held = named(code)
    for item in held.regulators["items"]:
        if item["kind"] == "bureau" and item["level"] != "national" and not item["valid_to"]:
            above = held.superior(item["code"])
            assert (above is None) == (item["code"] == code)
            assert above is None or held.regulator(above)
            assert held.level(item["code"]) == OrgLevel(item["level"])
            assert re.fullmatch(held.org_pattern, item["code"])


@pytest.mark.parametrize("code", KNOWN)
def test_every_county_belongs_to_a_city_that_acts_there(code: str) -> None:
    held = named(code)
    counties = [item for item in held.divisions["items"] if item["level"] == "county" and not item["valid_to"]]
    assert len(counties) > 80
    assert {item["city"] for item in counties} == set(held.cities)
    assert {held.city_of(item["code"]) for item in counties} == set(held.cities)
    assert held.special_units == (SPECIAL[code],)
    assert all(re.fullmatch(held.city_pattern, one) for one in held.cities)
    assert not re.fullmatch(held.city_pattern, "9901")


@pytest.mark.parametrize("code", KNOWN)
def test_a_bureau_reaches_those_below_it_and_a_special_unit_lies_below_the_province_alone(serve: Serve, code: str) -> None:
    serve(code)
    (above, county), special = CITY[code], SPECIAL[code]
    assert competence.reaches(code, special)
    assert competence.reaches(above, county)
    assert not competence.reaches(special[:4], special)
    assert competence.place(special, county) == Place(special, special)
    assert (superior(special), superior(county), superior(code)) == (code, above, None)
    assert level_of(Role.CITY_LEAD, special) is OrgLevel.PREFECTURE


@pytest.mark.parametrize("code", KNOWN)
def test_names_and_divisions_are_those_of_the_installation(serve: Serve, code: str) -> None:
    held = serve(code)
    (above, county), special = CITY[code], SPECIAL[code]
    assert isinstance(divisions()[county], Division)
    assert region(above) == held.division(above)["name_zh"]
    assert bureau_name(above) == agency(above) == f"{region(above)}市场监督管理局"
    assert city(special) == held.division(special)["area_zh"]
    assert {item["code"] for item in document("regulators")["items"]} >= set(held.cities)


@pytest.mark.parametrize("code", KNOWN)
def test_the_frame_of_a_province_has_its_own_cities_and_its_own_stratum_of_failures(serve: Serve, code: str) -> None:
    serve(code)
    rules = reference_data.ruleset(code, date(2025, 8, 1)).parameters
    taking_part = [one for one, takes_part in rules["participates"].items() if takes_part]
    assert {*taking_part, SPECIAL[code]} == set(province().cities)
    scope = Scope(taking_part, [], ["valid"], [], 12, rules["failed_sampling"]["stratum"])
    held = HeldCertificate("1", CertificateStatus.VALID, date(2024, 1, 1), date(2027, 1, 1), None)
    one = Candidate("U", CITY[code][0], in_business=True, failed=True, inspected_on=None, certificates=(held,))
    (unit,), _ = sampling_frames.split([one], scope, date(2025, 8, 5))
    assert unit.stratum == f"{CITY[code][0]}/FAILED_2024"


@pytest.mark.parametrize("code", KNOWN)
def test_a_province_without_thresholds_of_its_own_goes_by_the_national_ones(serve: Serve, code: str) -> None:
    serve(code)
    for fine, due in ((9_999_999, False), (10_000_000, True)):
        assert hearing.due([Penalty(kind=PenaltyKind.FINE, amount_fen=fine)], RespondentType.OBJECT) is due


def test_a_file_whose_code_is_no_provinces_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"code": "3", "divisions": {}, "regulators": {}}')
    monkeypatch.setenv("CCC_PROVINCE_FILE", str(wrong))
    with pytest.raises(ValueError, match="no code of a province"):
        read(provinces.ProvinceSettings().file)

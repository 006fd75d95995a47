"""What may be held against whom, and what can only be advice."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.inspection.rules.findings import Obligation, is_obligated
from services.registry.rules import catalogue as registry
from services.registry.rules.reference_data import catalogue
from shared.testing.world import World
from tests.inspection import facts
from tests.inspection.visit import Visit, ok, refused

UNCERTIFIED = {"checklist_code": "C01", "violation_type": "UNCERTIFIED_SUPPLY", "product_category_code": "1117"}
WHILE_INVALID = {"checklist_code": "C11", "violation_type": "SUPPLY_WHILE_INVALID"}
ADVICE = {"severity": "advice", "measures": ["guidance"], "requirement": None}


async def test_an_uncertified_helmet_before_its_mandatory_date_is_advice_and_a_forged_mark_a_violation(world: World) -> None:
    await world.publish(facts.helmets(), facts.cables())
    visit = await Visit.begun(world)
    problem = refused(await visit.find(UNCERTIFIED), "not-yet-mandatory")
    assert problem["mandatory_from"] == "2025-07-01"
    advice = ok(await visit.find(UNCERTIFIED | ADVICE))
    assert (advice["severity"], advice["violation_type"], advice["rectify_days"]) == ("advice", None, None)
    forged = {"checklist_code": "C08", "violation_type": "FORGED_OR_FALSE_USE", "product_category_code": "1117"}
    assert ok(await visit.find(forged))["violation_type"] == "FORGED_OR_FALSE_USE"
    cable = ok(await visit.find(UNCERTIFIED | {"product_category_code": "0101"}))
    assert cable["violation_type"] == "UNCERTIFIED_SUPPLY"


async def test_what_the_catalogue_did_not_hold_on_the_day_is_no_uncertified_supply(world: World) -> None:
    await world.publish(facts.cables().model_copy(update={"valid_to": date(2024, 9, 17)}))
    visit = await Visit.begun(world)
    untold = await visit.find(UNCERTIFIED | {"product_category_code": "9999"})
    assert refused(untold, "not-in-catalogue")["errors"][0]["pointer"] == "/product_category_code"
    refused(await visit.find(UNCERTIFIED | {"product_category_code": "0101"}), "not-in-catalogue")
    ok(await visit.find(UNCERTIFIED | {"product_category_code": "0101", "act_on": "2024-09-17"}))


def test_registry_and_inspection_decide_an_obligation_alike() -> None:
    compared = 0
    for code, item in catalogue().items():
        known = Obligation(item.mandatory_from, item.validity.valid_to, item.announcement)
        for edge in filter(None, (item.mandatory_from, item.validity.valid_to)):
            for day in (edge - timedelta(1), edge, edge + timedelta(1)):
                assert is_obligated(known, day) == registry.is_obligated(code, day), (code, day)
                compared += 1
    assert compared > 3 * 100
    assert not is_obligated(None, facts.DAY)
    assert not registry.is_obligated("9999", facts.DAY)


async def test_supply_while_invalid_follows_the_history_on_the_day_of_the_act(world: World) -> None:
    await world.publish(facts.certificate(), facts.suspension(date(2024, 9, 10)))
    visit = await Visit.begun(world)
    before = await visit.find(WHILE_INVALID | {"act_on": "2024-09-09"})
    assert refused(before, "certificate-was-valid")["certificate_status"] == "valid"
    found = ok(await visit.find(WHILE_INVALID | {"act_on": "2024-09-10"}))
    assert found["certificate_status"] == "suspended"


async def test_a_suspension_of_one_model_leaves_the_others_valid(world: World) -> None:
    await world.publish(facts.certificate(), facts.suspension(date(2024, 9, 10), models=("BV 4",)))
    visit = await Visit.begun(world)
    refused(await visit.find(WHILE_INVALID | {"model": "BV 2.5"}), "certificate-was-valid")
    assert ok(await visit.find(WHILE_INVALID | {"model": "BV 4"}))["certificate_status"] == "suspended"


async def test_a_duty_of_the_certification_body_is_held_against_the_body(world: World) -> None:
    visit = await Visit.begun(world)
    body: dict[str, Any] = {"checklist_code": "C12", "violation_type": "CB_NO_FOLLOWUP", "measures": ["letter_to_body"]}
    refused(await visit.find(body), "respondent-not-allowed")
    found = ok(await visit.find(body | {"respondent_type": "cert_body"}))
    assert (found["respondent_id"], found["focus_point"]) == ("01", "FP2")
    assert found["legal_basis"].startswith("《中华人民共和国认证认可条例》第26条")


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"checklist_code": "C99"}, "unknown-checklist-code"),
        ({"violation_type": "QA_WEAK"}, "violation-not-allowed"),
        ({"certificate_no": "2016010101999999"}, "unknown-certificate"),
        ({"focus_point": "FP4"}, "focus-point-mismatch"),
        ({"evidence_ids": []}, "evidence-required"),
        ({"evidence_ids": ["0198f2b4-0000-7000-8000-000000000001"]}, "evidence-required"),
        ({"requirement": None}, "requirement-missing"),
        ({"rectify_days": 31}, "rectification-term-too-long"),
        ({"act_on": "2024-09-19"}, "act-in-the-future"),
        ({"severity": "advice"}, "advice-only-guides"),
        ({"goods_value_fen": -1}, "invalid-request"),
    ],
)
async def test_a_finding_that_does_not_hold_is_refused_and_not_kept(world: World, other: dict[str, Any], code: str) -> None:
    visit = await Visit.begun(world)
    refused(await visit.find(other), code)
    assert ok(await visit.get())["findings_count"] == 0

"""Annex 1 is that of the campaign, and every violation of the law's table can be found by it."""

import json
from pathlib import Path

from services.cases.rules import reference_data as sanctions
from services.inspection.rules import reference_data
from shared.testing.world import World
from tests.inspection import facts
from tests.inspection.visit import FIRST, SECOND, Visit, ok, refused, told

REFUSAL = {
    "checklist_code": "R01",
    "violation_type": "REFUSE_INSPECTION",
    "severity": "serious",
    "fact": "企业负责人拒绝检查组进入生产车间",
    "measures": ["case_clue"],
    "requirement": None,
}
CIVIL = {"CB_JOINT_LIABILITY"}
"""Liability beside producer and seller: no penalty follows from it, so no inspection finds it."""


def test_every_violation_of_the_table_can_be_found_but_the_civil_ones() -> None:
    (form,) = reference_data.checklists().values()
    possible = {code for item in (*form.items, *form.conduct) for code in item.violations}
    assert possible == {item["code"] for item in sanctions.document("violations")["items"]} - CIVIL


async def test_a_serious_refusal_of_the_inspection_is_a_finding_that_becomes_a_case(world: World) -> None:
    await world.publish(facts.campaign(), facts.certificate())
    visit = await Visit.begun(world)
    ok(await visit.record())
    why = {"note": "拒绝进入, 已录像"}
    refused(await visit.submit("REFUSED_SERIOUS", **why), "result-inconsistent")
    ok(await visit.find(REFUSAL | {"severity": "general"}))
    refused(await visit.submit("REFUSED_SERIOUS", **why), "result-inconsistent")
    ok(await visit.find(REFUSAL))
    for by in (FIRST, SECOND):
        ok(await visit.sign({"party": "inspector"}, **by))
    assert ok(await visit.submit("REFUSED_SERIOUS", **why))["follow_up"] == "CASE_CLUE"
    ok(await visit.review())
    confirmed = [said for name, said in await told(world) if name == "FindingConfirmed"]
    assert {said["violation_type"] for said in confirmed} == {"REFUSE_INSPECTION"}
    assert confirmed[0]["legal_basis"] == "《强制性产品认证管理规定》第36条；《中华人民共和国产品质量法》第56条"


async def test_conduct_against_the_inspection_is_found_and_not_asked(world: World) -> None:
    visit = await Visit.begun(world)
    form = ok(await visit.get("checklist"))
    assert [one["code"] for one in form["conduct"]] == ["R01", "R02"]
    asked = {"answers": [{"code": "R01", "answer": "CONFORM"}]}
    refused(await visit.put("answers", asked, **FIRST), "unknown-checklist-code")


def test_a_later_version_stands_beside_the_earlier_one(tmp_path: Path) -> None:
    now = reference_data.table("checklist")
    for version in ("2026-01-01", "2025-07-01"):
        later = now | {"version": version, "valid_from": version, "items": now["items"][:3]}
        (tmp_path / f"checklist_{version}.json").write_text(json.dumps(later))
    (tmp_path / "checklist.json").write_text(json.dumps(now))
    held = reference_data.checklists(tmp_path)
    assert list(held) == ["2024-08-01", "2025-07-01", "2026-01-01"]
    assert [len(held[version].items) for version in held] == [22, 3, 3]


async def test_an_inspection_goes_by_the_checklist_of_its_campaign_in_whatever_order_it_hears_of_it(world: World) -> None:
    visit = await Visit.assigned(world)
    assert ok(await visit.get("checklist"))["version"] == "2024-08-01"
    later = facts.campaign().model_copy(update={"checklist_version": "2031-01-01"})
    await world.publish(later)
    assert ok(await visit.get())["checklist_version"] == "2031-01-01"
    assert refused(await visit.get("checklist"), "checklist-not-held")["held"] == ["2024-08-01"]
    second = await Visit.assigned(world, facts.team())
    assert ok(await second.get())["checklist_version"] == "2031-01-01"


async def test_a_visit_that_has_begun_keeps_its_checklist(world: World) -> None:
    await world.publish(facts.campaign())
    visit = await Visit.begun(world)
    await world.publish(facts.campaign().model_copy(update={"checklist_version": "2031-01-01"}))
    assert ok(await visit.get("checklist"))["version"] == "2024-08-01"

"""What is correction public: when, by whom, and never what must stay inside."""

import hashlib
import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from services.reporting.rules.reference_data import document
from shared.database.session import transaction
from shared.events import Event, cases
from shared.testing.world import World
from shared.vocabulary import Role
from tests.reporting.story import CAMPAIGN, CASE, FORGED, case_events

DRAFTER = {"as_": Role.PROV_ADMIN, "org": "35", "sub": "drafter"}
REVIEWER = {"as_": Role.PROV_ADMIN, "org": "35", "sub": "reviewer"}
APPROVER = {"as_": Role.PROV_ADMIN, "org": "35", "sub": "approver"}


async def drafted(world: World, kind: str, how: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    sent = {"campaign_id": str(CAMPAIGN), "kind": kind, **({"case_id": str(CASE)} if kind == "penalty" else {}), **more}
    answer = await world.reporting.post("/v1/disclosures", sent, **(how or DRAFTER))
    disclosure: dict[str, Any] = answer.json()
    return disclosure


async def step(world: World, disclosure: dict[str, Any], what: str, how: dict[str, Any], sent: Any = None) -> dict[str, Any]:
    answer = (await world.reporting.post(f"/v1/disclosures/{disclosure['disclosure_id']}/{what}", sent, **how)).json()
    result: dict[str, Any] = answer
    return result


async def approved(world: World, kind: str, **more: Any) -> dict[str, Any]:
    disclosure = await drafted(world, kind, **more)
    await step(world, disclosure, "secrecy-review", REVIEWER)
    return await step(world, disclosure, "approval", APPROVER)


async def published(world: World, kind: str, **more: Any) -> dict[str, Any]:
    return await step(world, await approved(world, kind, **more), "publication", APPROVER)


@pytest.mark.parametrize("kind", ["plan", "draw", "result", "penalty"])
async def test_an_item_holds_the_fields_of_its_kind_and_nothing_else(replicated: World, kind: str) -> None:
    replicated.on("2024-11-20")
    items = (await published(replicated, kind))["items"]
    (allowed,) = [row["fields"] for row in document("disclosure")["items"] if row["kind"] == kind]
    assert items
    assert all(set(item) <= set(allowed) for item in items)
    public = json.dumps(items, ensure_ascii=False)
    assert not any(secret in public for secret in ("检查员", "专家", "35010001", FORGED.fact))


async def test_the_list_and_the_results_stay_inside_until_the_embargo_ends(replicated: World) -> None:
    replicated.on("2024-11-14", 23, 59)
    for kind in ("draw", "result"):
        refused = await published(replicated, kind)
        assert (refused["status"], refused["code"], refused["embargo_until"]) == (409, "under-embargo", "2024-11-15")
    assert (await replicated.reporting.get("/v1/public/disclosures")).json()["items"] == []
    replicated.on("2024-11-15", 0, 0)
    assert (await published(replicated, "draw"))["state"] == "published"


async def test_the_plan_may_be_published_at_once(replicated: World) -> None:
    (item,) = (await published(replicated, "plan"))["items"]
    assert (item["campaign_code"], item["planned_sample"], item["minimum_ratio"]) == ("闽市监认证〔2024〕215号", 100, [1, 10])


async def test_drafting_reviewing_and_approving_belong_to_three_persons(replicated: World) -> None:
    disclosure = await drafted(replicated, "plan")
    assert (await step(replicated, disclosure, "approval", APPROVER))["code"] == "disclosure-transition"
    assert (await step(replicated, disclosure, "secrecy-review", DRAFTER))["code"] == "same-person"
    await step(replicated, disclosure, "secrecy-review", REVIEWER)
    for person in (DRAFTER, REVIEWER):
        assert (await step(replicated, disclosure, "approval", person))["code"] == "same-person"
    assert (await step(replicated, disclosure, "publication", APPROVER))["code"] == "disclosure-transition"


async def test_the_public_reads_without_a_token_and_can_check_the_file(replicated: World) -> None:
    disclosure = await published(replicated, "penalty")
    listed = (await replicated.reporting.get("/v1/public/disclosures")).json()["items"]
    assert [each["disclosure_id"] for each in listed] == [disclosure["disclosure_id"]]
    assert set(listed[0]) == {"disclosure_id", "kind", "city", "edition", "digest", "published_at", "corrects"}
    file = await replicated.reporting.get(f"/v1/public/disclosures/{disclosure['disclosure_id']}.json")
    assert hashlib.sha256(file.content).hexdigest() == disclosure["digest"]
    (item,) = file.json()
    assert item["decision_number"] == "榕市监处〔2024〕9号"
    assert item["content"] == "罚款10000.50元、没收非法财物"


async def test_a_draft_is_not_public(replicated: World) -> None:
    disclosure = await drafted(replicated, "plan")
    for path in (disclosure["disclosure_id"], f"{disclosure['disclosure_id']}.json"):
        answer = await replicated.reporting.get(f"/v1/public/disclosures/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "disclosure-not-found")


def publication_withdrawn() -> Event:
    ids = {"case_id": CASE, "finding_id": FORGED.id, "campaign_id": CAMPAIGN}
    return cases.CasePublished(**ids, published_on=date(2024, 10, 25), withdrawn=True)


async def read(world: World, disclosure: dict[str, Any]) -> dict[str, Any]:
    answer = (await world.reporting.get(f"/v1/disclosures/{disclosure['disclosure_id']}", **APPROVER)).json()
    result: dict[str, Any] = answer
    return result


async def test_a_penalty_disclosure_is_of_one_decision(replicated: World) -> None:
    assert (await drafted(replicated, "penalty", case_id=None))["code"] == "case-required"
    assert (await drafted(replicated, "penalty", case_id=str(CAMPAIGN)))["code"] == "nothing-to-disclose"


async def test_a_penalty_whose_own_publication_was_withdrawn_is_not_disclosed(replicated: World) -> None:
    await replicated.publish(publication_withdrawn())
    assert (await drafted(replicated, "penalty"))["code"] == "nothing-to-disclose"


async def test_a_decision_that_is_withdrawn_leaves_the_public_at_once_and_stops_what_was_approved(replicated: World) -> None:
    public, waiting = await published(replicated, "penalty"), await approved(replicated, "penalty")
    await replicated.publish(publication_withdrawn(), twice=True)
    assert (await replicated.reporting.get("/v1/public/disclosures")).json()["items"] == []
    for disclosure in (public, waiting):
        gone = await read(replicated, disclosure)
        assert (gone["state"], gone["withdrawn_on"]) == ("withdrawn", "2024-10-25")
    assert (await step(replicated, waiting, "publication", APPROVER))["code"] == "disclosure-transition"
    assert await published_types(replicated) == ["DisclosurePublished", "DisclosureWithdrawn"]


async def test_what_changed_since_it_was_drafted_is_not_published(replicated: World) -> None:
    waiting = await approved(replicated, "penalty")
    decided = next(event for event in case_events() if isinstance(event, cases.CaseDecided))
    await replicated.publish(decided.model_copy(update={"decision_no": "榕市监处〔2024〕10号"}))
    refused = await step(replicated, waiting, "publication", APPROVER)
    assert (refused["status"], refused["code"], refused["items"]) == (409, "no-longer-holds", [0])
    assert (await step(replicated, waiting, "withdrawal", APPROVER, {"ground": "内容已变更"}))["state"] == "withdrawn"
    assert (await published(replicated, "penalty"))["items"][0]["decision_number"] == "榕市监处〔2024〕10号"


async def test_a_city_discloses_its_own_results_alone(replicated: World) -> None:
    replicated.on("2024-11-20")
    city = {"as_": Role.CITY_LEAD, "org": "3502"}
    disclosure = await drafted(replicated, "result", city)
    assert (disclosure["city"], [item["agency"] for item in disclosure["items"]]) == ("3502", ["厦门市市场监督管理局"])
    assert (await drafted(replicated, "result", city, city="3501"))["code"] == "not-found"
    assert (await drafted(replicated, "plan", city))["code"] == "kind-of-province"
    other = await replicated.reporting.get(f"/v1/disclosures/{disclosure['disclosure_id']}", as_=Role.CITY_LEAD, org="3501")
    assert other.status_code == 404


async def test_statistics_come_from_accepted_summaries_alone(replicated: World) -> None:
    assert (await drafted(replicated, "statistics"))["code"] == "round-required"
    assert (await drafted(replicated, "statistics", round="interim"))["code"] == "nothing-to-disclose"
    sent = {"campaign_id": str(CAMPAIGN), "round": "interim", "city": "3502"}
    city = {"as_": Role.CITY_LEAD, "org": "3502"}
    one = (await replicated.reporting.post("/v1/summaries", sent, **city)).json()["summary_id"]
    for what, how in (("submission", city), ("acceptance", APPROVER)):
        answer = await replicated.reporting.post(f"/v1/summaries/{one}/{what}", **how)
        assert answer.status_code == 200, answer.text
    (item,) = (await drafted(replicated, "statistics", round="interim"))["items"]
    assert (item["city"], item["objects_due"], item["objects_inspected"], item["findings_count"]) == ("3502", 1, 1, 2)


async def published_types(world: World) -> list[str]:
    async with transaction(world.reporting.database) as session:
        types = (await session.execute(text("SELECT type FROM outbox ORDER BY id"))).scalars().all()
    return [name.rpartition(".")[2] for name in types]


async def listed(world: World) -> list[tuple[str, int]]:
    items = (await world.reporting.get("/v1/public/disclosures")).json()["items"]
    return [(each["disclosure_id"], each["edition"]) for each in items]


async def test_a_correction_is_reviewed_and_approved_while_the_earlier_edition_remains_public(
    replicated: World,
) -> None:
    disclosure = await published(replicated, "plan")
    correction = await step(replicated, disclosure, "correction", DRAFTER, {"ground": "更正期限"})
    assert (correction["state"], correction["edition"], correction["corrects"]) == ("draft", 2, disclosure["disclosure_id"])
    again = await step(replicated, disclosure, "correction", DRAFTER, {"ground": "更正期限"})
    assert (again["code"], again["correction"]) == ("correction-under-way", correction["disclosure_id"])
    assert (await step(replicated, correction, "publication", APPROVER))["code"] == "disclosure-transition"
    assert await listed(replicated) == [(disclosure["disclosure_id"], 1)]
    await step(replicated, correction, "secrecy-review", REVIEWER)
    await step(replicated, correction, "approval", APPROVER)
    assert (await step(replicated, correction, "publication", APPROVER))["state"] == "published"
    assert await listed(replicated) == [(correction["disclosure_id"], 2)]
    assert (await read(replicated, disclosure))["state"] == "corrected"


async def test_every_edition_is_kept_after_correction_and_withdrawal(replicated: World) -> None:
    disclosure = await published(replicated, "plan")
    correction = await step(replicated, disclosure, "correction", DRAFTER, {"ground": "更正期限"})
    for what, how in (("secrecy-review", REVIEWER), ("approval", APPROVER), ("publication", APPROVER)):
        await step(replicated, correction, what, how)
    gone = await step(replicated, correction, "withdrawal", APPROVER, {"ground": "重复"})
    assert (gone["state"], gone["withdrawal_ground"]) == ("withdrawn", "重复")
    assert await listed(replicated) == []
    async with transaction(replicated.reporting.database) as session:
        versions = (await session.execute(text("SELECT edition, ground FROM disclosure_version ORDER BY edition"))).all()
    assert [tuple(row) for row in versions] == [(1, None), (2, "更正期限")]
    assert await published_types(replicated) == ["DisclosurePublished", "DisclosurePublished", "DisclosureWithdrawn"]


async def test_a_cancelled_draft_is_published_to_nobody(replicated: World) -> None:
    disclosure = await drafted(replicated, "plan")
    assert (await step(replicated, disclosure, "withdrawal", APPROVER, {"ground": "不再需要"}))["state"] == "withdrawn"
    assert await published_types(replicated) == []


async def test_a_penalty_expires_three_years_after_the_case_office_published_it(replicated: World) -> None:
    disclosure = await published(replicated, "penalty")
    assert disclosure["expires_on"] == "2027-10-24"
    replicated.on("2027-10-23")
    assert (await read(replicated, disclosure))["state"] == "published"
    replicated.on("2027-10-24")
    assert await listed(replicated) == []
    assert (await read(replicated, disclosure))["state"] == "expired"
    expired = await replicated.reporting.get("/v1/disclosures", params={"state": "expired"}, **APPROVER)
    assert [row["disclosure_id"] for row in expired.json()["items"]] == [disclosure["disclosure_id"]]
    assert (await step(replicated, disclosure, "correction", DRAFTER, {"ground": "更正"}))["code"] == "disclosure-transition"
    assert (await drafted(replicated, "penalty"))["code"] == "nothing-to-disclose"

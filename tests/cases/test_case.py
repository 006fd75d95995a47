"""A case from clue to archive."""

import pytest

from shared.testing.world import World
from shared.vocabulary import Role
from tests.cases.acting import (
    DECISION,
    ENDED,
    FILING,
    FINE,
    HANDLERS,
    LEAD,
    NO_PENALTY,
    NOT_ESTABLISHED,
    NOTICE,
    OFFICER,
    REVIEWER,
    TO_THE_DECISION,
    Acting,
    published,
    the_case,
)
from tests.cases.builders import a_finding

EXPIRED = HANDLERS[1] | {"certificate_valid_to": "2024-09-08"}
BORROWED = HANDLERS[1] | {"law_enforcement_no": HANDLERS[0]["law_enforcement_no"]}


@pytest.fixture
async def case(world: World) -> Acting:
    world.on("2024-09-09")
    finding = a_finding()
    await world.publish(finding)
    return await the_case(world, finding.finding_id)


async def test_a_clue_is_referred_with_its_number_and_the_day_by_which_it_must_be_filed(world: World, case: Acting) -> None:
    (referred,) = await published(world, "CaseReferred")
    assert referred["clue_no"] == "XS-3501-2024-0001"
    assert referred["office"] == "3501"
    assert referred["filing_due_on"] == "2024-09-30"
    assert "强制性产品认证管理规定" in referred["provision"]


async def test_a_case_goes_from_clue_to_archive(world: World, case: Acting) -> None:
    await case.until("decision")
    decided = await case.must("decision", LEAD, DECISION)
    assert decided["state"] == "penalty_decided"
    world.on("2024-09-12")
    await case.must("service", OFFICER, {"receipt": "送达回证", "method": "direct"})
    await case.must("publication", OFFICER, {"platform": "国家企业信用信息公示系统"})
    await case.must("execution", OFFICER)
    assert (await case("closure", LEAD)).json()["guard"] == "execution_complete"
    await case.must("payment", OFFICER, {"amount_fen": 2_000_000})
    assert (await case("payment", OFFICER, {"amount_fen": 3_000_001})).json()["code"] == "amount-exceeds-decision"
    await case.must("payment", OFFICER, {"amount_fen": 3_000_000})
    await case.must("closure", LEAD)
    archived = await case.must("archive", OFFICER)
    assert archived["state"] == "archived"
    (filed,), (decision,) = await published(world, "CaseFiled"), await published(world, "CaseDecided")
    assert (filed["case_no"], filed["decision_due_on"]) == ("LA-3501-2024-0001", "2024-12-09")
    assert (decision["fine_fen"], decision["penalty_basis"]) == (5_000_000, "《中华人民共和国认证认可条例》第66条")
    assert [len(await published(world, kind)) for kind in ("CasePublished", "CaseClosed")] == [1, 1]


async def test_the_history_says_who_did_what_and_the_dossier_lies_in_the_official_order(case: Acting) -> None:
    await case.until("decision")
    history = (await case.client.get(f"{case.path}/history", as_=OFFICER, org="3501")).json()
    assert [step["event"] for step in history][:4] == ["receive", "verify", "file", "investigate"]
    assert history[2]["by_subject"] == "city_lead-3501"
    dossier = (await case.client.get(f"{case.path}/dossier", as_=OFFICER, org="3501")).json()
    assert [place["order"] for place in dossier] == list(range(1, 14))
    assert [step["event"] for step in dossier[0]["papers"]] == ["file"]


@pytest.mark.parametrize(
    ("noun", "role", "body", "who", "guard"),
    [
        ("filing", LEAD, FILING | {"handlers": HANDLERS[:1]}, None, "two_qualified_handlers"),
        ("filing", LEAD, FILING | {"handlers": [HANDLERS[0], HANDLERS[0]]}, None, "two_qualified_handlers"),
        ("filing", LEAD, FILING | {"handlers": [HANDLERS[0], EXPIRED]}, None, "two_qualified_handlers"),
        ("filing", LEAD, FILING | {"handlers": [HANDLERS[0], BORROWED]}, None, "two_qualified_handlers"),
        ("filing", LEAD, FILING, "u1", "approved_by_head"),
        ("filing", LEAD, FILING | {"penalty_due": False}, None, "penalty_due"),
        ("investigation-end", OFFICER, {"final_report": "r", "evidence": []}, None, "evidence_present"),
        ("review", REVIEWER, {"passed": True, "opinion": "同意"}, "u2", "reviewer_not_handler"),
        (
            "notice",
            OFFICER,
            NOTICE | {"penalties": [FINE | {"amount_fen": 10_000_000}]},
            None,
            "hearing_right_notified_where_due",
        ),
        ("rights-conclusion", OFFICER, {}, None, "term_over_or_rights_exercised"),
        ("decision", LEAD, DECISION, "u1", "decider_not_handler"),
        ("decision", LEAD, DECISION | {"decision_no": None}, None, "decision_number_given"),
        ("decision", LEAD, {"outcome": "no_penalty", "explanation": "轻微"}, None, "educated"),
        ("decision", LEAD, NO_PENALTY, "u1", "decider_not_handler"),
        ("decision", LEAD, NOT_ESTABLISHED, "u2", "decider_not_handler"),
    ],
)
async def test_a_condition_of_the_law_is_not_passed_over(
    case: Acting, noun: str, role: Role, body: dict[str, object], who: str | None, guard: str
) -> None:
    await case.until(noun)
    refused = await case(noun, role, body, sub=who)
    said = (refused.status_code, refused.json()["code"], refused.json().get("guard"))
    assert said == (409, "guard-failed", guard), refused.text


@pytest.mark.parametrize("decision", [DECISION, NO_PENALTY, NOT_ESTABLISHED], ids=lambda body: body["outcome"])
async def test_a_complex_case_is_discussed_collectively_whatever_is_decided(case: Acting, decision: dict[str, object]) -> None:
    await case.until("investigation-end")
    await case.must("investigation-end", OFFICER, ENDED | {"complex": True})
    for noun, role, body in TO_THE_DECISION[4:-1]:
        await case.must(noun, role, body)
    assert (await case("decision", LEAD, decision)).json()["guard"] == "collective_discussion_where_complex"
    discussed = await case.must("decision", LEAD, decision | {"collective_discussion": "集体讨论笔录"})
    assert discussed["state"] == decision["outcome"]


@pytest.mark.parametrize("amount", [4_999_999, 20_000_001])
async def test_a_sanction_outside_its_frame_is_refused_and_changes_nothing(case: Acting, amount: int) -> None:
    await case.until("notice")
    notified = {"hearing_right_notified": True, "penalties": [FINE | {"amount_fen": amount}]}
    refused = await case("notice", OFFICER, NOTICE | notified)
    assert (refused.status_code, refused.json()["code"]) == (422, "sanction-outside-frame")
    assert (await case.client.get(case.path, as_=OFFICER, org="3501")).json()["state"] == "under_review"


async def test_no_penalty_is_decided_that_the_party_was_not_notified_of(case: Acting) -> None:
    await case.until("notice")
    await case.must("no-penalty-proposal", OFFICER, {"explanation": "拟不予处罚"})
    assert (await case("decision", LEAD, DECISION)).json()["guard"] == "not_heavier_than_notified"


async def test_a_decision_heavier_than_the_notice_is_refused(case: Acting) -> None:
    await case.until("decision")
    heavier = DECISION | {"penalties": [FINE | {"amount_fen": 5_000_001}]}
    assert (await case("decision", LEAD, heavier)).json()["guard"] == "not_heavier_than_notified"


async def test_two_decisions_do_not_bear_one_number(world: World, case: Acting) -> None:
    other = a_finding()
    await world.publish(other)
    second = await the_case(world, other.finding_id)
    for each in (case, second):
        await each.until("decision")
    await case.must("decision", LEAD, DECISION)
    taken = await second("decision", LEAD, DECISION)
    assert (taken.status_code, taken.json()["code"]) == (409, "decision-number-taken")


async def test_two_cases_do_not_bear_one_number_or_a_violation_that_is_none(world: World, case: Acting) -> None:
    other = a_finding()
    await world.publish(other)
    second = await the_case(world, other.finding_id)
    await case.must("verification", OFFICER)
    await case.must("filing", LEAD, FILING | {"case_no": "榕市监立〔2024〕1号"})
    await second.must("verification", OFFICER)
    taken = await second("filing", LEAD, FILING | {"case_no": "榕市监立〔2024〕1号"})
    assert (taken.status_code, taken.json()["code"]) == (409, "case-number-taken")
    unknown = await second("filing", LEAD, FILING | {"violation_type": "NO_SUCH"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown-violation")


async def test_a_step_that_the_machine_does_not_know_is_refused_with_those_it_does(case: Acting) -> None:
    refused = await case("decision", LEAD, DECISION)
    assert (refused.status_code, refused.json()["code"]) == (409, "transition-forbidden")
    assert set(refused.json()["allowed"]) >= {"verify", "decline_filing"}


async def test_a_clue_may_be_closed_without_filing_and_then_archived(world: World, case: Acting) -> None:
    await case.must("non-filing", LEAD, {"ground": "minor", "explanation": "轻微并及时改正"})
    (not_filed,) = await published(world, "CaseNotFiled")
    assert (not_filed["ground"], not_filed["decided_on"]) == ("minor", "2024-09-09")
    assert await published(world, "CaseFiled") == []
    assert (await case.must("archive", OFFICER))["state"] == "archived"


async def test_a_returned_case_is_investigated_and_reviewed_again(case: Acting) -> None:
    await case.until("review")
    returned = await case.must("review", REVIEWER, {"passed": False, "opinion": "证据不足"})
    assert returned["state"] == "returned"
    await case.must("supplement", OFFICER)
    await case.must("investigation-end", OFFICER, {"final_report": "补充", "evidence": ["ev-2"]})
    await case.must("review-submission", OFFICER, {"kind": "case"})
    assert (await case("notice", OFFICER, NOTICE)).json()["guard"] == "review_passed"


async def test_a_heavy_fine_goes_through_a_hearing_and_legal_review_after_it(world: World, case: Acting) -> None:
    await case.until("notice")
    heavy = [FINE | {"amount_fen": 15_000_000}]
    await case.must("notice", OFFICER, NOTICE | {"penalties": heavy, "hearing_right_notified": True})
    await case.must("hearing", OFFICER, {"request": "要求听证"})
    early = await case("hearing-notice", OFFICER, {"held_on": "2024-09-11", "place": "市局"})
    assert early.json()["guard"] == "hearing_notice_in_time"
    await case.must("hearing-notice", OFFICER, {"held_on": "2024-09-25", "place": "市局"})
    world.on("2024-09-25")
    await case.must("hearing-record", OFFICER, {"held_on": "2024-09-25", "record": "笔录"})
    assert (await case("rights-conclusion", OFFICER)).json()["guard"] == "legal_review_after_hearing"
    await case.must("review", REVIEWER, {"passed": True, "opinion": "同意"})
    await case.must("rights-conclusion", OFFICER)
    assert (await case.must("decision", LEAD, DECISION | {"penalties": heavy}))["state"] == "penalty_decided"


async def test_a_hearing_asked_for_after_five_working_days_is_refused(world: World, case: Acting) -> None:
    await case.until("rights-conclusion")
    world.on("2024-09-19")
    assert (await case("statement", OFFICER, {"text": "申辩"})).json()["guard"] == "within_term"


async def test_another_city_does_not_find_the_case(case: Acting) -> None:
    assert (await case.client.get(case.path, as_=OFFICER, org="3502")).status_code == 404
    assert (await case("verification", OFFICER, org="3502")).status_code == 404
    assert (await case.client.get("/v1/cases", as_=LEAD, org="3502")).json()["items"] == []


async def test_a_city_assigns_a_clue_to_a_county_below_it_and_to_no_other(world: World, case: Acting) -> None:
    for office in ("3502", "350128", "350203"):
        refused = await case("assignment", LEAD, {"office": office, "explanation": "由属地办理"})
        assert refused.json()["guard"] == "assignee_within_reach"
    county = {"org": "350102"}
    await case.must("verification", OFFICER, **county)
    assert (await case("filing", Role.COUNTY_LEAD, FILING, **county)).json()["guard"] == "own_jurisdiction"
    await case.must("assignment", LEAD, {"office": "350102", "explanation": "由属地办理"})
    assert (await case.must("filing", Role.COUNTY_LEAD, FILING, **county))["case_no"] == "LA-350102-2024-0001"
    assert [each["office"] for each in await published(world, "CaseReferred")] == ["3501", "350102"]


async def test_the_province_gives_a_clue_to_another_city_which_then_alone_finds_it(case: Acting) -> None:
    moved = {"office": "3502", "explanation": "违法行为发生地"}
    await case.must("assignment", Role.PROV_ENFORCEMENT, moved, org="35")
    assert (await case.client.get(case.path, as_=OFFICER, org="3502")).status_code == 200
    assert (await case.client.get(case.path, as_=OFFICER, org="3501")).status_code == 404


async def test_a_county_sees_the_case_of_its_object_and_a_reviewer_may_not_file(case: Acting) -> None:
    assert (await case.client.get(case.path, as_=OFFICER, org="350102")).status_code == 200
    assert (await case("filing", REVIEWER, FILING)).status_code == 403

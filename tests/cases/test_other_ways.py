"""Criminal transfers, qualification matters, letters to bodies, copies; and findings that go nowhere."""

import pytest

from shared.core.ids import new_id
from shared.testing.world import World
from shared.vocabulary import CertificateStatus, FindingSeverity, Measure, Role, StatusEvent
from tests.cases.acting import (
    DECISION,
    HANDLERS,
    LEAD,
    NO_PENALTY,
    NOT_ESTABLISHED,
    OFFICER,
    POLICE,
    Acting,
    only,
    published,
    the_case,
)
from tests.cases.builders import (
    CERTIFICATE,
    a_failed_rectification,
    a_finding,
    a_forged_mark,
    a_status_event,
    against_the_body,
)
from tests.shared.deadline_records.records import rows

TEAM = {"members": HANDLERS}
SENT = {
    "materials": ["transfer_letter", "investigation_report", "goods_list"],
    "procuratorate_copied": True,
    "police": "福州市公安局",
}


@pytest.fixture
async def transfer(world: World) -> Acting:
    world.on("2024-09-09")
    await world.publish(a_forged_mark())
    found = await only(world, "/v1/criminal-transfers")
    assert found["ground"] == "ART140_SALES"
    return Acting(world.cases, f"/v1/criminal-transfers/{found['id']}")


async def send(transfer: Acting) -> None:
    await transfer.must("team", OFFICER, TEAM)
    await transfer.must("report", OFFICER, {"report": "移送报告"})
    await transfer.must("approval", LEAD)
    await transfer.must("sending", OFFICER, SENT)


async def test_a_forged_mark_above_the_threshold_goes_to_the_police_and_is_filed(world: World, transfer: Acting) -> None:
    await send(transfer)
    await transfer.must("acceptance", POLICE, {"receipt": "回执"})
    await transfer.must("police-filing", POLICE, {"document": "立案决定书"})
    done = await transfer.must("handover", OFFICER, {"receipt": "移交清单"})
    assert done["state"] == "handed_over"
    (sent,), answers = await published(world, "CriminalTransferSent"), await published(world, "CriminalTransferAnswered")
    assert (sent["sent_on"], sent["answer_due_on"]) == ("2024-09-09", "2024-09-12")
    assert [answer["answer"] for answer in answers] == ["accepted", "filed"]
    clocks = (await world.cases.get(f"{transfer.path}/deadlines", as_=OFFICER, org="3501")).json()
    assert {clock["code"]: clock["state"] for clock in clocks} == {
        "K25": "met",
        "K26": "met",
        "K27": "waived",
        "K28": "met",
        "K30": "met",
    }


async def test_a_penalty_does_not_take_the_place_of_the_transfer(world: World, transfer: Acting) -> None:
    found = await only(world, "/v1/cases")
    case = Acting(world.cases, f"/v1/cases/{found['id']}")
    await case.until("decision")
    assert (await case("decision", LEAD, DECISION)).json()["guard"] == "no_crime_suspected"
    assert (await case("judicial-transfer", LEAD)).json()["guard"] == "criminal_transfer_sent"
    await send(transfer)
    assert (await case.must("judicial-transfer", LEAD))["state"] == "transferred_judicial"
    assert (await case("judicial-return", LEAD)).json()["guard"] == "transfer_not_filed_or_returned"


async def test_a_case_is_not_ended_by_any_other_way_while_a_crime_is_suspected(world: World, transfer: Acting) -> None:
    found = await only(world, "/v1/cases")
    case = Acting(world.cases, f"/v1/cases/{found['id']}")
    declined = await case("non-filing", LEAD, {"ground": "minor", "explanation": "轻微"})
    assert declined.json()["guard"] == "no_crime_suspected"
    await case.until("decision")
    for ending in (NO_PENALTY, NOT_ESTABLISHED):
        assert (await case("decision", LEAD, ending)).json()["guard"] == "no_crime_suspected"
    await transfer.must("team", OFFICER, TEAM)
    await transfer.must("report", OFFICER, {"report": "移送报告"})
    await transfer.must("rejection", LEAD, {"ground": "未达立案追诉标准"})
    assert (await case.must("decision", LEAD, NO_PENALTY))["state"] == "no_penalty"


async def test_what_the_police_do_not_file_is_reconsidered_within_three_days_or_comes_back(
    world: World, transfer: Acting
) -> None:
    await send(transfer)
    await transfer.must("acceptance", POLICE, {"receipt": "回执"})
    await transfer.must("police-rejection", POLICE, {"document": "不予立案通知书", "ground": "未达标准"})
    world.on("2024-09-14")
    assert (await transfer("reconsideration", OFFICER)).json()["guard"] == "within_term"
    world.on("2024-09-12")
    assert (await transfer.must("reconsideration", OFFICER))["state"] == "reconsideration"
    await transfer.must("police-rejection", POLICE, {"document": "复议决定", "ground": "维持"})
    assert (await transfer.must("return", OFFICER, {"ground": "公安不立案"}))["state"] == "returned_to_admin"


async def test_a_transfer_needs_two_persons_another_head_and_all_papers(transfer: Acting) -> None:
    assert (await transfer("team", OFFICER, {"members": HANDLERS[:1]})).json()["guard"] == "two_team_members"
    await transfer.must("team", OFFICER, TEAM)
    await transfer.must("report", OFFICER, {"report": "移送报告"})
    assert (await transfer("approval", LEAD, sub="u1")).json()["guard"] == "approved_by_head"
    await transfer.must("approval", LEAD)
    incomplete = SENT | {"materials": ["transfer_letter"]}
    assert (await transfer("sending", OFFICER, incomplete)).json()["guard"] == "materials_complete"


async def test_police_of_another_city_do_not_find_the_transfer(transfer: Acting) -> None:
    assert (await transfer.client.get(transfer.path, as_=POLICE, org="3502")).status_code == 404
    assert (await transfer.client.get(transfer.path, as_=POLICE, org="3501")).status_code == 200


async def test_a_qualification_matter_goes_from_the_city_over_the_province_to_samr(world: World) -> None:
    await world.publish(against_the_body())
    matter = Acting(world.cases, f"/v1/qualification-matters/{(await only(world, '/v1/qualification-matters'))['id']}")
    early = await matter("report-to-samr", Role.PROV_ADMIN, {"document_no": "闽市监〔2024〕9号"}, org="35")
    assert early.json()["code"] == "transition-forbidden"
    assert (await matter("submission", LEAD, {"opinion": "x"}, org="3502")).status_code == 404
    await matter.must("submission", LEAD, {"opinion": "建议上报"})
    await matter.must("report-to-samr", Role.PROV_ADMIN, {"document_no": "闽市监〔2024〕9号"}, org="35")
    reported = await published(world, "QualificationMatterReported")
    assert [each["level"] for each in reported] == ["provincial", "national"]
    assert (await world.cases.get("/v1/cases", as_=Role.PROV_ADMIN)).json()["items"] == []


async def test_a_matter_that_the_province_returns_is_submitted_again(world: World) -> None:
    await world.publish(against_the_body())
    matter = Acting(world.cases, f"/v1/qualification-matters/{(await only(world, '/v1/qualification-matters'))['id']}")
    ground, province = {"ground": "事实不清, 请补充工厂检查记录"}, {"org": "35"}
    assert (await matter("return", Role.PROV_ADMIN, ground, **province)).json()["code"] == "transition-forbidden"
    await matter.must("submission", LEAD, {"opinion": "建议上报"})
    assert (await matter("return", LEAD, ground)).status_code == 403
    returned = await matter.must("return", Role.PROV_ADMIN, ground, **province)
    assert (returned["state"], returned["return_ground"]) == ("returned", ground["ground"])
    document = {"document_no": "闽市监〔2024〕9号"}
    assert (await matter("report-to-samr", Role.PROV_ADMIN, document, **province)).json()["code"] == "transition-forbidden"
    await matter.must("submission", LEAD, {"opinion": "已补充"})
    assert (await matter.must("report-to-samr", Role.PROV_ADMIN, document, **province))["state"] == "reported"
    assert [each["ground"] for each in await published(world, "QualificationMatterReturned")] == [ground["ground"]]


async def test_a_letter_waits_for_the_fitting_act_of_the_body(world: World) -> None:
    await world.publish(against_the_body())
    await world.publish(a_status_event(StatusEvent.SUSPEND, CertificateStatus.SUSPENDED))
    letter = Acting(world.cases, f"/v1/letters/{(await only(world, '/v1/letters'))['id']}")
    await letter.must("send", LEAD, {"requested": "suspend", "content": "请依法处理"})
    await world.publish(a_status_event(StatusEvent.CHANGE, CertificateStatus.VALID))
    assert (await only(world, "/v1/letters"))["state"] == "sent"
    await world.publish(a_status_event(StatusEvent.SUSPEND, CertificateStatus.SUSPENDED), twice=True)
    assert (await only(world, "/v1/letters"))["state"] == "answered"
    (answered,) = await published(world, "LetterToBodyAnswered")
    assert (answered["certificate_no"], answered["change"]) == (CERTIFICATE, "suspend")
    again = await letter("send", LEAD, {"requested": "suspend", "content": "x"})
    assert again.json()["code"] == "transition-forbidden"


async def test_a_matter_of_another_department_is_copied_to_it(world: World) -> None:
    await world.publish(a_finding(severity=FindingSeverity.GENERAL, measures=(Measure.COPY_DEPARTMENT,)))
    copy = Acting(world.cases, f"/v1/copies/{(await only(world, '/v1/copies'))['id']}")
    await copy.must("send", LEAD, {"department": "应急管理局", "content": "抄告"})
    assert [each["department"] for each in await published(world, "MatterCopied")] == ["应急管理局"]


async def test_advice_becomes_nothing_even_when_its_rectification_fails(world: World) -> None:
    advice = a_finding(severity=FindingSeverity.ADVICE, violation_type=None, measures=(Measure.GUIDANCE,))
    await world.publish(advice, a_failed_rectification(advice))
    for path in ("cases", "criminal-transfers", "qualification-matters", "letters", "copies"):
        assert (await world.cases.get(f"/v1/{path}", as_=Role.PROV_ADMIN)).json()["items"] == []


@pytest.mark.parametrize("finding_first", [True, False])
async def test_a_failed_rectification_becomes_one_case_in_whatever_order_events_come(world: World, finding_first: bool) -> None:
    world.on("2024-10-08")
    finding = a_finding(severity=FindingSeverity.GENERAL, measures=(Measure.ORDER_RECTIFY,))
    failed = a_failed_rectification(finding)
    await world.publish(*([finding, failed] if finding_first else [failed, finding]), twice=True)
    case = await the_case(world, finding.finding_id)
    shown = (await world.cases.get(case.path, as_=OFFICER, org="3501")).json()
    assert (shown["source"], shown["state"]) == ("rectification_failed", "clue_received")
    assert len(await published(world, "CaseReferred")) == 1


async def test_the_same_finding_published_twice_is_one_case(world: World) -> None:
    await world.publish(a_finding(), twice=True)
    assert len(await published(world, "CaseReferred")) == 1


DUTY_CRIME = {"organisation": "福州市市场监督管理局", "post": "检查人员", "fact": "事先向检查对象透露检查时间"}
SUPERVISOR = Role.PROV_SUPERVISOR


async def test_a_clue_to_a_duty_crime_goes_to_the_supervisory_commission_and_only_discipline_inspection_sees_it(
    world: World,
) -> None:
    world.on("2024-09-09")
    await world.publish(finding := a_finding())
    case = (await the_case(world, finding.finding_id)).path.rsplit("/", 1)[1]
    before = await rows(world.cases.database, "SELECT type FROM outbox")
    made = await world.cases.post("/v1/duty-crime-clues", DUTY_CRIME | {"case_id": case}, as_=SUPERVISOR, org="35")
    assert (made.status_code, made.json()["state"], made.json()["city"]) == (201, "drafted", "3501")
    clue = Acting(world.cases, f"/v1/duty-crime-clues/{made.json()['id']}")
    assert (await clue("receipt", SUPERVISOR, {"receipt": "1"}, org="35")).json()["code"] == "transition-forbidden"
    sending = {"recipient": "supervisory_commission", "document_no": "闽市监纪函〔2024〕1号"}
    assert (await clue.must("sending", SUPERVISOR, sending, org="35"))["sent_on"] == "2024-09-09"
    assert (await clue("sending", SUPERVISOR, sending, org="35")).json()["code"] == "transition-forbidden"
    await clue.must("receipt", SUPERVISOR, {"receipt": "闽监收〔2024〕12号"}, org="35")
    assert (await only(world, "/v1/duty-crime-clues?state=received", as_=SUPERVISOR, org="35"))["id"] == made.json()["id"]
    read = await world.cases.get(clue.path, as_=SUPERVISOR, org="35")
    assert (read.json()["receipt"], read.json()["received_on"]) == ("闽监收〔2024〕12号", "2024-09-09")
    for role in (OFFICER, LEAD, Role.PROV_ADMIN):
        assert (await world.cases.get(clue.path, as_=role, org="35")).status_code == 403
    assert before
    assert await rows(world.cases.database, "SELECT type FROM outbox") == before


async def test_a_clue_to_a_duty_crime_belongs_to_a_case(world: World) -> None:
    body = DUTY_CRIME | {"case_id": str(new_id())}
    refused = await world.cases.post("/v1/duty-crime-clues", body, as_=SUPERVISOR, org="35")
    assert (refused.status_code, refused.json()["code"]) == (404, "case-not-found")
    missing = await world.cases.get(f"/v1/duty-crime-clues/{new_id()}", as_=SUPERVISOR, org="35")
    assert (missing.status_code, missing.json()["code"]) == (404, "duty-crime-clue-not-found")

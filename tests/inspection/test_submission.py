"""A record is complete and consistent before it is reviewed; refusal to sign is a normal path."""

import io

import pypdf
from httpx import Response

from shared.events.sampling import ExpertAllotted
from shared.events.value_objects import AllottedExpert
from shared.testing.world import World
from shared.vocabulary import Role
from tests.inspection import facts
from tests.inspection.visit import AGREES, FIRST, LEAD, OBJECT, RECORDING, SECOND, Visit, ok, refused

REFUSAL = {"party": "refusal", "reason": "对问题有异议", "witness": "社区工作人员"}
OPINION = {"party": "expert", "opinion": "partly", "statement": "耐压试验记录不完整"}


async def test_a_submission_names_everything_that_is_missing(world: World) -> None:
    visit = await Visit.begun(world)
    missing = refused(await visit.submit("NO_ISSUE"), "not-submittable")["missing"]
    assert missing["answers"][0] == "C01"
    assert "C20" not in missing["answers"]  # asked of sellers and importers only
    assert missing["inspector_signatures"] == 2
    assert missing["object_signature"] is True
    assert missing["integrity"] is True


async def test_one_inspector_is_not_enough(world: World) -> None:
    visit = await Visit.begun(world)
    ok(await visit.answer())
    ok(await visit.record())
    ok(await visit.sign({"party": "inspector"}, **FIRST))
    ok(await visit.sign(AGREES, **FIRST))
    assert refused(await visit.submit("NO_ISSUE"), "not-submittable")["missing"] == {"inspector_signatures": 1}


async def test_a_refusal_to_sign_takes_the_place_of_the_signature(world: World) -> None:
    visit = await Visit.begun(world)
    ok(await visit.answer())
    ok(await visit.record())
    for by in (FIRST, SECOND):
        ok(await visit.sign({"party": "inspector"}, **by))
    paper, recording = ok(await visit.upload())["id"], ok(await visit.upload(RECORDING, kind="audiovisual"))["id"]
    refused(await visit.sign(REFUSAL | {"recording": recording}, **OBJECT), "not-on-team")
    for none in (paper, visit.id):
        refused(await visit.sign(REFUSAL | {"recording": none}, **FIRST), "recording-required")
    ok(await visit.sign(REFUSAL | {"recording": recording}, **FIRST))
    assert "证据2" in _words(await visit.get("confirmation-sheet.pdf"))
    assert ok(await visit.submit("NO_ISSUE"))["refused_to_sign"] is True


async def test_who_signs_says_which_sheet_was_read_and_signs_no_other(world: World) -> None:
    visit = await Visit.begun(world)
    read = {"content_hash": ok(await visit.get("confirmation-sheet", **OBJECT))["content_hash"]}
    ok(await visit.find({}))
    for signature, by in (({"party": "inspector"}, FIRST), (AGREES, OBJECT)):
        changed = refused(await visit.sign(signature | read, **by), "sheet-changed")
        assert changed["content_hash"] == ok(await visit.get("confirmation-sheet"))["content_hash"]
    assert ok(await visit.get())["signatures"] == []
    unsaid = await visit.post("signatures", {"party": "inspector"}, **FIRST)
    assert (unsaid.status_code, unsaid.json()["code"]) == (422, "invalid-request")


async def test_an_expert_signs_with_an_opinion(world: World) -> None:
    team = facts.team()
    expert = AllottedExpert(expert_id="expert-7", name="林工", field="电线电缆")
    await world.publish(ExpertAllotted(assignment_id=team.assignment_id, campaign_id=team.campaign_id, expert=expert))
    visit = await Visit.begun(world, team)
    by = {"as_": Role.EXPERT, "org": "35", "sub": "expert-7"}
    assert ok(await visit.sign(OPINION, **by))["opinion"] == "partly"
    assert "部分有异议：耐压试验记录不完整" in _words(await visit.get("confirmation-sheet.pdf"))


def _words(printed: Response) -> str:
    pages = pypdf.PdfReader(io.BytesIO(printed.content)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


async def test_a_finding_after_the_signatures_makes_them_void(world: World) -> None:
    visit = await Visit.signed(world, findings=[])
    ok(await visit.find({}))
    ok(await visit.answer(C09="NONCONFORM"))
    missing = refused(await visit.submit("ISSUE_CORRECTED"), "not-submittable")["missing"]
    assert missing == {"inspector_signatures": 2, "object_signature": True}


async def test_nobody_signs_twice_and_no_stranger_signs(world: World) -> None:
    visit = await Visit.signed(world, findings=[])
    refused(await visit.sign({"party": "inspector"}, **FIRST), "already-signed")
    refused(await visit.sign(OPINION, **FIRST), "signatory-not-allowed")
    stranger = {**OBJECT, "org": "91350200MA00000235"}
    refused(await visit.sign(AGREES, **stranger), "inspection-not-found")


async def test_a_result_that_the_findings_contradict_is_refused(world: World) -> None:
    visit = await Visit.signed(world, findings=[{"measures": ["case_clue"]}], C09="NONCONFORM")
    for result in ("NO_ISSUE", "NO_RELEVANT_ACTIVITY", "ISSUE_CORRECTED"):
        refused(await visit.submit(result), "result-inconsistent")
    assert ok(await visit.submit("ISSUE_PENDING"))["follow_up"] == "CASE_CLUE"


async def test_a_nonconformity_needs_its_finding(world: World) -> None:
    visit = await Visit.signed(world, findings=[{}], C09="NONCONFORM", C10="NONCONFORM")
    missing = refused(await visit.submit("ISSUE_CORRECTED"), "not-submittable")["missing"]
    assert missing == {"findings": ["C10"]}


async def test_an_object_that_cannot_be_reached_is_reported_without_its_signature(world: World) -> None:
    visit = await Visit.begun(world)
    ok(await visit.record())
    for by in (FIRST, SECOND):
        ok(await visit.sign({"party": "inspector"}, **by))
    assert refused(await visit.submit("UNREACHABLE"), "not-submittable")["missing"] == {"note": True}
    assert ok(await visit.submit("UNREACHABLE", note="登记住所无人办公"))["state"] == "submitted"


async def test_a_returned_record_is_put_right_and_submitted_again(world: World) -> None:
    visit = await Visit.signed(world, findings=[])
    ok(await visit.submit("NO_ISSUE"))
    assert ok(await visit.review("returned"))["state"] == "returned"
    ok(await visit.submit("NO_ISSUE"))
    completed = ok(await visit.review())
    assert [review["decision"] for review in completed["reviews"]] == ["returned", "approved"]
    refused(await visit.review(), "transition-forbidden")
    refused(await visit.answer(), "transition-forbidden")


async def test_who_inspected_does_not_review(world: World) -> None:
    visit = await Visit.signed(world, findings=[])
    ok(await visit.submit("NO_ISSUE"))
    refused(await visit.review(**LEAD | {"sub": FIRST["sub"]}), "reviewer-on-team")
    refused(await visit.review(as_=Role.CITY_INSPECTOR, org="3501"), "forbidden")


async def test_an_edit_of_an_older_version_is_refused(world: World) -> None:
    visit = await Visit.begun(world)
    answers = {"answers": [{"code": "C01", "answer": "CONFORM"}]}
    refused(await visit.put("answers", answers, version=1, **FIRST), "stale-version")
    refused(await visit.put("answers", answers, version=None, **FIRST), "version-required")
    unexplained = {"answers": [{"code": "C01", "answer": "NOT_CHECKED"}]}
    refused(await visit.put("answers", unexplained, **FIRST), "answer-needs-note")


async def test_a_withdrawn_finding_stays_on_record_and_counts_no_more(world: World) -> None:
    visit = await Visit.begun(world)
    finding = ok(await visit.find({}))
    path = f"/v1/findings/{finding['id']}/withdrawal"
    refused(await world.inspection.post(path, {"reason": "记录有误"}, **FIRST | {"sub": "a-colleague"}), "finding-not-found")
    ok(await world.inspection.post(path, {"reason": "记录有误"}, **FIRST))
    assert ok(await visit.get())["findings_count"] == 0
    assert [one["withdrawal_reason"] for one in ok(await visit.get("findings"))["items"]] == ["记录有误"]
    assert ok(await visit.get("confirmation-sheet"))["content"]["rows"] == []


async def test_only_the_object_itself_reports_its_correction(world: World) -> None:
    visit = await Visit.signed(world, findings=[{}], C09="NONCONFORM")
    ok(await visit.submit("ISSUE_CORRECTED"))
    ok(await visit.review())
    found = ok(await world.inspection.get("/v1/rectifications", **OBJECT))["items"][0]
    path = f"/v1/rectifications/{found['id']}/report"
    stranger = {**OBJECT, "org": "91350200MA00000235"}
    refused(await world.inspection.post(path, {"report": "已改"}, **stranger), "rectification-not-found")
    refused(await world.inspection.post(path, {"report": "已改"}, **LEAD), "forbidden")
    ok(await world.inspection.post(path, {"report": "已改"}, **OBJECT))
    refused(await world.inspection.post(path, {"report": "再改"}, **OBJECT), "transition-forbidden")

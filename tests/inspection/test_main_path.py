"""An inspection from the team's assignment to the closed rectification, as officials and the object live it."""

from shared.core.canonical import SHA_256, fingerprint
from shared.testing.world import World
from tests.inspection import facts
from tests.inspection.visit import FIRST, LEAD, OBJECT, Visit, ok, refused, told


async def test_a_violation_is_found_signed_reviewed_ordered_to_be_corrected_and_closed(world: World) -> None:
    await world.publish(facts.campaign(), facts.certificate())
    visit = await Visit.signed(world, findings=[{}], C09="NONCONFORM")
    submitted = ok(await visit.submit("ISSUE_CORRECTED"))
    assert (submitted["state"], submitted["follow_up"], submitted["entry_due_on"]) == (
        "submitted",
        "RECTIFICATION_ORDER",
        "2024-10-21",
    )
    world.on("2024-09-20")
    completed = ok(await visit.review())
    assert (completed["state"], completed["refused_to_sign"]) == ("completed", False)

    rectification = ok(await world.inspection.get("/v1/rectifications", **OBJECT))["items"][0]
    assert (rectification["state"], rectification["due_on"]) == ("ordered", "2024-10-08")
    path = f"/v1/rectifications/{rectification['id']}"
    refused(await world.inspection.post(f"{path}/recheck-day", {"recheck_on": "2024-10-09"}, **LEAD), "transition-forbidden")
    world.on("2024-09-27")
    reported = ok(await world.inspection.post(f"{path}/report", {"report": "已改正"}, **OBJECT))
    assert reported["recheck_due_on"] == "2024-10-16"
    for day in ("2024-09-26", "2024-10-17"):
        outside = await world.inspection.post(f"{path}/recheck-day", {"recheck_on": day}, **LEAD)
        refused(outside, "recheck-day-outside")
    for day in ("2024-10-09", "2024-10-10"):
        scheduled = ok(await world.inspection.post(f"{path}/recheck-day", {"recheck_on": day}, **LEAD))
        assert (scheduled["state"], scheduled["recheck_on"]) == ("recheck_scheduled", day)
    assert ok(await world.inspection.get(path, **OBJECT))["recheck_on"] == "2024-10-10"
    world.on("2024-10-10")
    closed = ok(await world.inspection.post(f"{path}/recheck", {"passed": True, "note": "已到位"}, **FIRST))
    assert (closed["state"], closed["closed_on"]) == ("closed", "2024-10-10")

    assert [name for name, _ in await told(world)] == [
        "ObjectNotified",
        "FindingConfirmed",
        "RectificationOrdered",
        "InspectionCompleted",
        "RectificationReported",
        "RectificationClosed",
    ]


async def test_the_object_reads_what_it_was_told_and_the_digest_is_that_of_the_content(world: World) -> None:
    visit = await Visit.begun(world)
    notice = ok(await world.inspection.get("/v1/notices", **OBJECT))["items"][0]
    assert notice["inspection_id"] == visit.id
    assert notice["content"]["inspection_on"] == "2024-09-18"
    assert notice["content_hash"] == fingerprint(SHA_256, notice["content"])
    other = {**OBJECT, "org": "91350200MA00000235"}
    assert ok(await world.inspection.get("/v1/notices", **other))["items"] == []
    refused(await world.inspection.get(f"/v1/notices/{notice['id']}", **other), "notice-not-found")


async def test_a_term_beyond_thirty_days_is_approved_with_the_review(world: World) -> None:
    visit = await Visit.signed(world, findings=[{}], C09="NONCONFORM")
    ok(await visit.submit("ISSUE_CORRECTED"))
    finding = ok(await visit.get("findings"))["items"][0]
    term = {"finding_id": finding["id"], "days": 60, "document": "延期审批表1号"}
    body = {"decision": "approved", "opinion": "同意", "longer_terms": [term]}
    foreign = body | {"longer_terms": [term | {"finding_id": visit.id}]}
    refused(await visit.post("review", foreign, **LEAD), "finding-not-found")
    ok(await visit.post("review", body, **LEAD))
    found = ok(await world.inspection.get("/v1/rectifications", **LEAD))["items"][0]
    assert found["due_on"] == "2024-11-18"  # sixty days end on Sunday the 17th


async def test_an_overdue_rectification_without_report_fails(world: World) -> None:
    visit = await Visit.signed(world, findings=[{}], C09="NONCONFORM")
    ok(await visit.submit("ISSUE_CORRECTED"))
    ok(await visit.review())
    found = ok(await world.inspection.get(f"/v1/rectifications?inspection={visit.id}", **LEAD))["items"][0]
    path, failed = f"/v1/rectifications/{found['id']}/recheck", {"passed": False, "note": "逾期未整改"}
    refused(await world.inspection.post(path, failed, **LEAD), "rectification-not-reported")
    world.on("2024-10-09")
    overdue = await world.inspection.get("/v1/rectifications?overdue_on=2024-10-09", **LEAD)
    assert [one["id"] for one in ok(overdue)["items"]] == [found["id"]]
    assert ok(await world.inspection.post(path, failed, **LEAD))["state"] == "failed"
    assert (await told(world))[-1][0] == "RectificationFailed"
    refused(await world.inspection.post(path, {"passed": True, "note": "后改"}, **LEAD), "transition-forbidden")

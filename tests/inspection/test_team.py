"""The team of the day: whoever comes may serve on that day and is known to the object."""

from datetime import date
from typing import Any

import pytest

from services.inspection.rules.team import reason_against
from shared.core.canonical import SHA_256, fingerprint
from shared.events.sampling import InspectorReplaced, TeamAssigned
from shared.events.value_objects import AssignedMember, Leave
from shared.testing.world import World
from shared.vocabulary import ReplacementReason
from tests.inspection import facts
from tests.inspection.visit import FIRST, LEAD, OBJECT, SECOND, Visit, ok, refused, told

NEWCOMER = AssignedMember(inspector_id="inspector-3", name="孙三", org="3501", law_enforcement_no="35010003")
NEW: dict[str, Any] = FIRST | {"sub": NEWCOMER.inspector_id}
NOTICE = {"channel": "phone", "recipient": "质量负责人"}


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2024-08-31", "CERTIFICATE_NOT_VALID"),
        ("2024-09-01", None),
        ("2024-09-09", None),
        ("2024-09-10", "ON_LEAVE"),
        ("2024-09-12", "ON_LEAVE"),
        ("2024-09-13", None),
        ("2024-09-30", None),
        ("2024-10-01", "CERTIFICATE_NOT_VALID"),
    ],
)
def test_a_member_serves_within_the_certificate_and_not_on_leave(day: str, reason: str | None) -> None:
    leave = Leave(first=date(2024, 9, 10), last=date(2024, 9, 12))
    known = {"certificate_from": date(2024, 9, 1), "certificate_to": date(2024, 9, 30), "leaves": (leave,)}
    assert reason_against(NEWCOMER.model_copy(update=known), date.fromisoformat(day)) == reason


def test_a_member_of_whom_no_validity_was_told_is_not_held_up() -> None:
    assert reason_against(NEWCOMER, facts.DAY) is None


def with_second(team: TeamAssigned, **other: Any) -> TeamAssigned:
    first, second = team.members
    return team.model_copy(update={"members": (first, second.model_copy(update=other))})


async def test_no_visit_is_planned_for_a_day_on_which_a_member_may_not_serve(world: World) -> None:
    visit = await Visit.assigned(world, with_second(facts.team(), certificate_to=date(2024, 9, 17)))
    refusal = refused(await visit.schedule(), "member-unavailable")
    assert refusal["members"] == {facts.TWO: "CERTIFICATE_NOT_VALID"}
    assert ok(await visit.get())["state"] == "assigned"
    assert ok(await visit.schedule(date(2024, 9, 14)))["state"] == "scheduled"


async def test_a_leave_that_is_entered_after_the_planning_stops_notice_and_start(world: World) -> None:
    team = facts.team()
    away = with_second(team, leaves=(Leave(first=facts.DAY, last=facts.DAY),))
    visit = await Visit.assigned(world, team)
    ok(await visit.schedule())
    world.on(facts.NOTICE_DAY)
    await world.publish(away)
    assert refused(await visit.notify(), "member-unavailable")["members"] == {facts.TWO: "ON_LEAVE"}
    await world.publish(team)
    ok(await visit.notify())
    world.on(facts.DAY)
    await world.publish(away)
    refused(await visit.post("start", {}, **FIRST), "member-unavailable")
    assert "leaves" not in ok(await visit.get())["members"][1]


def replaced(team: TeamAssigned) -> InspectorReplaced:
    leader = NEWCOMER.model_copy(update={"leader": True})
    about = {"assignment_id": team.assignment_id, "campaign_id": team.campaign_id}
    members = (leader, team.members[1])
    return InspectorReplaced(**about, leaving=facts.ONE, reason=ReplacementReason.RECUSED, members=members)


async def test_a_notified_object_is_told_of_the_changed_team_before_the_visit_begins(world: World) -> None:
    team = facts.team()
    visit = await Visit.assigned(world, team)
    ok(await visit.schedule())
    refused(await visit.post("supplementary-notice", NOTICE, **LEAD), "transition-forbidden")
    world.on(facts.NOTICE_DAY)
    first = ok(await visit.notify())
    refused(await visit.post("supplementary-notice", NOTICE, **LEAD), "notice-names-team")
    await world.publish(replaced(team))
    assert ok(await visit.get())["state"] == "notified"
    world.on(facts.DAY)
    refused(await visit.post("start", {}, **SECOND), "supplementary-notice-missing")
    second = ok(await visit.post("supplementary-notice", NOTICE, **NEW))
    assert second["content"]["inspectors"][0] == {"name": "孙三", "law_enforcement_no": "35010003"}
    assert second["content"]["supplements"] == first["content_hash"]
    assert second["content_hash"] == fingerprint(SHA_256, second["content"])
    assert len(ok(await world.inspection.get("/v1/notices", **OBJECT))["items"]) == 2
    assert ok(await visit.post("start", {}, **NEW))["state"] == "in_progress"
    notified = [said for name, said in await told(world) if name == "ObjectNotified"]
    assert [(said["supplementary"], said["inspection_on"]) for said in notified] == [(False, "2024-09-18"), (True, "2024-09-18")]


async def test_after_the_day_only_a_new_day_can_be_told(world: World) -> None:
    team = facts.team()
    visit = await Visit.assigned(world, team)
    ok(await visit.schedule())
    world.on(facts.NOTICE_DAY)
    ok(await visit.notify())
    await world.publish(replaced(team))
    world.on(date(2024, 9, 19))
    refused(await visit.post("supplementary-notice", NOTICE, **LEAD), "notice-too-late")
    ok(await visit.schedule(date(2024, 9, 23)))

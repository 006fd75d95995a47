"""What other services tell changes inspections once, in whatever order it arrives."""

from datetime import date

from shared.core.ids import new_id
from shared.events.sampling import ExpertAllotted, InspectorReplaced, ObjectReplaced
from shared.events.value_objects import AllottedExpert, AssignedMember, ReleasedObject
from shared.testing.world import World
from shared.vocabulary import ReplacementReason, Role, SelectionBasis
from tests.inspection import facts
from tests.inspection.visit import FIRST, LEAD, Visit, ok, refused


async def test_a_team_makes_one_inspection_though_told_twice(world: World) -> None:
    team = facts.team()
    await world.publish(facts.campaign(), facts.certificate(), facts.helmets(), team, twice=True)
    await world.publish(team)
    found = ok(await world.inspection.get("/v1/inspections", **LEAD))["items"]
    assert [(one["assignment_id"], one["state"]) for one in found] == [(str(team.assignment_id), "assigned")]


async def test_a_status_change_while_the_inspection_is_open_raises_one_alert(world: World) -> None:
    await world.publish(facts.certificate())
    visit = await Visit.assigned(world)
    await world.publish(facts.suspension(date(2024, 9, 10)), twice=True)
    alerts = ok(await world.inspection.get(f"/v1/alerts?inspection={visit.id}&open=true", **LEAD))["items"]
    assert [(one["status"], one["effective_on"]) for one in alerts] == [("suspended", "2024-09-10")]
    path = f"/v1/alerts/{alerts[0]['id']}/acknowledgement"
    refused(await world.inspection.post(path, {"note": "已知"}, **{**LEAD, "org": "3502"}), "alert-not-found")
    ok(await world.inspection.post(path, {"note": "按暂停核查"}, **LEAD))
    assert ok(await world.inspection.get("/v1/alerts?open=true", **LEAD))["items"] == []


async def test_a_change_between_draw_and_team_raises_an_alert_too(world: World) -> None:
    await world.publish(facts.certificate(), facts.suspension(date(2024, 8, 1)))
    visit = await Visit.assigned(world)
    alerts = ok(await world.inspection.get("/v1/alerts", **LEAD))["items"]
    assert [(one["inspection_id"], one["status"]) for one in alerts] == [(visit.id, "suspended")]


async def test_an_expert_allotted_before_the_team_stands_is_not_lost(world: World) -> None:
    team = facts.team()
    expert = AllottedExpert(expert_id="expert-7", name="林工", field="防爆电气")
    told = ExpertAllotted(assignment_id=team.assignment_id, campaign_id=team.campaign_id, expert=expert)
    await world.publish(told, twice=True)
    visit = await Visit.assigned(world, team)
    assert [one["name"] for one in ok(await visit.get())["experts"]] == ["林工"]
    assert ok(await visit.get(as_=Role.EXPERT, org="35", sub="expert-7"))["id"] == visit.id
    refused(await visit.get(as_=Role.EXPERT, org="35", sub="expert-8"), "inspection-not-found")


async def test_a_replaced_inspector_loses_the_inspection_to_the_new_one(world: World) -> None:
    team = facts.team()
    visit = await Visit.assigned(world, team)
    newcomer = AssignedMember(inspector_id="inspector-3", name="孙三", org="3501", law_enforcement_no="35010003", leader=True)
    told = InspectorReplaced(
        assignment_id=team.assignment_id,
        campaign_id=team.campaign_id,
        leaving=facts.ONE,
        reason=ReplacementReason.RECUSED,
        members=(newcomer, team.members[1]),
    )
    await world.publish(told, twice=True)
    refused(await visit.notify(**FIRST), "inspection-not-found")
    assert [one["inspector_id"] for one in ok(await visit.get())["members"]] == ["inspector-3", facts.TWO]


async def test_the_inspection_of_a_replaced_object_is_cancelled(world: World) -> None:
    team = facts.team()
    visit = await Visit.assigned(world, team)
    other = ReleasedObject(
        assignment_id=new_id(),
        task_no="CCC-2024-215-3501-014",
        object=team.object,
        certificate=team.certificate,
        basis=SelectionBasis.RANDOM,
        rank=14,
    )
    told = ObjectReplaced(
        assignment_id=team.assignment_id,
        campaign_id=team.campaign_id,
        uscc=team.object.uscc,
        reason=ReplacementReason.OBJECT_MOVED,
        replacement=other,
    )
    await world.publish(told, twice=True)
    assert ok(await visit.get())["state"] == "cancelled"
    refused(await visit.schedule(), "transition-forbidden")

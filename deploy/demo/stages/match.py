"""The cities draw their inspectors; experts, one recusal, one object that moved away."""

from datetime import date
from functools import partial

from deploy.demo import cast, scenarios
from deploy.demo.client import UnexpectedError
from deploy.demo.journey import Journey, Record
from deploy.demo.stages.draw import WITNESSES, act
from shared.core.province import province

EX_ELECTRICAL, EX_CLASS = "EX_ELECTRICAL", "23"


async def match(journey: Journey) -> None:
    """Give every drawn object a team, and keep it when an object or an inspector has to be replaced."""
    await _read_another_citys_list(journey)
    for city in await _cities(journey):
        await _draw_teams(journey, city, journey.timeline.day(7), journey.timeline.last_inspection)
    await _replace_object(journey)
    await _recuse(journey)
    await _allot_experts(journey)


async def _cities(journey: Journey) -> list[str]:
    return sorted({assignment["city"] for assignment in await journey.assignments()})


async def _read_another_citys_list(journey: Journey) -> None:
    """A city asks for the list and an object of its neighbour: for the city they do not exist, and both stand in the audit."""
    await journey.reach(journey.timeline.day(7), 9)
    first = (await journey.assignments())[0]
    stranger = next(city for city in province().cities if city != first["city"])
    by = cast.lead(stranger)
    await journey.rejection(journey.api.all("sampling", "/v1/assignments", by, city=first["city"]), "not-found")
    refused = await journey.rejection(journey.api.get("sampling", f"/v1/assignments/{first['id']}", by), "assignment-not-found")
    trail = {"subject": by.subject, "action": "access.denied"}
    noted = await journey.api.all("sampling", "/v1/operations/audit", cast.AUDITOR, **trail)
    if not {"/v1/assignments", f"/v1/assignments/{first['id']}"} <= {row["object_id"] for row in noted}:
        raise UnexpectedError("an attempt to read another city's list is not in the audit")
    journey.note(f"city {stranger} tried to read a list of {first['city']}", f"refused {refused.status} {refused.code}, audited")


async def _draw_teams(journey: Journey, city: str, day: date, inspection_on: date) -> None:
    """One inspector draw of a city for all of its objects without a team; members are qualified on `inspection_on`."""
    await journey.reach(day, 10)
    plan = {"campaign_id": journey.campaign, "kind": "inspector", "inspection_on": str(inspection_on), "sources": WITNESSES}
    planned = await journey.api.post("sampling", "/v1/draws", cast.lead(city), plan)
    await _carry_out(journey, planned["id"], city)


async def _carry_out(journey: Journey, draw_id: str, city: str) -> None:
    await act(journey, draw_id, "freeze", cast.lead(city))
    await act(journey, draw_id, "seal", cast.deputy(city))
    await act(journey, draw_id, "contributions", cast.WITNESS, {"source": "witness", "value": f"{city}-{draw_id[-4:]}"})
    await act(journey, draw_id, "execute", cast.operator(city))
    await act(journey, draw_id, "release", cast.lead(city), {"audience": "entitled"})
    journey.draws.append(draw_id)


async def _replace_object(journey: Journey) -> None:
    """One object has moved away: the next of its reserve takes its place, with the same team where that fits."""
    await journey.reach(journey.timeline.day(9), 9)
    moved = await _replaceable(journey)
    ask = {"reason": "object_moved", "detail": "已迁往外省, 登记机关出具迁出证明"}
    path = f"/v1/assignments/{moved['id']}/object-replacements"
    asked = await journey.api.post("sampling", path, cast.lead(moved["city"]), ask)
    approved = await journey.api.post("sampling", f"/v1/object-replacements/{asked['id']}/approval", cast.APPROVER)
    replacement = await journey.api.get("sampling", f"/v1/assignments/{approved['new_assignment_id']}", cast.PLANNER)
    if replacement["state"] == "pending_inspectors":
        day_before = scenarios.notice_day(journey.timeline.last_inspection)
        await _draw_teams(journey, moved["city"], journey.timeline.day(10), day_before)
    journey.note("an object moved away, replaced from the reserve", f"{moved['task_no']} → {replacement['task_no']}")
    journey.figures["objects replaced"] += 1


async def _replaceable(journey: Journey) -> Record:
    """The first object of a stratum that has a reserve."""
    draw = await journey.api.get("sampling", f"/v1/draws/{journey.draws[0]}/transcript", cast.DRAWER)
    reserves = {reserve["stratum"] for reserve in draw["result"]["reserves"]}
    chosen = next(unit["unit_id"] for unit in draw["result"]["selected"] if unit["stratum"] in reserves)
    return next(each for each in await journey.assignments() if each["uscc"] == chosen)


async def _recuse(journey: Journey) -> None:
    """An inspector names an interest in the object; the head decides; a new draw finds the successor."""
    await journey.reach(journey.timeline.day(10), 14)
    assignment, leaving = await _relative(journey)
    city = assignment["city"]
    raised = {"inspector_id": leaving["inspector_id"], "reason": "kinship", "detail": "配偶的兄弟任该企业质量负责人"}
    path = f"/v1/assignments/{assignment['id']}/recusals"
    recusal = await journey.api.post("sampling", path, cast.inspector(leaving), raised)
    accepted = {"accepted": True, "note": "情况属实, 同意回避"}
    path = f"/v1/replacements/{recusal['id']}/decision"
    decided = await journey.api.post("sampling", path, cast.deputy(city), accepted)
    await journey.reach(journey.timeline.day(11), 9)
    await _carry_out(journey, decided["draw_id"], city)
    journey.note("an inspector recused, the successor drawn", f"{assignment['task_no']}: {leaving['name']}, kinship")


async def replace_absent(journey: Journey, assignment: Record, inspector_id: str, day: date) -> None:
    """A member is away on the day of the visit: the province decides, and a new draw finds who may serve on that day."""
    wanted = {"inspector_id": inspector_id, "reason": "leave", "detail": "检查当日休假", "inspection_on": str(day)}
    path = f"/v1/assignments/{assignment['id']}/member-replacements"
    asked = await journey.api.post("sampling", path, cast.lead(assignment["city"]), wanted)
    accepted = {"accepted": True, "note": "情况属实"}
    path = f"/v1/replacements/{asked['id']}/decision"
    decided = await journey.api.post("sampling", path, cast.PLANNER, accepted)
    await _carry_out(journey, decided["draw_id"], assignment["city"])
    journey.figures["members replaced for leave"] += 1


async def _relative(journey: Journey) -> tuple[Record, Record]:
    """The second member of the first team whose object stayed."""
    stayed = {each["task_no"]: each for each in await journey.alive()}
    team = next(team for team in await journey.selected(journey.draws[1]) if team["task"] in stayed)
    path = f"/v1/inspectors/{team['members'][-1]}"
    return stayed[team["task"]], await journey.api.get("sampling", path, cast.PLANNER)


async def _allot_experts(journey: Journey) -> None:
    """One expert for each object with explosion-protected products, on the city's request."""
    await journey.reach(journey.timeline.day(11), 14)
    due = [each for each in await journey.alive() if each["priority_group"] == EX_ELECTRICAL]
    experts = [expert for expert in journey.province.experts if EX_CLASS in expert.fields]
    conflicts = {(conflict.person, conflict.uscc) for conflict in journey.province.conflicts}
    acts = []
    for place, assignment in enumerate(due):
        free = [one.expert_no for one in experts if (one.expert_no, assignment["uscc"]) not in conflicts]
        acts.append(partial(_allot, journey, assignment, free[place % len(free)]))
    await journey.each(journey.show.line("experts 专家"), acts)
    journey.figures["experts allotted"] = len(due)
    journey.note("an expert allotted for each Ex-electrical object", f"{len(due)} proposed by the metrology institute")


async def _allot(journey: Journey, assignment: Record, expert_id: str) -> None:
    ask = {"field": EX_CLASS, "reason": "防爆电气产品, 需技术专家支持"}
    path = f"/v1/assignments/{assignment['id']}/expert-requests"
    asked = await journey.api.post("sampling", path, cast.lead(assignment["city"]), ask)
    proposed = {"expert_id": expert_id, "conflict_free": True, "declaration": "与被检查对象无利害关系"}
    await journey.api.post("sampling", f"/v1/expert-requests/{asked['id']}/proposal", cast.INSTITUTE, proposed)
    await journey.api.post("sampling", f"/v1/expert-requests/{asked['id']}/allotment", cast.PLANNER)

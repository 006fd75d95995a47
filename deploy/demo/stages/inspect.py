"""Every inspection: scheduled, announced the day before, carried out, signed, submitted, reviewed."""

from collections import Counter
from datetime import date
from functools import partial
from typing import Any

from deploy.cli.errors import ApiError
from deploy.demo import cast, onsite, scenarios
from deploy.demo.agenda import at
from deploy.demo.client import UnexpectedError
from deploy.demo.journey import Journey, Record
from deploy.demo.scenarios import Scenario, Visit
from deploy.demo.stages import match, rectify, statuses

_PREFERRED = {
    scenarios.HELMET_ADVICE: ("EBIKE_HELMET", "MOTO_HELMET"),
    scenarios.HELMET_MANDATORY: ("EBIKE_HELMET", "MOTO_HELMET"),
    "uncertified supply, case to closure": ("WIRE_CABLE",),
    "forged mark above the criminal threshold": ("CHILD", "FIRE"),
}


async def plan(journey: Journey) -> list[Visit]:
    """Choose who plays which scenario and when, and enter everything up to the reviews."""
    cast_list = await _chosen(journey)
    known = await _inspections(journey, [assignment["id"] for assignment, _, _ in cast_list])
    visits = [Visit(one, scenario, on, known[one["id"]]) for one, scenario, on in cast_list]
    journey.show.line("notices 检查通知").expect(len(visits))
    journey.show.line("inspections 现场检查").expect(len(visits))
    journey.show.line("reviews 审核").expect(len(visits))
    for visit in visits:
        _enter(journey, visit)
    journey.enter(at(scenarios.notice_day(visits[0].on), 9), _notify_too_early, journey, _latest(visits))
    return visits


def scheduled_on(journey: Journey) -> date:
    """The day on which the days of all inspections are set: the one before the first of them."""
    return journey.timeline.day(12)


def _latest(visits: list[Visit]) -> Visit:
    return max(visits, key=lambda visit: visit.on)


async def _chosen(journey: Journey) -> list[tuple[Record, Scenario, date]]:
    """Special scenarios go to objects with a valid certificate, by product where it matters; the rest is spread."""
    free = await journey.alive()
    valid = await _with_valid_certificate(journey, free)
    taken: list[tuple[Record, Scenario, date]] = []
    used: Counter[str] = Counter()
    for scenario in scenarios.special(journey.timeline):
        player = min((one for one in free if one["certificate_no"] in valid), key=partial(_fitness, scenario, used))
        free.remove(player)
        used[player["city"]] += 1
        taken.append((player, scenario, scenario.on or journey.timeline.first_inspection))
    days = journey.timeline.inspection_days()
    for place, one in enumerate(free):
        taken.append((one, scenarios.ordinary(place), days[place * len(days) // len(free)]))
    return taken


def _fitness(scenario: Scenario, used: Counter[str], one: Record) -> tuple[int, int]:
    """The product first, then a city that has played less: smaller is better."""
    wanted, group = _PREFERRED.get(scenario.name, ()), one["priority_group"]
    return (wanted.index(group) if group in wanted else len(wanted), used[one["city"]])


async def _with_valid_certificate(journey: Journey, assignments: list[Record]) -> set[str]:
    found: set[str] = set()

    async def look(number: str) -> None:
        status = await journey.api.get("registry", f"/v1/certificates/{number}/status", cast.PLANNER, on=str(journey.today()))
        if status["status"] == "valid":
            found.add(number)

    acts = [partial(look, each["certificate_no"]) for each in assignments]
    await journey.agenda.side_by_side(*acts)
    return found


async def _inspections(journey: Journey, assignments: list[str]) -> dict[str, Record]:
    """Inspections begin by themselves, when inspection consumes the teams."""
    found: dict[str, Record] = {}

    async def all_there() -> bool:
        listed = await journey.api.all("inspection", "/v1/inspections", cast.PLANNER, campaign_id=journey.campaign)
        found.update({each["assignment_id"]: each for each in listed})
        return all(each in found for each in assignments)

    await journey.wait("an inspection for each team", all_there)
    return found


def _enter(journey: Journey, visit: Visit) -> None:
    scenario = visit.scenario
    journey.enter(at(scheduled_on(journey), 8), _schedule, journey, visit)
    if scenario.suspended_on:
        journey.enter(at(scenario.suspended_on, 9), _suspend, journey, visit)
    journey.enter(at(scenarios.notice_day(visit.on), 10), _notify, journey, visit)
    journey.enter(at(visit.on, 9, 30), _visit, journey, visit)
    journey.enter(at(scenarios.after(visit.on, 1), 10), _review, journey, visit)


async def _schedule(journey: Journey, visit: Visit) -> None:
    """Set the day; a member who is away on it is replaced first."""
    body, by = {"inspection_on": visit.on.isoformat()}, cast.lead(visit.city)
    try:
        await journey.api.put("inspection", f"{visit.path}/schedule", by, body, visit.listed)
    except ApiError as refused:
        if refused.code != "member-unavailable":
            raise
        for member in refused.problem["members"]:
            await match.replace_absent(journey, visit.assignment, member, visit.on)
        fresh = await _team_without(journey, visit, set(refused.problem["members"]))
        await journey.api.put("inspection", f"{visit.path}/schedule", by, body, fresh)


async def _team_without(journey: Journey, visit: Visit, gone: set[str]) -> Record:
    """The inspection once it has consumed its new team."""

    async def changed() -> Record | None:
        found: Record = await journey.api.get("inspection", visit.path, cast.lead(visit.city))
        return None if gone & {member["inspector_id"] for member in found["members"]} else found

    fresh: Record = await journey.wait("the new team of an inspection", changed)
    return fresh


async def _suspend(journey: Journey, visit: Visit) -> None:
    """The body suspends the certificate; the open inspection is alerted."""
    number = visit.assignment["certificate_no"]
    await statuses.suspend(journey, number, visit.scenario.suspended_on or visit.on)

    async def alerted() -> Any:
        found = await journey.api.get("inspection", "/v1/alerts", cast.lead(visit.city), inspection_id=visit.inspection)
        return found["items"]

    alerts = await journey.wait("an alert on the open inspection", alerted)
    for alert in alerts:
        path, note = f"/v1/alerts/{alert['id']}/acknowledgement", {"note": "检查时核实暂停后的出厂、库存情况"}
        await journey.api.post("inspection", path, cast.lead(visit.city), note)
    journey.figures["alerts on open inspections"] += len(alerts)
    what = "an open inspection alerted" if visit.scenario.flaws else visit.scenario.name
    journey.note(what, f"{visit.assignment['task_no']}: {number} suspended {visit.scenario.suspended_on}")


async def _notify_too_early(journey: Journey, visit: Visit) -> None:
    """A notice long before the day before must be refused."""
    refused = await journey.rejection(_notice(journey, visit), "notice-too-early")
    journey.note("a notice earlier than the day before", f"{visit.assignment['task_no']}: refused {refused.code}")


async def _notify(journey: Journey, visit: Visit) -> None:
    await _notice(journey, visit)
    contact = cast.contact(visit.assignment["uscc"])
    read = await journey.api.get("inspection", "/v1/notices", contact)
    if not any(notice["inspection_id"] == visit.inspection for notice in read["items"]):
        raise UnexpectedError("the object cannot read its notice")
    journey.show.line("notices 检查通知").done()
    journey.figures["notices on the day before"] += 1


async def _notice(journey: Journey, visit: Visit) -> Any:
    body = {"channel": "sms", "recipient": "企业联系人(模拟)"}
    return await journey.api.post("inspection", f"{visit.path}/notice", cast.lead(visit.city), body)


async def _visit(journey: Journey, visit: Visit) -> None:
    await onsite.carry_out(journey, visit.path, visit.scenario)
    journey.show.line("inspections 现场检查").done()
    journey.figures["inspections"] += 1


async def _review(journey: Journey, visit: Visit) -> None:
    opinion = {"decision": "approved", "opinion": "程序合规, 证据充分, 同意"}
    await journey.api.post("inspection", f"{visit.path}/review", cast.deputy(visit.city), opinion)
    journey.show.line("reviews 审核").done()
    await rectify.follow(journey, visit)

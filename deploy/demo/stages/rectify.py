"""What follows a review: orders to correct and their rechecks."""

from datetime import date

from deploy.demo import cast, onsite, scenarios
from deploy.demo.agenda import at
from deploy.demo.journey import Journey, Record
from deploy.demo.scenarios import Visit
from deploy.demo.stages import cases


async def follow(journey: Journey, visit: Visit) -> None:
    """Enter the rectifications of a reviewed inspection, and what its findings become elsewhere."""
    listed = await journey.api.all("inspection", "/v1/rectifications", cast.PLANNER, inspection_id=visit.inspection)
    line = journey.show.line("rectifications 整改")
    for rectification in listed:
        line.expect(1)
        reported_on = scenarios.after(date.fromisoformat(rectification["ordered_on"]), 6)
        journey.enter(at(reported_on, 11), _report, journey, visit, rectification)
        rechecked_on = scenarios.after(reported_on, 4)
        journey.enter(at(reported_on, 15), _set_day, journey, visit, rectification, rechecked_on)
        journey.enter(at(rechecked_on, 11), _recheck, journey, visit, rectification)
    await cases.follow(journey, visit)


async def _report(journey: Journey, visit: Visit, rectification: Record) -> None:
    path, contact = f"/v1/rectifications/{rectification['id']}", cast.contact(visit.assignment["uscc"])
    about = {"kind": "documentary", "file_name": "corrected.png", "captured_by": contact.name}
    await onsite.keep(journey, path, contact, onsite.picture(f"corrected {rectification['id']}"), **about)
    await journey.api.post("inspection", f"{path}/report", contact, {"report": "已按要求改正, 附照片和更新后的制度文件"})


async def _set_day(journey: Journey, visit: Visit, rectification: Record, day: date) -> None:
    path = f"/v1/rectifications/{rectification['id']}/recheck-day"
    await journey.api.post("inspection", path, cast.lead(visit.city), {"recheck_on": str(day)})


async def _recheck(journey: Journey, visit: Visit, rectification: Record) -> None:
    passed = visit.scenario.rectified
    body = {"passed": passed, "note": "现场复查, 已整改到位" if passed else "现场复查, 铭牌仍未更正, 库存继续出厂"}
    path = f"/v1/rectifications/{rectification['id']}/recheck"
    await journey.api.post("inspection", path, cast.lead(visit.city), body)
    journey.show.line("rectifications 整改").done()
    journey.figures["rectifications passed" if passed else "rectifications failed"] += 1
    if not passed:
        await cases.penalise(journey, visit, rectification["finding_id"], cases.OVERDUE)

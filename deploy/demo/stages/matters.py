"""What goes to others than the object: qualification matters to SAMR, letters to bodies, copies to departments."""

from functools import partial
from typing import Any

from deploy.demo import cast, scenarios
from deploy.demo.agenda import at
from deploy.demo.journey import Journey, Record
from deploy.demo.province.reference import local
from deploy.demo.scenarios import Visit
from deploy.demo.stages import statuses


async def follow(journey: Journey, visit: Visit, finding: Record) -> None:
    """Enter what a confirmed finding asks of others."""
    if finding["respondent_type"] == "cert_body":
        matter = await _found(journey, visit, "qualification-matters", finding)
        journey.enter(_in(journey, 2), _submit, journey, visit, matter)
        journey.enter(_in(journey, 5), _report_to_samr, journey, visit, matter)
    if "letter_to_body" in finding["measures"]:
        letter = await _found(journey, visit, "letters", finding)
        journey.enter(_in(journey, 2), _send_letter, journey, visit, letter)
        journey.enter(_in(journey, 12), _body_answers, journey, visit, letter)
    if "copy_department" in finding["measures"]:
        copy = await _found(journey, visit, "copies", finding)
        journey.enter(_in(journey, 1), _send_copy, journey, visit, copy)


def _in(journey: Journey, working_days: int) -> Any:
    return at(scenarios.after(journey.today(), working_days), 10)


async def _found(journey: Journey, visit: Visit, kind: str, finding: Record) -> Record:
    listed = partial(journey.api.all, "cases", f"/v1/{kind}", cast.lead(visit.city), finding_id=finding["id"])
    (one,) = await journey.wait(f"{kind} of a finding", listed)
    return dict(one)


async def _submit(journey: Journey, visit: Visit, matter: Record) -> None:
    body = {"opinion": "建议总局核查该认证机构工厂检查的真实性"}
    path = f"/v1/qualification-matters/{matter['id']}/submission"
    await journey.api.post("cases", path, cast.lead(visit.city), body)


async def _report_to_samr(journey: Journey, visit: Visit, matter: Record) -> None:
    body = {"document_no": f"{local()['documents']}〔{journey.timeline.year}〕{matter['id'][-4:]}号(模拟)"}
    path = f"/v1/qualification-matters/{matter['id']}/report-to-samr"
    await journey.api.post("cases", path, cast.PLANNER, body)
    journey.figures["matters reported to SAMR"] += 1
    journey.note(visit.scenario.name, f"{visit.assignment['task_no']}: city → province → SAMR, {body['document_no']}")


async def _send_letter(journey: Journey, visit: Visit, letter: Record) -> None:
    body = {"requested": "suspend", "content": "经查产品与型式试验样品不一致, 请依法处理证书并反馈"}
    await journey.api.post("cases", f"/v1/letters/{letter['id']}/send", cast.lead(visit.city), body)


async def _body_answers(journey: Journey, visit: Visit, letter: Record) -> None:
    """The body suspends the certificate; cases consumes the event of the registry, and the letter is answered."""
    number, today = visit.assignment["certificate_no"], journey.today()
    await statuses.suspend(journey, number, today)

    async def answered() -> bool:
        now = await journey.api.get("cases", f"/v1/letters/{letter['id']}", cast.lead(visit.city))
        return bool(now["state"] == "answered")

    await journey.wait("the letter answered by the suspension", answered)
    journey.note(visit.scenario.name, f"{visit.assignment['task_no']}: {number} suspended by its body on {today}")


async def _send_copy(journey: Journey, visit: Visit, copy: Record) -> None:
    body = {"department": "消防救援机构", "content": "该企业消防安全通道堆放成品, 请依法处理"}
    await journey.api.post("cases", f"/v1/copies/{copy['id']}/send", cast.lead(visit.city), body)
    journey.note(visit.scenario.name, f"{visit.assignment['task_no']}: copied to {body['department']}")

"""What findings become: cases to closure, a criminal transfer, qualification matters, letters, copies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from deploy.cli.credentials import Person
from deploy.demo import cast, scenarios
from deploy.demo.agenda import at
from deploy.demo.journey import Journey, Record
from deploy.demo.scenarios import Visit
from deploy.demo.stages import matters


@dataclass(frozen=True)
class Course:
    """How a case ends: penalties with their amounts in fen, and what investigation and notice say beside them."""

    penalties: tuple[Record, ...]
    investigation: Record = field(default_factory=dict)
    notice: Record = field(default_factory=dict)


def fine(amount_fen: int) -> Record:
    """A fine."""
    return {"kind": "fine", "amount_fen": amount_fen}


OVERDUE = Course((fine(800_000),), {}, {"correction_overdue": True})
_COURSES = {
    "supply while suspended": Course(
        (fine(6_000_000), {"kind": "confiscate_gains", "amount_fen": 1_200_000}),
        {"goods_value_fen": 18_000_000, "gains_fen": 1_200_000},
    ),
    scenarios.HELMET_MANDATORY: Course((fine(5_000_000),), {"goods_value_fen": 9_600_000}),
    "uncertified supply, case to closure": Course((fine(5_000_000),), {"goods_value_fen": 9_600_000}),
    "certificate lent, found after the interim cut-off": Course((fine(3_000_000),), {"goods_value_fen": 4_200_000}),
}
Step = tuple[int, int, str, Callable[[str], Person], Record]


async def follow(journey: Journey, visit: Visit) -> None:
    """Enter what the confirmed findings of an inspection become."""
    found = await journey.api.all("inspection", f"{visit.path}/findings", cast.PLANNER)
    for finding in found:
        if course := _COURSES.get(visit.scenario.name):
            await penalise(journey, visit, finding["id"], course)
        elif finding["suspected_crime"]:
            await _transfer(journey, visit, finding["id"])
        elif "case_clue" in finding["measures"]:
            await _decline(journey, visit, finding["id"])
        await matters.follow(journey, visit, finding)


async def penalise(journey: Journey, visit: Visit, finding_id: str, course: Course) -> None:
    """Verification, filing, investigation, legal review, notice, decision, service, publication, payment, closure."""
    case = await _case(journey, visit, finding_id)
    await _take(journey, visit.city, f"/v1/cases/{case['id']}", _penalty_steps(visit.city, journey.timeline.year, case, course))
    journey.note(visit.scenario.name, f"{visit.assignment['task_no']}: clue {case['clue_no']}, decided, paid and closed")


async def _decline(journey: Journey, visit: Visit, finding_id: str) -> None:
    case = await _case(journey, visit, finding_id)
    ground = {"ground": "first_time", "explanation": "初次违法, 后果轻微并及时改正"}
    steps: list[Step] = [(2, 9, "verification", cast.officer, {}), (5, 9, "non-filing", cast.deputy, ground)]
    await _take(journey, visit.city, f"/v1/cases/{case['id']}", steps)
    journey.note(visit.scenario.name, f"{visit.assignment['task_no']}: clue {case['clue_no']} not filed")


async def _transfer(journey: Journey, visit: Visit, finding_id: str) -> None:
    """The police get the case: the penalty may not take the transfer's place."""
    case = await _case(journey, visit, finding_id)
    listed = partial(journey.api.all, "cases", "/v1/criminal-transfers", cast.officer(visit.city), finding_id=finding_id)
    (transfer,) = await journey.wait("the criminal transfer of a finding", listed)
    city, year = visit.city, journey.timeline.year
    await _take(journey, city, f"/v1/cases/{case['id']}", _judicial_steps(city, year))
    await _take(journey, city, f"/v1/criminal-transfers/{transfer['id']}", _transfer_steps(city, year))
    journey.figures["criminal transfers"] += 1
    journey.note(visit.scenario.name, f"{visit.assignment['task_no']}: clue {case['clue_no']}, sent to the police, filed")


async def _case(journey: Journey, visit: Visit, finding_id: str) -> Record:
    """A clue begins by itself, when cases consumes the finding."""
    listed = partial(journey.api.all, "cases", "/v1/cases", cast.officer(visit.city), finding_id=finding_id)
    (case,) = await journey.wait(f"a clue from finding {finding_id}", listed)
    journey.figures["clues"] += 1
    return dict(case)


async def _take(journey: Journey, city: str, path: str, steps: Sequence[Step]) -> None:
    """Enter the steps: each so many working days from today, at an hour."""
    today = journey.today()
    journey.show.line("cases 案件").expect(len(steps))
    for days, hour, noun, role, body in steps:
        when = at(scenarios.after(today, days), hour)
        journey.enter(when, _step, journey, f"{path}/{noun}", role(city), body)


async def _step(journey: Journey, path: str, by: Person, body: Record) -> None:
    await journey.api.post("cases", path, by, body)
    journey.show.line("cases 案件").done()


def handlers(city: str, year: int) -> list[Record]:
    """Two qualified handlers of a bureau."""
    return [
        {
            "subject": f"{turn}-{city}",
            "name": f"{city}办案人员{turn}(模拟)",
            "law_enforcement_no": f"{city.ljust(6, '0')}9000{place}",
            "certificate_valid_to": f"{year + 2}-12-31",
        }
        for place, turn in enumerate(("officer", "officer-b"))
    ]


def _filing(city: str, year: int) -> Record:
    return {"handlers": handlers(city, year), "initial_proof": "问题确认表、现场照片、出厂记录", "penalty_due": True}


def _penalty_steps(city: str, year: int, case: Record, course: Course) -> list[Step]:
    ended = {"final_report": "事实清楚, 证据确凿", "evidence": ["问题确认表", "出厂记录", "询问笔录"], "complex": False}
    penalties = list(course.penalties)
    notice = {"penalties": penalties, "facts": "经查, 违法事实成立", "hearing_right_notified": False} | course.notice
    number = f"模市监处〔{year}〕{case['clue_no'].rpartition('-')[2]}号({city})"
    decided = {"outcome": "penalty_decided", "decision_no": number, "penalties": penalties, "educated": True}
    total = sum(int(penalty["amount_fen"]) for penalty in penalties)
    return [
        (2, 9, "verification", cast.officer, {}),
        (4, 9, "filing", cast.deputy, _filing(city, year)),
        (4, 14, "investigation", cast.officer, {}),
        (11, 9, "investigation-end", cast.officer, ended | course.investigation),
        (11, 14, "review-submission", cast.officer, {"kind": "legal"}),
        (12, 9, "review", cast.legal, {"passed": True, "opinion": "定性准确, 程序合法"}),
        (12, 14, "notice", cast.officer, notice),
        (18, 9, "rights-conclusion", cast.officer, {"answer": None, "waived": False}),
        (19, 9, "decision", cast.deputy, decided | {"explanation": "责令改正, 依法处罚"}),
        (20, 9, "service", cast.officer, {"receipt": "送达回证", "method": "direct"}),
        (22, 9, "publication", cast.officer, {"platform": "国家企业信用信息公示系统"}),
        (22, 14, "execution", cast.officer, {}),
        (25, 9, "payment", cast.officer, {"amount_fen": total}),
        (26, 9, "closure", cast.deputy, {}),
        (30, 9, "archive", cast.officer, {}),
    ]


def _judicial_steps(city: str, year: int) -> list[Step]:
    return [
        (1, 9, "verification", cast.officer, {}),
        (2, 9, "filing", cast.deputy, _filing(city, year)),
        (2, 11, "investigation", cast.officer, {}),
        (6, 15, "judicial-transfer", cast.deputy, {}),
        (9, 9, "closure", cast.deputy, {}),
    ]


def _transfer_steps(city: str, year: int) -> list[Step]:
    materials = ["transfer_letter", "investigation_report", "goods_list"]
    sent: dict[str, Any] = {"materials": materials, "procuratorate_copied": True, "police": f"{city}公安局(模拟)"}
    return [
        (3, 9, "team", cast.officer, {"members": handlers(city, year)}),
        (3, 15, "report", cast.officer, {"report": "销售金额超过五万元, 涉嫌生产销售伪劣产品罪"}),
        (4, 9, "approval", cast.deputy, {}),
        (4, 14, "sending", cast.officer, sent),
        (4, 16, "acceptance", cast.police, {"receipt": "接受证据材料清单"}),
        (5, 16, "police-filing", cast.police, {"document": "立案决定书"}),
        (6, 9, "handover", cast.officer, {"receipt": "涉案物品移交清单"}),
    ]

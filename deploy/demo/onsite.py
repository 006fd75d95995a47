"""One day at an object: checklist, record, evidence, findings, signatures, submission."""

import struct
import zlib
from functools import partial
from typing import Any

from deploy.cli.credentials import Person
from deploy.demo import cast
from deploy.demo.journey import Journey, Record
from deploy.demo.scenarios import Flaw, Scenario
from shared.vocabulary import Role

_RECORD = {
    "place": "生产车间及成品仓库",
    "legal_representative": "法定代表人(模拟)",
    "contact": "质量负责人(模拟)",
    "guidance": "讲解强制性产品认证要求, 指导建立证书和标志管理台账",
    "integrity_declared": True,
    "integrity_acknowledged_by": "质量负责人(模拟)",
}
_REFUSAL = {"party": "refusal", "reason": "企业负责人认为应由集团总部确认, 拒绝签字"}
_INSPECTED = {"party": "inspector"}
_OPINION = {"party": "expert", "opinion": "agree", "statement": "技术判断与检查记录一致"}
RECORDING = b"RIFF$\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0@\x1f\0\0@\x1f\0\0\1\0\x08\0data\0\0\0\0"
"""A sound recording of no length."""
_SIGNATURE: Record = {
    "party": "object",
    "opinion": "agree",
    "statement": None,
    "name": "质量负责人(模拟)",
    "position": "质量负责人",
}


async def carry_out(journey: Journey, path: str, scenario: Scenario) -> None:
    """Inspect one object from start to submission."""
    post = partial(journey.api.post, "inspection")
    inspection = await journey.api.get("inspection", path, cast.PLANNER)
    team = [cast.inspector(member) for member in inspection["members"]]
    started = await post(f"{path}/start", team[0], {"place": _RECORD["place"]})
    answered = await _answer(journey, path, team[0], scenario, started)
    await journey.api.put("inspection", f"{path}/record", team[0], _RECORD, answered)
    for number, flaw in enumerate(scenario.flaws, start=1):
        await _find(journey, path, team[0], _finding(flaw, inspection["inspection_on"]), number)
    await _sign(journey, path, inspection, scenario)
    await post(f"{path}/submission", team[0], _result(scenario))


async def _sign(journey: Journey, path: str, inspection: Record, scenario: Scenario) -> None:
    """The team, its experts, and the object or the note that it did not sign, all under the sheet that they read."""
    team = [cast.inspector(member) for member in inspection["members"]]
    experts = [Person(one["expert_id"], Role.EXPERT, None, one["name"]) for one in inspection["experts"]]
    answer = _SIGNATURE
    if scenario.refuses_to_sign:
        answer = await _unsigned(journey, path, team[0])
        journey.note(scenario.name, f"{inspection['task_no']}: refusal to sign noted, with its recording among the evidence")
    signatures = [*((one, _INSPECTED) for one in team), *((one, _OPINION) for one in experts), (team[0], answer)]
    read = await journey.api.get("inspection", f"{path}/confirmation-sheet", team[0])
    for person, signature in signatures:
        await journey.api.post("inspection", f"{path}/signatures", person, signature | {"content_hash": read["content_hash"]})


async def _unsigned(journey: Journey, path: str, by: Person) -> Record:
    about = {"kind": "audiovisual", "file_name": "refusal.wav", "captured_by": by.name}
    return _REFUSAL | {"recording": (await keep(journey, path, by, RECORDING, **about))["id"]}


async def keep(journey: Journey, path: str, by: Person, content: bytes, **about: str) -> Record:
    """Upload a file as evidence of an inspection or of a correction."""
    kept = await journey.api.send("inspection", f"{path}/evidence", by, content, "application/octet-stream", **about)
    return dict(kept)


async def _answer(journey: Journey, path: str, by: Person, scenario: Scenario, started: Record) -> Any:
    checklist = await journey.api.get("inspection", f"{path}/checklist", by)
    wrong = {flaw.code: flaw.fact for flaw in scenario.flaws if flaw.violation}
    answers = [_given(item, wrong) for item in checklist["items"]]
    return await journey.api.put("inspection", f"{path}/answers", by, {"answers": answers}, started)


def _given(item: Record, wrong: dict[str, str]) -> Record:
    if item["code"] in wrong:
        return {"code": item["code"], "answer": "NONCONFORM", "note": wrong[item["code"]]}
    return {"code": item["code"], "answer": "CONFORM" if item["applicable"] else "NOT_APPLICABLE", "note": ""}


async def _find(journey: Journey, path: str, by: Person, finding: Record, number: int) -> None:
    about = {"kind": "documentary", "file_name": f"evidence-{number}.png", "captured_by": by.name}
    evidence = await keep(journey, path, by, picture(f"{path} {finding['checklist_code']} {number}"), **about)
    found = finding | {"evidence_ids": [evidence["id"]]}
    if found["severity"] == "advice":
        await _call_it_a_violation(journey, path, by, found)
    await journey.api.post("inspection", f"{path}/findings", by, found)
    journey.figures["findings"] += 1


async def _call_it_a_violation(journey: Journey, path: str, by: Person, advice: Record) -> None:
    """Before its mandatory date an uncertified product is no violation, whoever would like to write one down."""
    tried = advice | {"violation_type": "UNCERTIFIED_SUPPLY", "severity": "general", "measures": []}
    refused = await journey.rejection(journey.api.post("inspection", f"{path}/findings", by, tried), "not-yet-mandatory")
    month = f"{journey.today():%B %Y}"
    journey.note(f"uncertified e-bike helmet in {month}", f"as a violation: refused {refused.code}; recorded as advice")


def _finding(flaw: Flaw, inspected_on: str) -> Record:
    found = {
        "checklist_code": flaw.code,
        "respondent_type": "cert_body" if (flaw.violation or "").startswith("CB_") else "object",
        "violation_type": flaw.violation,
        "severity": flaw.severity,
        "fact": flaw.fact,
        "act_on": inspected_on,
        "measures": list(flaw.measures),
        "cause": "质量管理人员变动, 制度未落实",
    }
    return found | flaw.more


def _result(scenario: Scenario) -> Record:
    violations = [flaw for flaw in scenario.flaws if flaw.violation]
    ordered = all("order_rectify" in flaw.measures for flaw in violations)
    pending = any("case_clue" in flaw.measures for flaw in violations) or not ordered
    result = ("ISSUE_PENDING" if pending else "ISSUE_CORRECTED") if violations else "NO_ISSUE"
    return {"result": result, "methods": ["ON_SITE"], "object_state": "ACTIVE", "follow_up": None, "note": None}


def picture(text: str) -> bytes:
    """A PNG of one grey point that says what it shows; every text makes another file."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = {b"IHDR": header, b"tEXt": b"Comment\0" + text.encode("latin-1"), b"IDAT": zlib.compress(b"\0\x80"), b"IEND": b""}
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in parts.items())


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum: Any = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

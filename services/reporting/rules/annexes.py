"""Annex 3 and Annex 4: the value of each column, by the `source` names of the data files."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from services.reporting.rules import ledger
from services.reporting.rules.files import CaseFile, FindingFile, ObjectFile, TransferFile
from services.reporting.rules.reference_data import city, document, name_zh, region
from shared.vocabulary import FindingSeverity

Numbers = Mapping[UUID, int]
"""The number of each case in Annex 4."""


def laid_out(form: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of one row under the column keys of a form."""
    return {item["key"]: values[item["source"]] for item in document(form)["items"]}


def _listed(texts: list[str]) -> str:
    """One text as it is, several with numbers."""
    return texts[0] if len(texts) == 1 else "\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1))


def _distinct(texts: list[str]) -> str:
    return "、".join(dict.fromkeys(text for text in texts if text))


def product_and_models(product: Mapping[str, Any]) -> str:
    """Name and models of a certified product."""
    models = "、".join(product.get("models") or ())
    name = str(product.get("product_name") or "")
    return f"{name}（{models}）" if models else name


def _people(members: list[dict[str, Any]] | None) -> str:
    return "、".join(f"{member['name']}（{member['law_enforcement_no']}）" for member in members or ())


def _measures(finding: FindingFile) -> list[str]:
    followed = {"立案": any(case.filed for case in finding.cases), "移送": bool(finding.transfers)}
    measures = [name_zh("measure", measure) for measure in finding.measures]
    return [*measures, *(name for name, happened in followed.items() if happened)]


def _remark(file: ObjectFile, reported_before: date | None) -> str:
    early = reported_before is not None and file.reviewed_on is not None and file.reviewed_on <= reported_before
    notes = {
        "已列入阶段报告": early,
        "当事人拒绝签字": bool(file.refused_to_sign),
        "含建议事项": any(finding.severity is FindingSeverity.ADVICE for finding in file.findings),
    }
    return "；".join(note for note, holds in notes.items() if holds)


def annex_3(no: int, file: ObjectFile, numbers: Numbers, reported_before: date | None = None) -> dict[str, Any]:
    """The row of one inspected object. Rows that the interim report had are marked in the final one."""
    values = {
        "row.no": no,
        "row.remark": _remark(file, reported_before),
        **_of_object(file),
        **_of_inspection(file),
        **_of_findings(file.findings),
        **_of_rectifications(file.findings),
        **_of_cases(file.findings, numbers),
    }
    return laid_out("annex3", values)


def _of_object(file: ObjectFile) -> dict[str, Any]:
    return {
        "object.city_name": city(file.city),
        "object.county_name": region(file.county),
        "object.name": file.object_name,
        "object.uscc": file.uscc,
        "object.address": file.address,
        "certificate.priority_group": name_zh("priority_group", file.product.get("priority_group")),
        "certificate.product_and_models": product_and_models(file.product),
        "certificate.certificate_no": file.product.get("certificate_no"),
        "certificate.body_name": file.product.get("body_name"),
    }


def _of_inspection(file: ObjectFile) -> dict[str, Any]:
    return {
        "inspection.certificate_status": name_zh("certificate_status", file.product.get("status")),
        "inspection.inspected_on": file.inspected_on,
        "inspection.inspectors": _people(file.inspected_members),
        "inspection.experts": "、".join(expert["name"] for expert in file.inspected_experts or ()),
        "inspection.result": name_zh("inspection_result", file.result),
    }


def _of_findings(findings: tuple[FindingFile, ...]) -> dict[str, Any]:
    return {
        "finding.facts": _listed([finding.fact for finding in findings]) if findings else "",
        "finding.focus_points": _distinct([finding.focus_point or "其他" for finding in findings]),
        "finding.respondents": _distinct([ledger.respondent(finding) for finding in findings]),
        "finding.measures": _distinct([measure for finding in findings for measure in _measures(finding)]),
    }


def _of_rectifications(findings: tuple[FindingFile, ...]) -> dict[str, Any]:
    orders = [order for finding in findings for order in finding.rectifications]
    done = bool(orders) and all(order.closed_on for order in orders)
    return {
        "rectification.due_on": max((order.due_on for order in orders if order.due_on), default=None),
        "rectification.closed_on": max(order.closed_on for order in orders if order.closed_on) if done else None,
        "rectification.result": _distinct([ledger.recheck_zh(order) for order in orders]),
    }


def _of_cases(findings: tuple[FindingFile, ...], numbers: Numbers) -> dict[str, Any]:
    cases = [case for finding in findings for case in finding.cases]
    in_annex_4 = sorted(numbers[case.case_id] for case in cases if case.case_id in numbers)
    number: int | str | None = in_annex_4[0] if len(in_annex_4) == 1 else "、".join(map(str, in_annex_4)) or None
    return {"case.filed": "是" if any(case.filed for case in cases) else "否", "case.annex4_no": number}


def annex_4(no: int, case: CaseFile, finding: FindingFile, task_no: str | None) -> dict[str, Any]:
    """The row of one case."""
    values = {
        "row.no": no,
        "row.remark": f"线索编号 {case.clue_no}" if case.clue_no else "",
        **_of_case(case, finding, task_no),
        **_of_decision(case),
        "transfer.summary": "；".join(_transfer(transfer) for transfer in finding.transfers) or "否",
        "qualification.reported_dates": _reported(finding),
    }
    return laid_out("annex4", values)


def _of_case(case: CaseFile, finding: FindingFile, task_no: str | None) -> dict[str, Any]:
    violation = name_zh("violation_type", case.violation_type)
    return {
        "case.agency_name": case.office,
        "case.origin": f"检查任务 {task_no}" if task_no else "检查任务",
        "case.party_name": case.party_name,
        "case.uscc": case.uscc,
        "case.certificate_and_product": f"{case.certificate_no} {product_and_models(finding.certificate)}",
        "case.body_name": case.body_name,
        "case.violation": violation,
        "case.basis": case.provision,
        "case.clue_on": case.referred_on,
        "case.filed_on_and_number": _dated(case.filing_decided_on, case.case_no) if case.filed else "",
        "case.status": case_status(case),
    }


def _of_decision(case: CaseFile) -> dict[str, Any]:
    decided = case.decided_on is not None
    return {
        "case.sanction_basis": case.penalty_basis,
        "case.decision_number_and_date": _dated(case.decided_on, case.decision_no) if decided else "",
        "case.penalties": penalties(case),
        "case.amount_fen": (case.fine_fen or 0) + (case.confiscated_fen or 0) if decided else None,
        "case.goods_value_fen": case.goods_value_fen,
        "case.published_on": None if case.withdrawn_on else case.published_on,
        "case.closed_on": case.closed_on,
    }


def _dated(day: date | None, number: str | None) -> str:
    return " ".join(part for part in (number, str(day) if day else None) if part)


def case_status(case: CaseFile) -> str:
    """The status of a case, as far as its events say (案件状态)."""
    if case.closed_on is not None:
        return name_zh("case_status", "closed")
    if case.published_on is not None and case.withdrawn_on is None:
        return name_zh("case_status", "published")
    if case.outcome is not None:
        return name_zh("case_status", case.outcome)
    if case.filing_decided_on is not None:
        return name_zh("case_status", "filed" if case.filed else "not_filed")
    return name_zh("case_status", "clue_received")


def penalties(case: CaseFile) -> str:
    """The penalties of a decision in Chinese, amounts in yuan."""
    return "、".join(_penalty(penalty) for penalty in case.penalties or ())


def _penalty(penalty: Mapping[str, Any]) -> str:
    name, amount = name_zh("penalty_kind", penalty["kind"]), penalty.get("amount_fen")
    return name if amount is None else f"{name}{amount // 100}.{amount % 100:02d}元"


def _transfer(transfer: TransferFile) -> str:
    answer = name_zh("transfer_status", transfer.answer) if transfer.answer else "待答复"
    return f"是，{transfer.sent_on}移送，{answer}{f'（{transfer.answered_on}）' if transfer.answered_on else ''}"


def _reported(finding: FindingFile) -> str:
    days = [
        (f"省局{matter.provincial_on}" if matter.provincial_on else "", f"总局{matter.national_on}" if matter.national_on else "")
        for matter in finding.matters
    ]
    return "；".join("、".join(part for part in pair if part) for pair in days)

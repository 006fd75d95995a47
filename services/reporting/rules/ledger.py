"""The status of a finding, and its row in the ledger (台账)."""

from datetime import date
from enum import StrEnum
from typing import Any

from services.reporting.rules.files import CaseFile, FindingFile, RectificationFile
from services.reporting.rules.reference_data import agency, document, name_zh
from shared.vocabulary import CaseStatus, FindingSeverity, Measure, RespondentType

_ENDED_ELSEWHERE = (CaseStatus.TRANSFERRED_OTHER, CaseStatus.TRANSFERRED_JUDICIAL)


class FindingStatus(StrEnum):
    """The status of a finding (问题状态); the Chinese names are in `data/ledger.json`."""

    ADVICE = "advice"
    CLOSED = "closed"
    RECTIFYING = "rectifying"
    REPORTED = "reported"
    FAILED = "failed"
    IN_CASE = "in_case"
    TRANSFERRED = "transferred"
    WAITING_FOR_BODY = "waiting_for_body"
    REPORTED_UPWARD = "reported_upward"
    OPEN = "open"


def case_ended_on(case: CaseFile) -> date | None:
    """The day on which a case ended: closed, not filed, or transferred to others; None while it is open."""
    if case.closed_on is not None:
        return case.closed_on
    if case.filing_decided_on is not None and case.case_no is None:
        return case.filing_decided_on
    return case.decided_on if case.outcome in _ENDED_ELSEWHERE else None


def _rectification_ended_on(order: RectificationFile, finding: FindingFile) -> date | None:
    """A failed order ends where its case begins."""
    return order.failed_on if order.failed_on is not None and finding.cases else order.closed_on


def _outstanding(finding: FindingFile) -> list[date | None]:
    """One None for each measure that has not been taken yet."""
    missing = {
        Measure.ORDER_RECTIFY: not finding.rectifications,
        Measure.CASE_CLUE: not finding.cases,
        Measure.LETTER_TO_BODY: not finding.letters,
        Measure.COPY_DEPARTMENT: not finding.copies,
    }
    count = sum(missing.get(Measure(measure), False) for measure in finding.measures)
    upward = finding.respondent_type is not RespondentType.OBJECT and not finding.matters
    return [None] * (count + upward)


def closed_on(finding: FindingFile) -> date | None:
    """The day on which everything that followed from a finding had ended (销号); None while something is open."""
    if finding.severity is FindingSeverity.ADVICE:
        return finding.confirmed_on
    ends = [
        *_outstanding(finding),
        *(_rectification_ended_on(order, finding) for order in finding.rectifications),
        *(case_ended_on(case) for case in finding.cases),
        *(transfer.filed_on for transfer in finding.transfers),
        *(letter.answered_on for letter in finding.letters),
        *(matter.national_on for matter in finding.matters),
        *(copy.copied_on for copy in finding.copies),
    ]
    days = [end for end in ends if end is not None]
    return max([finding.confirmed_on, *days]) if len(days) == len(ends) else None


def status(finding: FindingFile) -> FindingStatus:
    """The status of a finding: the gravest step that is still open."""
    if finding.severity is FindingSeverity.ADVICE:
        return FindingStatus.ADVICE
    if closed_on(finding) is not None:
        return FindingStatus.CLOSED
    open_orders = [order for order in finding.rectifications if _rectification_ended_on(order, finding) is None]
    stages = {
        FindingStatus.TRANSFERRED: any(transfer.filed_on is None for transfer in finding.transfers),
        FindingStatus.IN_CASE: any(case_ended_on(case) is None for case in finding.cases),
        FindingStatus.FAILED: any(order.failed_on is not None for order in open_orders),
        FindingStatus.REPORTED: any(order.reported_on is not None for order in open_orders),
        FindingStatus.RECTIFYING: bool(open_orders),
        FindingStatus.WAITING_FOR_BODY: any(letter.answered_on is None for letter in finding.letters),
        FindingStatus.REPORTED_UPWARD: any(matter.provincial_on is not None for matter in finding.matters),
    }
    return next((stage for stage, is_open in stages.items() if is_open), FindingStatus.OPEN)


def status_zh(finding: FindingFile) -> str:
    """The Chinese name of the finding's status."""
    names = {item["code"]: item["name_zh"] for item in document("ledger")["statuses"]}
    return str(names[status(finding)])


def days_overdue(finding: FindingFile, today: date) -> int | None:
    """Days by which the last order to correct was or is late; None where there was no order."""
    orders = [order for order in finding.rectifications if order.due_on is not None]
    if not orders:
        return None
    return max(0, *(((order.closed_on or order.failed_on or today) - (order.due_on or today)).days for order in orders))


def _recheck(finding: FindingFile) -> str:
    return "；".join(recheck_zh(order) for order in finding.rectifications)


def recheck_zh(order: RectificationFile) -> str:
    """The result of the recheck (复查结果)."""
    if order.closed_on is not None:
        return "合格"
    if order.failed_on is not None:
        return "不合格"
    return "待复查" if order.reported_on is not None else "整改中"


def respondent(finding: FindingFile) -> str:
    """The respondent of a finding: the kind, and the name where it is not the object itself."""
    kind = name_zh("respondent_type", finding.respondent_type)
    return kind if finding.respondent_type is RespondentType.OBJECT else f"{kind}：{finding.respondent_name}"


def row(finding: FindingFile, today: date) -> dict[str, Any]:
    """The ledger's values of one finding, by the `source` names of `data/ledger.json`."""
    orders = finding.rectifications
    reported = [f"{order.reported_on} 整改报告" for order in orders if order.reported_on is not None]
    return {
        "finding.id": str(finding.finding_id),
        "object.name": finding.object_name,
        "object.uscc": finding.uscc,
        "finding.respondent_type": respondent(finding),
        "finding.focus_point": finding.focus_point,
        "finding.fact": finding.fact,
        "finding.measure": "、".join(name_zh("measure", measure) for measure in finding.measures),
        "finding.owner": agency(finding.county),
        "rectification.due_on": max((order.due_on for order in orders if order.due_on), default=None),
        "finding.status": status_zh(finding),
        "rectification.evidence": "；".join(reported),
        "rectification.recheck": _recheck(finding),
        "case.id": "；".join(case.case_no or case.clue_no or "" for case in finding.cases),
        "finding.closed_on": closed_on(finding),
        "finding.days_overdue": days_overdue(finding, today),
    }

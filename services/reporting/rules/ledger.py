"""Where a finding stands, and its row in the ledger (台账)."""

from datetime import date
from enum import StrEnum
from typing import Any

from services.reporting.rules.files import CaseFile, FindingFile, RectificationFile
from services.reporting.rules.reference_data import agency, document, word
from shared.vocabulary import CaseStatus, FindingSeverity, Measure, RespondentType

_ENDED_ELSEWHERE = (CaseStatus.TRANSFERRED_OTHER, CaseStatus.TRANSFERRED_JUDICIAL)


class FindingStatus(StrEnum):
    """Where a finding stands (问题状态); the words are in `data/ledger.json`."""

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
    """The day from which a case asks for nothing more: closed, not filed, or handed to others."""
    if case.closed_on is not None:
        return case.closed_on
    if case.filing_decided_on is not None and case.case_no is None:
        return case.filing_decided_on
    return case.decided_on if case.outcome in _ENDED_ELSEWHERE else None


def _rectification_ended_on(order: RectificationFile, finding: FindingFile) -> date | None:
    """A failed order ends where its case begins."""
    return order.failed_on if order.failed_on is not None and finding.cases else order.closed_on


def _promised(finding: FindingFile) -> list[date | None]:
    """One None for each measure that must still show itself."""
    missing = {
        Measure.ORDER_RECTIFY: not finding.rectifications,
        Measure.CASE_CLUE: not finding.cases,
        Measure.LETTER_TO_BODY: not finding.letters,
        Measure.COPY_DEPARTMENT: not finding.copies,
    }
    waits = sum(missing.get(Measure(measure), False) for measure in finding.measures)
    upward = finding.respondent_type is not RespondentType.OBJECT and not finding.matters
    return [None] * (waits + upward)


def closed_on(finding: FindingFile) -> date | None:
    """The day on which everything that followed from a finding had ended (销号); None while something is open."""
    if finding.severity is FindingSeverity.ADVICE:
        return finding.confirmed_on
    ends = [
        *_promised(finding),
        *(_rectification_ended_on(each, finding) for each in finding.rectifications),
        *(case_ended_on(each) for each in finding.cases),
        *(each.filed_on for each in finding.transfers),
        *(each.answered_on for each in finding.letters),
        *(each.national_on for each in finding.matters),
        *(each.copied_on for each in finding.copies),
    ]
    known = [end for end in ends if end is not None]
    return max([finding.confirmed_on, *known]) if len(known) == len(ends) else None


def status(finding: FindingFile) -> FindingStatus:
    """Where the finding stands: the weightiest thing that is still open."""
    if finding.severity is FindingSeverity.ADVICE:
        return FindingStatus.ADVICE
    if closed_on(finding) is not None:
        return FindingStatus.CLOSED
    open_orders = [each for each in finding.rectifications if _rectification_ended_on(each, finding) is None]
    stages = {
        FindingStatus.TRANSFERRED: any(each.filed_on is None for each in finding.transfers),
        FindingStatus.IN_CASE: any(case_ended_on(each) is None for each in finding.cases),
        FindingStatus.FAILED: any(each.failed_on is not None for each in open_orders),
        FindingStatus.REPORTED: any(each.reported_on is not None for each in open_orders),
        FindingStatus.RECTIFYING: bool(open_orders),
        FindingStatus.WAITING_FOR_BODY: any(each.answered_on is None for each in finding.letters),
        FindingStatus.REPORTED_UPWARD: any(each.provincial_on is not None for each in finding.matters),
    }
    return next((stage for stage, is_it in stages.items() if is_it), FindingStatus.OPEN)


def status_word(finding: FindingFile) -> str:
    """The Chinese word of where the finding stands."""
    words = {item["code"]: item["name_zh"] for item in document("ledger")["statuses"]}
    return str(words[status(finding)])


def days_overdue(finding: FindingFile, today: date) -> int | None:
    """Days by which the last order to correct was or is late; None where there was no order."""
    orders = [each for each in finding.rectifications if each.due_on is not None]
    if not orders:
        return None
    return max(0, *((((each.closed_on or each.failed_on or today) - (each.due_on or today)).days) for each in orders))


def _recheck(finding: FindingFile) -> str:
    return "；".join(recheck_word(each) for each in finding.rectifications)


def recheck_word(order: RectificationFile) -> str:
    """The result of the recheck (复查结果)."""
    if order.closed_on is not None:
        return "合格"
    if order.failed_on is not None:
        return "不合格"
    return "待复查" if order.reported_on is not None else "整改中"


def respondent(finding: FindingFile) -> str:
    """Who answers for it: the kind, and the name where it is not the object itself."""
    kind = word("respondent_type", finding.respondent_type)
    return kind if finding.respondent_type is RespondentType.OBJECT else f"{kind}：{finding.respondent_name}"


def row(finding: FindingFile, today: date) -> dict[str, Any]:
    """The ledger's values of one finding, by the `source` names of `data/ledger.json`."""
    orders = finding.rectifications
    reported = [f"{each.reported_on} 整改报告" for each in orders if each.reported_on is not None]
    return {
        "finding.id": str(finding.finding_id),
        "object.name": finding.object_name,
        "object.uscc": finding.uscc,
        "finding.respondent_type": respondent(finding),
        "finding.focus_point": finding.focus_point,
        "finding.fact": finding.fact,
        "finding.measure": "、".join(word("measure", each) for each in finding.measures),
        "finding.owner": agency(finding.county),
        "rectification.due_on": max((each.due_on for each in orders if each.due_on), default=None),
        "finding.status": status_word(finding),
        "rectification.evidence": "；".join(reported),
        "rectification.recheck": _recheck(finding),
        "case.id": "；".join(each.case_no or each.clue_no or "" for each in finding.cases),
        "finding.closed_on": closed_on(finding),
        "finding.days_overdue": days_overdue(finding, today),
    }

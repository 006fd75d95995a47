"""The rows that a summary may count; their flags are those of `data/summary.json`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from services.reporting.rules import annexes, ledger
from services.reporting.rules.enums import RowKind
from services.reporting.rules.files import CaseFile, ChangeFile, FindingFile, ObjectFile
from services.reporting.rules.reference_data import document, name_zh
from shared.vocabulary import CaseStatus, FindingSeverity, InspectionResult, Measure, ReplacementReason, RespondentType


@dataclass(frozen=True, slots=True)
class Row:
    """One row that figures count, with what it may be grouped by; `amount_fen` is money in fen."""

    kind: RowKind
    row_id: str
    label: str
    city: str | None
    county: str | None = None
    priority_group: str | None = None
    body: str | None = None
    amount_fen: int | None = None
    flags: frozenset[str] = field(default_factory=frozenset)


def _flags(**conditions: bool) -> frozenset[str]:
    return frozenset(flag for flag, holds in conditions.items() if holds)


def rows_of(files: Iterable[ObjectFile], changes: Iterable[ChangeFile], as_of: date) -> Iterator[Row]:
    """All rows of a campaign (or of a city's part of it), as of a day."""
    for file in (file.as_of(as_of) for file in files):
        yield _object(file)
        if file.inspection_id is not None and file.reviewed_on is not None:
            yield from _people(file)
            yield _k03(file)
        for finding in file.findings:
            yield from _of_finding(finding, as_of)
    yield from (_change(change) for change in changes if change.changed_on <= as_of)


def _groups(file: ObjectFile | FindingFile) -> dict[str, Any]:
    product = file.product if isinstance(file, ObjectFile) else file.certificate
    group, body = product.get("priority_group"), product.get("body_name")
    return {"city": file.city, "county": file.county, "priority_group": group, "body": body}


def _object(file: ObjectFile) -> Row:
    inspected = file.reviewed_on is not None
    due = file.released_on is not None and file.replaced_on is None
    on_time = file.reviewed_on is not None and file.entry_due_on is not None and file.reviewed_on <= file.entry_due_on
    flags = _flags(
        due=due,
        inspected=inspected and due,
        replaced=file.replaced_on is not None,
        refused=file.result is InspectionResult.REFUSED_SERIOUS,
        with_findings=inspected and due and any(finding.severity is not FindingSeverity.ADVICE for finding in file.findings),
        guided=any(Measure.GUIDANCE in finding.measures for finding in file.findings),
        on_time=inspected and due and on_time,
        in_annex3=inspected,
        complete=inspected and _complete(file),
    )
    return Row(RowKind.OBJECT, str(file.assignment_id), file.object_name, flags=flags, **_groups(file))


def _complete(file: ObjectFile) -> bool:
    row = annexes.annex_3(0, file, {})
    return all(row[key] not in (None, "") for key in document("annex3")["required"])


def _people(file: ObjectFile) -> Iterator[Row]:
    """Inspectors by the number of their enforcement certificate, experts by their field: no names are frozen."""
    used, city = _flags(used=True), file.city
    for member in file.inspected_members or ():
        yield Row(RowKind.INSPECTOR, member["inspector_id"], member["law_enforcement_no"], city, flags=used)
    for expert in file.inspected_experts or ():
        yield Row(RowKind.EXPERT, expert["expert_id"], expert["field"], city, flags=used)


def _k03(file: ObjectFile) -> Row:
    met = file.entry_due_on is not None and file.reviewed_on is not None and file.reviewed_on <= file.entry_due_on
    flags = _flags(K03=file.entry_due_on is not None, K03_met=met)
    return Row(RowKind.CLOCK, f"K03:{file.assignment_id}", f"K03 {file.object_name}", flags=flags, **_groups(file))


def _change(change: ChangeFile) -> Row:
    flags = _flags(recused=change.reason is ReplacementReason.RECUSED)
    label = name_zh("replacement_reason", change.reason)
    return Row(RowKind.REPLACEMENT, str(change.event_id), label, change.city, change.county, flags=flags)


def _of_finding(finding: FindingFile, as_of: date) -> Iterator[Row]:
    groups = _groups(finding)
    yield _finding(finding)
    for order in finding.rectifications:
        flags = _flags(ordered=True, closed=order.closed_on is not None, failed=order.failed_on is not None)
        label = f"{finding.object_name} {order.due_on or ''}".strip()
        yield Row(RowKind.RECTIFICATION, str(order.rectification_id), label, flags=flags, **groups)
    for case in finding.cases:
        yield _case(case, groups)
        yield _k05(case, groups, as_of)
    yield from _elsewhere(finding, groups)


def _finding(finding: FindingFile) -> Row:
    advice = finding.severity is FindingSeverity.ADVICE
    against_object = finding.respondent_type is RespondentType.OBJECT
    flags = _flags(
        advice=advice,
        finding=not advice,
        no_focus_point=not advice and finding.focus_point is None,
        against_object=not advice and against_object,
        against_body=not advice and not against_object,
        closed=not advice and ledger.closed_on(finding) is not None,
    )
    focus = {str(finding.focus_point)} if finding.focus_point and not advice else set()
    label = f"{finding.object_name}：{finding.fact}"
    return Row(RowKind.FINDING, str(finding.finding_id), label, flags=flags | focus, **_groups(finding))


def _case(case: CaseFile, groups: dict[str, Any]) -> Row:
    closed = case.closed_on is not None
    flags = _flags(
        referred=True,
        filed=case.filed,
        penalty_decided=case.outcome is CaseStatus.PENALTY_DECIDED,
        closed=closed,
        filed_and_closed=case.filed and closed,
    )
    label = f"{case.case_no or case.clue_no or ''} {case.party_name or ''}".strip()
    amount = (case.fine_fen or 0) + (case.confiscated_fen or 0)
    return Row(RowKind.CASE, str(case.case_id), label, amount_fen=amount, flags=flags, **groups)


def _k05(case: CaseFile, groups: dict[str, Any], as_of: date) -> Row:
    due, done = case.filing_due_on, case.filing_decided_on
    counts = due is not None and (done is not None or as_of > due)
    flags = _flags(K05=counts, K05_met=due is not None and done is not None and done <= due)
    return Row(RowKind.CLOCK, f"K05:{case.case_id}", f"K05 {case.clue_no or ''}".strip(), flags=flags, **groups)


def _elsewhere(finding: FindingFile, groups: dict[str, Any]) -> Iterator[Row]:
    name = finding.object_name
    for transfer in finding.transfers:
        flags = _flags(sent=True, filed=transfer.filed_on is not None)
        yield Row(RowKind.TRANSFER, str(transfer.transfer_id), name, flags=flags, **groups)
    for letter in finding.letters:
        flags = _flags(sent=True, answered=letter.answered_on is not None)
        yield Row(RowKind.LETTER, str(letter.letter_id), str(finding.certificate["body_name"]), flags=flags, **groups)
    for matter in finding.matters:
        flags = _flags(
            reported=matter.provincial_on is not None,
            reported_national=matter.national_on is not None,
        )
        label = matter.body_name or name
        yield Row(RowKind.QUALIFICATION, str(matter.matter_id), label, flags=flags, **groups)


def overdue_row(
    as_of: date, deadline_id: UUID, code: str, subject_no: str, city: str | None, county: str | None, closed_on: date | None
) -> Row:
    """The row of a deadline that became overdue, as of a day."""
    flags = _flags(overdue=True, overdue_open=closed_on is None or closed_on > as_of)
    return Row(RowKind.DEADLINE, str(deadline_id), f"{code} {subject_no}".strip(), city, county, flags=flags)

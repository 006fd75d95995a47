"""Checks of an extension against its rule: how many, how long, by whom, while the term runs."""

from collections.abc import Sequence

from shared.deadlines.errors import InvalidExtension
from shared.deadlines.inputs import LONGEST, Extension, Moment, require_legal_day
from shared.deadlines.rules import ExtensionStep, Rule


def units_of_extension(
    rule: Rule, start: Moment, ends: Moment | None, extensions: Sequence[Extension], index: int, *, granted: bool
) -> int:
    """The units that the extension at `index` adds (0 if it fixes a date), after every check.

    Raises:
        InvalidExtension: the rule does not allow it; the pointer names the field.
    """
    extension, pointer = extensions[index], f"/extensions/{index}"
    steps = [step for step in rule.extensions for _ in range(step.times)]
    if index >= len(steps):
        raise InvalidExtension(f"{rule.id}: 最多延长{len(steps)}次 / {len(steps)} extensions at most", pointer=pointer)
    step = steps[index]
    if extension.approver not in step.by:
        allowed = "、".join(step.by)
        raise InvalidExtension(f"须由{allowed}批准 / only {allowed} may extend", pointer=f"{pointer}/approver")
    if not granted:
        _check_in_time(extension, start, ends, pointer)
    if extension.until is not None:
        _check_date(extension, step, ends, pointer, granted=granted)
        return 0
    if index and extensions[index - 1].until is not None:
        raise InvalidExtension("只能再定日期 / after a fixed date only another date", pointer=f"{pointer}/until")
    units = step.amount if extension.amount is None else extension.amount
    if units is None or isinstance(units, bool) or not 1 <= units <= (step.amount or LONGEST):
        reason = f"{units}: 第{step.article}条不允许 / not allowed by the article"
        raise InvalidExtension(reason, pointer=f"{pointer}/amount")
    return units


def _check_in_time(extension: Extension, start: Moment, ends: Moment | None, pointer: str) -> None:
    approved = extension.approved_on
    if approved is None:
        return
    if approved < require_legal_day(start) or (ends is not None and approved > require_legal_day(ends)):
        raise InvalidExtension(f"{approved} 不在期限内 / the term was not running", pointer=f"{pointer}/approved_on")


def _check_date(extension: Extension, step: ExtensionStep, ends: Moment | None, pointer: str, *, granted: bool) -> None:
    approved, until = extension.approved_on, extension.until
    if step.amount is not None or extension.amount is not None:
        raise InvalidExtension("该次延长不得另定日期 / this extension fixes no date", pointer=f"{pointer}/until")
    if approved is None or until is None or until <= approved:
        raise InvalidExtension("新日期须晚于批准日 / needs approved_on, before until", pointer=f"{pointer}/approved_on")
    if not granted and ends is not None and require_legal_day(until, f"{pointer}/until") <= require_legal_day(ends):
        raise InvalidExtension("新日期不晚于原期限 / the new date is not later", pointer=f"{pointer}/until")

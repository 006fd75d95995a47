"""When the object is notified (K02, one day before), and the content of the notice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.inspection.errors import DayInThePast, NoticeTooEarly, NoticeTooLate
from services.inspection.rules import team
from shared import deadlines
from shared.core.canonical import SHA_256, fingerprint
from shared.deadlines import Calendar

RIGHTS_ZH = "检查人员现场应当出示执法证件，贵单位有权申请回避；检查不收取任何费用，不得馈赠礼金、礼品或者安排宴请。"


@dataclass(frozen=True)
class NoticeFields:
    """The fields of a notice."""

    task_no: str
    campaign: str
    issuer: str
    object_name: str
    uscc: str
    address: str
    product_name: str
    certificate_no: str
    inspection_on: date
    members: Sequence[Mapping[str, str]]


def notice_on(inspection_on: date, calendar: Calendar) -> date:
    """The one day on which the object may be notified: the calendar day before, else the last working day before that."""
    due_day = deadlines.due("K02", inspection_on, calendar=calendar).due_day
    assert due_day is not None  # no pause suspends it
    return due_day


def require_schedulable(inspection_on: date, today: date, calendar: Calendar) -> None:
    """Reject a day that has passed, or whose notice could not be sent any more.

    Raises:
        DayInThePast: `inspection_on` is before `today`.
        NoticeTooLate: the day of its notice has passed.
    """
    if inspection_on < today:
        raise DayInThePast(pointer="/inspection_on")
    if (notice_day := notice_on(inspection_on, calendar)) < today:
        raise NoticeTooLate(pointer="/inspection_on", notice_on=notice_day.isoformat())


def require_notice_day(inspection_on: date, today: date, calendar: Calendar) -> None:
    """Reject a notice on any other day than its own.

    Raises:
        NoticeTooEarly: the day is still to come.
        NoticeTooLate: the day has passed.
    """
    notice_day = notice_on(inspection_on, calendar)
    if today < notice_day:
        raise NoticeTooEarly(notice_on=notice_day.isoformat())
    if today > notice_day:
        raise NoticeTooLate(notice_on=notice_day.isoformat())


def content(fields: NoticeFields, supplements: str | None = None) -> dict[str, object]:
    """The notice (检查通知书) as a document; `supplements` is the digest of the notice whose team it replaces (补充通知书)."""
    title = "强制性产品认证专项监督检查补充通知书" if supplements else "强制性产品认证专项监督检查通知书"
    return ({"supplements": supplements} if supplements else {}) | {
        "title": title,
        "task_no": fields.task_no,
        "campaign": fields.campaign,
        "issuer": fields.issuer,
        "object": {"name": fields.object_name, "uscc": fields.uscc, "address": fields.address},
        "certificate_no": fields.certificate_no,
        "product_name": fields.product_name,
        "inspection_on": fields.inspection_on.isoformat(),
        "inspectors": team.notice_entries(fields.members),
        "rights": RIGHTS_ZH,
    }


def content_hash(notice: Mapping[str, object]) -> str:
    """SHA-256 in hex of the canonical text of a notice."""
    return fingerprint(SHA_256, notice)

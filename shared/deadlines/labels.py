"""The labels and phrases of an explanation in Chinese and English."""

from datetime import datetime
from typing import Literal

from shared.core.legal_time import SHANGHAI

Language = Literal["zh", "en"]

GROUNDS = {
    "testing": ("检测、检验", "testing"),
    "appraisal": ("技术鉴定", "appraisal"),
    "hearing": ("听证", "hearing"),
    "public_notice": ("公告", "public notice"),
    "suspension": ("中止", "suspension"),
    "right_holder_identification": ("权利人辨认或者鉴别", "identification by the right holder"),
    "review": ("行政复议", "administrative review"),
    "litigation": ("行政诉讼", "litigation"),
}
APPROVERS = {
    "agency_head": ("机关负责人", "head of the agency"),
    "collective": ("负责人集体讨论", "collective decision"),
    "assisting_agency": ("协助机关", "assisting agency"),
    "superior": ("上级机关", "superior agency"),
    "issuing_agency": ("作出机关", "issuing agency"),
}
UNITS = {
    "wd": ("个工作日", "working days"),
    "d": ("日", "natural days"),
    "h": ("小时", "hours"),
    "month": ("个月", "months"),
    "fixed_date": ("固定日期", "fixed date"),
}
KINDS = {
    "working": ("工作日", "working day"),
    "weekend": ("周末", "weekend"),
    "holiday": ("节假日", "holiday"),
    "working_weekend": ("调休上班", "worked weekend day"),
}
TREATMENTS = {
    "counted": ("计入", "counted"),
    "skipped": ("不计", "skipped"),
    "paused": ("扣除", "paused"),
    "rolled": ("顺延", "rolled"),
    "due": ("届满", "due"),
}
PHRASES = {
    "title": ("期限说明（ccc-date/1）", "Explanation of a date (ccc-date/1)"),
    "rule": ("规则", "Rule"),
    "version": ("版本", "version"),
    "article": ("第{}条", "art. {}"),
    "text_of": ("{}起施行的文本", "text in force from {}"),
    "trigger": ("起算", "Trigger"),
    "not_counted": ("起算日不计入", "the day itself is not counted"),
    "from_minute": ("自该分钟起算", "counted from that minute"),
    "term": ("期限", "Term"),
    "backward": ("倒推", "counted backward"),
    "extension": ("延长", "Extension"),
    "until": ("至{}", "until {}"),
    "by": ("批准", "granted by"),
    "on": ("批准日", "on"),
    "pause": ("扣除期间", "Pause"),
    "still_open": ("尚未结束", "still open"),
    "calendar": ("工作日历", "Calendar"),
    "unverified": ("（文号待核）", "(number not verified)"),
    "days": ("逐日", "Day by day"),
    "number": ("第{}日", "day {}"),
    "result": ("结果", "Result"),
    "held": ("中止计时，届满日未定", "held by an open pause; no due day yet"),
    "last_day": ("最后一日为{}", "the last day is {}"),
    "last_minute": ("最后时刻为{}（北京时间）", "the last minute is {} (Beijing time)"),
    "not_before": ("不得早于{}", "not before {}"),
    "late_from": ("自{}（北京时间）起逾期", "late from {} (Beijing time)"),
    "overdue": ("逾期后果", "When overdue"),
    "check": ("本文件可用 verify_date.py 脱机核验，摘要", "To be verified offline with verify_date.py; digest"),
}


def label(table: dict[str, tuple[str, str]], key: str, language: Language) -> str:
    """The label of `key`."""
    return table[key][0 if language == "zh" else 1]


def phrase(key: str, language: Language, *values: object) -> str:
    """A phrase with its values."""
    return label(PHRASES, key, language).format(*values)


def beijing_time(moment: str) -> str:
    """A day of a document unchanged; an instant in the time of Beijing, to the minute."""
    if "T" not in moment:
        return moment
    return datetime.fromisoformat(moment).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")

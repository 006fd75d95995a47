"""The refusals of the clock engine: each names the field at fault and the reason; nothing is computed on a guess."""

from shared.core.errors import DomainError


class DeadlineRefused(DomainError):
    """The common ancestor: a date that cannot be computed as asked."""

    code, status = "deadline-refused", 422
    title_zh, title_en = "期限无法计算", "The deadline cannot be computed"


class YearNotCovered(DeadlineRefused):
    """The working-day calendar does not reach this year; Monday to Friday is never assumed instead."""

    code = "calendar-year-not-covered"
    title_zh, title_en = "工作日历未覆盖该年度", "The working-day calendar does not cover the year"


class CalendarFileRefused(DeadlineRefused):
    """A calendar file contradicts itself: a day missing or doubled, a holiday that is no date, a gap between years."""

    code = "calendar-file-refused"
    title_zh, title_en = "工作日历文件有误", "The calendar file contradicts itself"


class RuleFileRefused(DeadlineRefused):
    """A rule file contradicts itself or its schema, or an override touches a rule that does not exist."""

    code = "rule-file-refused"
    title_zh, title_en = "期限规则文件有误", "The rule file contradicts itself"


class UnknownRule(DeadlineRefused):
    """There is no clock of this id."""

    code, status = "unknown-rule", 404
    title_zh, title_en = "没有该期限规则", "There is no such rule"


class NoVersionInForce(DeadlineRefused):
    """The rule exists, but no version of it was in force on the day of the trigger."""

    code = "no-rule-version-in-force"
    title_zh, title_en = "触发日没有生效的规则版本", "No version of the rule was in force at the trigger"


class InvalidTrigger(DeadlineRefused):
    """The trigger is a local time in no zone, a day where the rule counts hours, or no date at all."""

    code = "invalid-trigger"
    title_zh, title_en = "起算时间无效", "The trigger is not valid"


class InvalidTerm(DeadlineRefused):
    """The amount is negative or not whole, beyond what the rule allows, or may not be set by the act."""

    code = "invalid-term"
    title_zh, title_en = "期限长度无效", "The length of the term is not valid"


class InvalidPause(DeadlineRefused):
    """The pause ends before it begins, reaches before the trigger, or rests on a ground that the rule does not know."""

    code = "invalid-pause"
    title_zh, title_en = "扣除期间无效", "The pause is not valid"


class InvalidExtension(DeadlineRefused):
    """The extension is longer or later than the rule allows, one too many, or granted by who may not."""

    code = "invalid-extension"
    title_zh, title_en = "延长期限无效", "The extension is not valid"


class InvalidAmount(DeadlineRefused):
    """A sum of money that is negative or not whole fen, or a payment day before the due day."""

    code = "invalid-amount"
    title_zh, title_en = "金额无效", "The amount is not valid"

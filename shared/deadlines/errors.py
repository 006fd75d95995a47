"""Errors of the computation: each names the field at fault and the reason; nothing is computed on a guess."""

from shared.core.errors import DomainError


class DeadlineError(DomainError):
    """The common ancestor: a date that cannot be computed as asked."""

    code, status = "deadline-refused", 422
    title_zh, title_en = "期限无法计算", "The deadline cannot be computed"


class YearNotCovered(DeadlineError):
    """The working-day calendar does not cover this year; Monday to Friday is never assumed instead."""

    code = "calendar-year-not-covered"
    title_zh, title_en = "工作日历未覆盖该年度", "The working-day calendar does not cover the year"


class InvalidCalendarFile(DeadlineError):
    """A calendar file contradicts itself: a day missing or doubled, a holiday that is no date, a gap between years."""

    code = "calendar-file-refused"
    title_zh, title_en = "工作日历文件有误", "The calendar file contradicts itself"


class InvalidRuleFile(DeadlineError):
    """A rule file contradicts itself or its schema, or an override changes a rule that does not exist."""

    code = "rule-file-refused"
    title_zh, title_en = "期限规则文件有误", "The rule file contradicts itself"


class UnknownRule(DeadlineError):
    """There is no rule of this id."""

    code, status = "unknown-rule", 404
    title_zh, title_en = "没有该期限规则", "There is no such rule"


class NoVersionInForce(DeadlineError):
    """The rule exists, but no version of it was in force on the day of the trigger."""

    code = "no-rule-version-in-force"
    title_zh, title_en = "触发日没有生效的规则版本", "No version of the rule was in force at the trigger"


class InvalidTrigger(DeadlineError):
    """The trigger is a local time without a zone, a day where the rule counts hours, or no date at all."""

    code = "invalid-trigger"
    title_zh, title_en = "起算时间无效", "The trigger is not valid"


class InvalidTerm(DeadlineError):
    """The amount is negative or not whole, beyond what the rule allows, or may not be set by the decision."""

    code = "invalid-term"
    title_zh, title_en = "期限长度无效", "The length of the term is not valid"


class InvalidPause(DeadlineError):
    """The pause ends before it begins, reaches before the trigger, or rests on a ground that the rule does not have."""

    code = "invalid-pause"
    title_zh, title_en = "扣除期间无效", "The pause is not valid"


class InvalidExtension(DeadlineError):
    """The extension is longer or later than the rule allows, one too many, or granted by somebody who may not."""

    code = "invalid-extension"
    title_zh, title_en = "延长期限无效", "The extension is not valid"


class InvalidAmount(DeadlineError):
    """A sum of money that is negative or not whole fen."""

    code = "invalid-amount"
    title_zh, title_en = "金额无效", "The amount is not valid"

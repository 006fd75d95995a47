"""The errors of deadline records."""

from shared.core.errors import DomainError, NotFound


class DeadlineNotFound(NotFound):
    """No such deadline within the caller's jurisdiction."""

    code = "deadline-not-found"
    title_zh, title_en = "没有此期限或不在您的辖区", "No such deadline within your jurisdiction"


class DeadlineIsClosed(DomainError):
    """The deadline was met or waived, or its term is over: nothing can be granted any more."""

    code = "deadline-is-closed"
    title_zh, title_en = "期限已办结、豁免或届满", "The deadline has been met or waived, or its term is over"


class DeadlineNotPaused(DomainError):
    """No open pause holds the deadline."""

    code = "deadline-not-paused"
    title_zh, title_en = "期限未处于中止计时状态", "No open pause holds the deadline"


class ActTooLate(DomainError):
    """The rule gives the act no effect after the term."""

    code = "act-too-late"
    title_zh, title_en = "期限已过，依法不再受理", "The term is over and the rule accepts no late act"


class GranterHandles(DomainError):
    """Persons who handle the matter, or belong to another organisation than the one that decides, may not grant time."""

    code, status = "granter-not-entitled", 403
    title_zh, title_en = "您无权批准该期限事项", "You may not decide about this deadline"


class CalendarNotFound(NotFound):
    """There is no calendar of this version."""

    code = "calendar-not-found"
    title_zh, title_en = "没有该版本的工作日历", "There is no calendar of this version"


class CalendarNotNewer(DomainError):
    """A calendar replaces the one in force only with a higher version, and covers at least the same years."""

    code, status = "calendar-not-newer", 422
    title_zh, title_en = (
        "工作日历版本须高于现行版本且覆盖年度不少于现行版本",
        "The calendar must be newer and cover the same years",
    )


class CalendarAlreadyPublished(DomainError):
    """The version has been published before; published calendars never change."""

    code = "calendar-already-published"
    title_zh, title_en = "该版本的工作日历已发布", "This version of the calendar has been published"


class CalendarNeedsSecondPerson(DomainError):
    """Whoever proposed a calendar may not publish it."""

    code, status = "calendar-needs-second-person", 403
    title_zh, title_en = "工作日历须由另一人批准发布", "A second person has to publish the calendar"

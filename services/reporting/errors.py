"""The errors of reporting, one class each."""

from shared.core.errors import DomainError, NotFound


class CampaignNotFound(NotFound):
    """The campaign has not been published, or the event has not arrived."""

    code = "campaign-not-found"
    title_zh, title_en = "未找到该专项检查", "No such published campaign"


class SummaryNotFound(NotFound):
    """There is no such summary within the jurisdiction."""

    code = "summary-not-found"
    title_zh, title_en = "未找到该汇总报告", "No such summary within your jurisdiction"


class FigureNotFound(NotFound):
    """The summary has no such figure."""

    code = "figure-not-found"
    title_zh, title_en = "没有该项指标", "No such figure"


class FindingNotFound(NotFound):
    """There is no such finding within the jurisdiction."""

    code = "finding-not-found"
    title_zh, title_en = "未找到该问题", "No such finding within your jurisdiction"


class DisclosureNotFound(NotFound):
    """There is no such disclosure within the jurisdiction, or it is not public."""

    code = "disclosure-not-found"
    title_zh, title_en = "未找到该公示", "No such disclosure"


class RoundNotOpen(DomainError):
    """The round has not begun."""

    code = "round-not-open"
    title_zh, title_en = "本轮填报尚未开始", "The round has not opened yet"


class RoundClosed(DomainError):
    """The province has merged the round, or the day on which its report is due is over."""

    code = "round-closed"
    title_zh, title_en = "本轮填报已结束", "The round is closed"


class SummaryTransition(DomainError):
    """The summary is not in a state that allows this."""

    code = "summary-transition"
    title_zh, title_en = "汇总报告当前状态不允许此操作", "The summary's state does not allow this"


class SummariesMissing(DomainError):
    """The province merges only when every city that had objects has an accepted summary."""

    code = "summaries-missing"
    title_zh, title_en = "尚有设区市的汇总未被接收", "Some cities have no accepted summary yet"


class SamePerson(DomainError):
    """Whoever made it may not review or approve it."""

    code = "same-person"
    title_zh, title_en = "编制人与审核、批准人不得为同一人", "Whoever made it may not review or approve it"


class DisclosureTransition(DomainError):
    """The disclosure is not in a state that allows this."""

    code = "disclosure-transition"
    title_zh, title_en = "公示当前状态不允许此操作", "The disclosure's state does not allow this"


class UnderEmbargo(DomainError):
    """The list and the results stay confidential until the embargo ends."""

    code = "under-embargo"
    title_zh, title_en = "名单尚在保密期内，不得公示", "Still under embargo"


class ForbiddenContent(DomainError):
    """The content holds what may not be made public."""

    code = "forbidden-content"
    title_zh, title_en = "内容含有不得公开的信息", "The content holds what may not be made public"


class NothingToDisclose(DomainError):
    """There is nothing of this kind yet that may be made public."""

    code = "nothing-to-disclose"
    title_zh, title_en = "暂无可公示的内容", "There is nothing to disclose yet"


class RoundRequired(DomainError):
    """Statistics are those of a round."""

    code, status = "round-required", 422
    title_zh, title_en = "统计信息须指明轮次", "Statistics need a round"


class CaseRequired(DomainError):
    """A penalty disclosure is about one decision, so that its expiry and its withdrawal are its own."""

    code, status = "case-required", 422
    title_zh, title_en = "行政处罚公示须指明案件", "A penalty disclosure names its case"


class CorrectionUnderWay(DomainError):
    """A correction of this disclosure is being prepared already."""

    code = "correction-under-way"
    title_zh, title_en = "该公示的更正正在办理", "A correction of this disclosure is under way"


class NoLongerHolds(DomainError):
    """An item has changed or was withdrawn since it was drafted; `items` are their indices."""

    code = "no-longer-holds"
    title_zh, title_en = "拟公示内容已变更或被撤回，须重新起草", "The content has changed since it was drafted: draft it again"


class KindOfProvince(DomainError):
    """This kind of disclosure is the province's."""

    code, status = "kind-of-province", 403
    title_zh, title_en = "该类公示由省局办理", "Only the province discloses this kind"

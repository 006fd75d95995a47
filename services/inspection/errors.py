"""The errors of the inspection service, one class each."""

from shared.core.errors import DomainError, Forbidden, NotFound


class InspectionNotFound(NotFound):
    """There is no such inspection within the caller's jurisdiction."""

    code = "inspection-not-found"
    title_zh, title_en = "检查任务不存在或不在您的辖区", "No such inspection within your jurisdiction"


class FindingNotFound(NotFound):
    """There is no such finding within the caller's jurisdiction."""

    code = "finding-not-found"
    title_zh, title_en = "问题记录不存在或不在您的辖区", "No such finding within your jurisdiction"


class EvidenceNotFound(NotFound):
    """There is no such piece of evidence within the caller's jurisdiction."""

    code = "evidence-not-found"
    title_zh, title_en = "证据不存在或不在您的辖区", "No such evidence within your jurisdiction"


class NoticeNotFound(NotFound):
    """There is no such notice for the caller."""

    code = "notice-not-found"
    title_zh, title_en = "检查通知不存在或不在您的辖区", "No such notice within your jurisdiction"


class RectificationNotFound(NotFound):
    """There is no such rectification within the caller's jurisdiction."""

    code = "rectification-not-found"
    title_zh, title_en = "整改事项不存在或不在您的辖区", "No such rectification within your jurisdiction"


class AlertNotFound(NotFound):
    """There is no such alert within the caller's jurisdiction."""

    code = "alert-not-found"
    title_zh, title_en = "提醒不存在或不在您的辖区", "No such alert within your jurisdiction"


class NotOnTeam(Forbidden):
    """Only the members of the inspection's team sign as such, or note a refusal to sign (行政处罚法第四十二条)."""

    code = "not-on-team"
    title_zh, title_en = "您不是本次检查组成员", "You are not a member of this inspection's team"


class ReviewerOnTeam(Forbidden):
    """A member of the team may not review the record."""

    code = "reviewer-on-team"
    title_zh, title_en = "检查组成员不得审核本人参加的检查", "A member of the team may not review its own inspection"


class TransitionForbidden(DomainError):
    """The state of the object does not allow this event; `state`, `event` and the `allowed` events say more."""

    code = "transition-forbidden"
    title_zh, title_en = "当前状态不允许此操作", "The present state does not allow this event"


class CampaignIsClosed(DomainError):
    """The campaign has ended; no further inspection is planned in it."""

    code = "campaign-closed"
    title_zh, title_en = "专项检查已关闭，不能再安排检查", "The campaign is closed: no inspection can be planned any more"


class DayInThePast(DomainError):
    """An inspection cannot be scheduled for a day that has passed."""

    code, status = "day-in-the-past", 422
    title_zh, title_en = "检查日期不得早于今日", "The day lies in the past"


class NoticeTooEarly(DomainError):
    """The object is notified one day before, never earlier (K02); `notice_on` is the day."""

    code = "notice-too-early"
    title_zh, title_en = "通知过早：只能在检查前一日通知", "Too early: the notice goes out on the day before the inspection"


class NoticeTooLate(DomainError):
    """The day of the notice has passed; the inspection must be scheduled again. `notice_on` is the day that was missed."""

    code = "notice-too-late"
    title_zh, title_en = "已过通知日，须重新安排检查日期", "The day of the notice has passed: schedule the inspection again"


class MemberUnavailable(DomainError):
    """A member's enforcement certificate is not valid on the day, or the member is on leave; `members` says who and why."""

    code = "member-unavailable"
    title_zh, title_en = "检查组成员当日执法证无效或者休假", "A member of the team may not serve on that day"


class NoticeNamesTeam(DomainError):
    """The latest notice names the present team: no supplementary notice is needed."""

    code = "notice-names-team"
    title_zh, title_en = "通知书所列检查人员未变更，无需补充通知", "The notice names the present team"


class SupplementaryNoticeMissing(DomainError):
    """The team changed after the notice, and the object was not notified of the new one, whose recusal it may ask for."""

    code = "supplementary-notice-missing"
    title_zh, title_en = "检查人员变更后尚未补充通知被检查单位", "The object was not notified of the changed team"


class NotInspectionDay(DomainError):
    """The inspection begins on the day of the notice."""

    code = "not-inspection-day"
    title_zh, title_en = "今日不是通知的检查日期", "Today is not the day of the notice"


class ChecklistVersionUnavailable(DomainError):
    """The campaign asks for a version of Annex 1 that is not on this platform; `available` lists those that are."""

    code = "checklist-version-unavailable"
    title_zh, title_en = "平台未收录该专项检查所用的检查表版本", "The checklist version of the campaign is not available"


class UnknownChecklistCode(DomainError):
    """The checklist has no such item."""

    code, status = "unknown-checklist-code", 422
    title_zh, title_en = "检查表中没有此项", "The checklist has no such item"


class AnswerNeedsNote(DomainError):
    """An item that was not checked needs its reason."""

    code, status = "answer-needs-note", 422
    title_zh, title_en = "未查的项目须说明原因", "An item that was not checked needs a reason"


class RespondentNotAllowed(DomainError):
    """This checklist item cannot be answered for by this kind of respondent."""

    code, status = "respondent-not-allowed", 422
    title_zh, title_en = "责任主体与检查项目不符", "The respondent does not fit the checklist item"


class FocusPointMismatch(DomainError):
    """The finding names another focus point than its checklist item."""

    code, status = "focus-point-mismatch", 422
    title_zh, title_en = "检查重点与检查项目不符", "The focus point does not belong to the checklist item"


class ViolationNotAllowed(DomainError):
    """The violation type is not one of the checklist item's; `allowed` lists them."""

    code, status = "violation-not-allowed", 422
    title_zh, title_en = "违法行为类型与检查项目不符", "The violation does not belong to the checklist item"


class AdviceOnlyGuides(DomainError):
    """Advice carries no measure but guidance and is never a suspected crime."""

    code, status = "advice-only-guides", 422
    title_zh, title_en = "建议类问题只能采取指导帮扶措施", "Advice carries no other measure than guidance"


class NotYetMandatory(DomainError):
    """Certification of the product was not yet mandatory on the day of the act; `mandatory_from` says from when."""

    code = "not-yet-mandatory"
    title_zh, title_en = "行为发生时该产品尚未强制实施，只能作为建议", "Not yet mandatory on that day: it can only be advice"


class NotInCatalogue(DomainError):
    """The product was not in the catalogue on the day of the act, so it needed no certificate."""

    code, status = "not-in-catalogue", 422
    title_zh, title_en = "行为发生时该产品不在强制性产品认证目录内", "The product was not in the catalogue on that day"


class CertificateWasValid(DomainError):
    """The certificate was valid on the day of the act, so nothing was supplied while it was not."""

    code = "certificate-was-valid"
    title_zh, title_en = "行为发生之日证书有效", "The certificate was valid on the day of the act"


class UnknownCertificate(DomainError):
    """The registry has published no certificate with this number."""

    code, status = "unknown-certificate", 422
    title_zh, title_en = "证书库中没有此编号的证书", "No certificate with this number is known"


class ActInTheFuture(DomainError):
    """The act of a finding lies on a day after today."""

    code, status = "act-in-the-future", 422
    title_zh, title_en = "行为日期不得晚于今日", "The act lies in the future"


class EvidenceRequired(DomainError):
    """A violation needs evidence of this inspection."""

    code, status = "evidence-required", 422
    title_zh, title_en = "违法问题须附本次检查的证据", "A violation needs evidence of this inspection"


class RequirementMissing(DomainError):
    """An order to correct says what has to be corrected."""

    code, status = "requirement-missing", 422
    title_zh, title_en = "责令改正须写明整改要求", "An order to correct must state its requirement"


class RectificationTermTooLong(DomainError):
    """A longer term for correction needs approval; `max_days` is the longest without."""

    code = "rectification-term-too-long"
    title_zh, title_en = "整改期限超过无需批准的最长期限", "The term for correction is longer than allowed without approval"


class EvidenceTypeNotAccepted(DomainError):
    """The type of the file, detected from its content, is not accepted for this kind of evidence."""

    code, status = "evidence-type-not-accepted", 415
    title_zh, title_en = "文件内容的类型不适用于该证据种类", "The file's content is not of a type accepted for this kind"


class EvidenceMetadataMissing(DomainError):
    """A copy or electronic data lacks the metadata that the law requires (市场监督管理行政处罚程序规定第二十四至二十六条)."""

    code, status = "evidence-metadata-missing", 422
    title_zh, title_en = "缺少证据的提取信息", "What has to be noted about this evidence is missing"


class SignatoryNotAllowed(DomainError):
    """This party does not sign, or not through this caller."""

    code = "signatory-not-allowed"
    title_zh, title_en = "签字人身份不符", "This caller may not sign for this party"


class ConfirmationSheetChanged(DomainError):
    """The confirmation sheet is not the one that the signatory read; `content_hash` is that of its present content."""

    code = "confirmation-sheet-changed"
    title_zh, title_en = "问题确认表已变更，请重新阅读后签字", "The confirmation sheet has changed: read it again before signing"


class RecordingRequired(DomainError):
    """A refusal to sign is proven by a sound or video recording among the evidence of the inspection."""

    code, status = "recording-required", 422
    title_zh, title_en = "拒签须附本次检查的音像记录证据", "A refusal to sign needs a recording among the inspection's evidence"


class AlreadySigned(DomainError):
    """The party has signed the present content of the confirmation sheet."""

    code = "already-signed"
    title_zh, title_en = "该方已在当前确认表上签字", "This party has signed the present confirmation sheet"


class NotSubmittable(DomainError):
    """Parts of the record are missing; `missing` names each."""

    code = "not-submittable"
    title_zh, title_en = "检查记录不完整，不能提交", "The record is incomplete and cannot be submitted"


class ResultInconsistent(DomainError):
    """The result category and the findings contradict each other."""

    code = "result-inconsistent"
    title_zh, title_en = "检查结果与发现的问题不一致", "The result contradicts the findings"


class RecheckDayOutside(DomainError):
    """The recheck is set for a day that is past or after its term (K32); `recheck_due_on` is the last one."""

    code, status = "recheck-day-outside", 422
    title_zh, title_en = "复查日期不在复查期限内", "The day is past or after the term of the recheck"


class RectificationNotReported(DomainError):
    """A recheck needs the object's report, or the end of the term."""

    code = "rectification-not-reported"
    title_zh, title_en = "整改期限内且尚未收到整改报告", "There is no report yet and the term has not ended"

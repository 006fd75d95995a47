"""The errors of this service."""

from shared.core.errors import DomainError, NotFound


class CaseNotFound(NotFound):
    """No such case within the caller's jurisdiction."""

    code = "case-not-found"
    title_zh, title_en = "案件不存在或不在您的辖区", "No such case within your jurisdiction"


class TransferNotFound(NotFound):
    """No such criminal transfer within the caller's jurisdiction."""

    code = "criminal-transfer-not-found"
    title_zh, title_en = "移送案件不存在或不在您的辖区", "No such criminal transfer within your jurisdiction"


class MatterNotFound(NotFound):
    """No such qualification matter within the caller's jurisdiction."""

    code = "qualification-matter-not-found"
    title_zh, title_en = "资质问题不存在或不在您的辖区", "No such qualification matter within your jurisdiction"


class LetterNotFound(NotFound):
    """No such letter within the caller's jurisdiction."""

    code = "letter-not-found"
    title_zh, title_en = "函件不存在或不在您的辖区", "No such letter within your jurisdiction"


class CopyNotFound(NotFound):
    """No such copy to another department within the caller's jurisdiction."""

    code = "copy-not-found"
    title_zh, title_en = "抄告件不存在或不在您的辖区", "No such copy within your jurisdiction"


class DutyCrimeClueNotFound(NotFound):
    """No such clue to a duty crime."""

    code = "duty-crime-clue-not-found"
    title_zh, title_en = "职务犯罪线索不存在", "No such clue to a duty crime"


class DeadlineNotFound(NotFound):
    """The case has no clock of this code."""

    code = "deadline-not-found"
    title_zh, title_en = "该案件没有此期限", "The case has no such deadline"


class TransitionForbidden(DomainError):
    """The state machine knows no such step from the present state."""

    code = "transition-forbidden"
    title_zh, title_en = "当前状态不允许此操作", "The present state does not allow this step"


class GuardFailed(DomainError):
    """A condition that the law puts before this step is not met; `guard` names it."""

    code = "guard-failed"
    title_zh, title_en = "不符合法定条件", "A condition of this step is not met"


class CaseNumberTaken(DomainError):
    """Another case bears this number."""

    code = "case-number-taken"
    title_zh, title_en = "立案号已被使用", "Another case bears this number"


class DecisionNumberTaken(DomainError):
    """Another decision bears this number."""

    code = "decision-number-taken"
    title_zh, title_en = "处罚决定书文号已被使用", "Another decision bears this number"


class UnknownViolation(DomainError):
    """The violation type is not in the table, or was not in force on the day of the act."""

    code, status = "unknown-violation", 422
    title_zh, title_en = "没有该违法行为类型", "There is no such violation type"


class GoodsValueMissing(DomainError):
    """The frame of the fine depends on the value of the goods, which nobody has established."""

    code, status = "goods-value-missing", 422
    title_zh, title_en = "未认定货值金额，无法确定罚款幅度", "The frame depends on the goods value, which is not established"


class SanctionOutsideFrame(DomainError):
    """The intended penalty is not one that the law provides for this violation, or its amount lies outside the bounds."""

    code, status = "sanction-outside-frame", 422
    title_zh, title_en = "处罚超出法定种类或者幅度", "The sanction lies outside its statutory frame"


class NotCompetentToSanction(DomainError):
    """This penalty lies with SAMR or a department it has authorised."""

    code = "not-competent-to-sanction"
    title_zh, title_en = "本机关无权作出该处罚", "This bureau may not impose the sanction"


class NoFineOwed(DomainError):
    """No fine is owed: none was decided, the decision has not been served, or its payment has been waived."""

    code = "no-fine-owed"
    title_zh, title_en = "该案件没有应缴罚款", "No fine is owed in this case"


class AmountExceedsDecision(DomainError):
    """More was paid than the decision asks for."""

    code, status = "amount-exceeds-decision", 422
    title_zh, title_en = "缴纳金额超过决定金额", "The payment exceeds what the decision asks for"

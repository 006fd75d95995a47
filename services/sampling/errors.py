"""The errors of sampling; those of the draw protocol itself are in `draw.errors`."""

from shared.core.errors import DomainError, Forbidden, NotFound


class CampaignNotFound(NotFound):
    """There is no such campaign."""

    code = "campaign-not-found"
    title_zh, title_en = "专项检查不存在", "No such campaign"


class CampaignCodeTaken(DomainError):
    """Another campaign has this code."""

    code = "campaign-code-taken"
    title_zh, title_en = "任务编号已被使用", "The campaign code is taken"


class CampaignNotInState(DomainError):
    """The campaign's state does not allow the act."""

    code = "campaign-state"
    title_zh, title_en = "专项检查当前状态不允许此操作", "The state of the campaign does not allow this"


class CampaignNotDone(DomainError):
    """Draws go on or objects wait for their inspection; `draws` and `assignments` say how many."""

    code = "campaign-not-done"
    title_zh, title_en = "尚有未完成的抽取或检查任务，不得关闭", "Draws or inspections of the campaign are not done"


class SamePerson(DomainError):
    """Two acts that belong to different people would be done by one."""

    code = "same-person"
    title_zh, title_en = "职责分离：须由另一人办理", "Segregation of duties: another person must do this"


class StepForbidden(Forbidden):
    """The procedure gives this step of the draw to other roles."""

    code = "draw-step-forbidden"
    title_zh, title_en = "您的角色不办理抽取的这一步骤", "Your role does not take this step of the draw"


class DrawNotFound(NotFound):
    """There is no such draw, or the jurisdiction does not reach it."""

    code = "draw-not-found"
    title_zh, title_en = "抽取不存在或不在您的辖区", "No such draw within your jurisdiction"


class DrawStepRefused(DomainError):
    """The draw does not stand where this step begins."""

    code = "draw-state"
    title_zh, title_en = "抽取当前状态不允许此步骤", "The state of the draw does not allow this step"


class DrawUnderWay(DomainError):
    """There is a draw of this kind for the campaign or city already; it is finished or aborted first."""

    code = "draw-under-way"
    title_zh, title_en = "已有同类抽取在进行或已完成", "A draw of this kind exists already"


class RedrawDue(DomainError):
    """The last sealed draw of this kind was given up: it goes on as the next attempt of that draw, never as a new one."""

    code = "redraw-due"
    title_zh, title_en = (
        "上一次抽取已中止或被取代，须以重新抽取方式继续",
        "The last draw was given up: redraw it, do not plan a new one",
    )


class NothingToDraw(DomainError):
    """No organisation or no task is waiting for this draw."""

    code = "nothing-to-draw"
    title_zh, title_en = "没有可抽取的对象或待匹配的任务", "Nothing is waiting to be drawn"


class MinimumSample(DomainError):
    """The sample is smaller than plan and ratio ask for; `required` says how many."""

    code = "minimum-sample"
    title_zh, title_en = "样本量低于规定数量，须提高样本量或记录豁免", "The sample is too small: raise it or record a waiver"


class NoWaiverNeeded(DomainError):
    """The sample satisfies the minimum ratio; there is nothing to waive."""

    code = "waiver-not-needed"
    title_zh, title_en = "样本量已满足最低比例，无需豁免", "The sample satisfies the ratio: no waiver is needed"


class NoAbortRequested(DomainError):
    """Nobody has asked to abort this draw."""

    code = "abort-not-requested"
    title_zh, title_en = "尚无人申请中止该抽取", "Nobody has asked to abort this draw"


class EmbargoNotOver(DomainError):
    """The embargo of the list lasts."""

    code = "embargo"
    title_zh, title_en = "名单尚在保密期内", "The list is under embargo"


class InspectorNotFound(NotFound):
    """There is no such inspector within the jurisdiction."""

    code = "inspector-not-found"
    title_zh, title_en = "检查人员不存在或不在您的辖区", "No such inspector within your jurisdiction"


class PersonExists(DomainError):
    """People of the list are in the library already; nothing was added. `ids` names them."""

    code = "person-exists"
    title_zh, title_en = "名录库中已有该人员", "The library holds this person already"


class PersonUnknown(DomainError):
    """The library holds no such person."""

    code, status = "person-unknown", 422
    title_zh, title_en = "名录库中无此人员", "The library holds no such person"


class ConflictDeclared(DomainError):
    """The conflict stands in the register already."""

    code = "conflict-declared"
    title_zh, title_en = "该利益冲突已登记", "This conflict is registered already"


class AssignmentNotFound(NotFound):
    """There is no such assignment within the jurisdiction."""

    code = "assignment-not-found"
    title_zh, title_en = "检查任务不存在或不在您的辖区", "No such assignment within your jurisdiction"


class AssignmentNotInState(DomainError):
    """The state of the assignment does not allow the act."""

    code = "assignment-state"
    title_zh, title_en = "检查任务当前状态不允许此操作", "The state of the assignment does not allow this"


class RequestNotFound(NotFound):
    """There is no such request within the jurisdiction."""

    code = "request-not-found"
    title_zh, title_en = "申请不存在或不在您的辖区", "No such request within your jurisdiction"


class AlreadyDecided(DomainError):
    """The request was decided before, or a like one is open."""

    code = "already-decided"
    title_zh, title_en = "该申请已处理或已有同一申请", "The request is decided, or a like one is open"


class NothingProposed(DomainError):
    """The institute has proposed nobody for this request, or its proposal was returned."""

    code = "nothing-proposed"
    title_zh, title_en = "省计量院尚未推荐专家", "The institute has proposed no expert yet"


class NotATeamMember(DomainError):
    """The inspector is not on this team."""

    code, status = "not-a-team-member", 422
    title_zh, title_en = "该人员不在检查组内", "The inspector is not on this team"


class GroundRefused(DomainError):
    """The ground does not apply here, needs words, or is decided by others."""

    code, status = "ground-refused", 422
    title_zh, title_en = "理由不适用或须说明情况", "The ground does not apply or needs a detail"


class NotEligible(DomainError):
    """The person may not serve on this task; `reason` says why."""

    code = "not-eligible"
    title_zh, title_en = "该人员不符合此任务的条件", "The person is not eligible for this task"


class PoolSufficient(DomainError):
    """Assignment by hand is for a pool below two; here a draw is possible."""

    code = "pool-sufficient"
    title_zh, title_en = "可用人员充足，须重新抽取，不得人工指定", "The pool suffices: draw, do not assign by hand"


class NotTheWitness(DomainError):
    """The entropy plan names another person for this source."""

    code = "not-the-witness"
    title_zh, title_en = "该随机数来源由方案指定的他人提交", "The plan names another person for this source"

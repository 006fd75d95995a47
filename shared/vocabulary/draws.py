"""Campaigns, draws and their assignments (双随机抽查)."""

import re
from enum import StrEnum
from typing import Final

_OF_A_YEAR: Final = re.compile(r"targeted_\d{4}_failed")


class ObjectKind(StrEnum):
    """Kind of an organisation in the object library (检查对象类型)."""

    CERTIFIED_ORG = "certified_org"  # 获证组织
    SELLER = "seller"  # 销售者
    IMPORTER = "importer"  # 进口商


class SelectionBasis(StrEnum):
    """Why an object was selected (抽取依据)."""

    RANDOM = "random"  # 随机
    RANDOM_PRIORITY_STRATUM = "random_priority_stratum"  # 重点产品分层随机
    TARGETED_FAILED_SAMPLING = "targeted_failed_sampling"  # 监督抽查不合格; the campaign says of which years

    @classmethod
    def _missing_(cls, value: object) -> "SelectionBasis | None":
        """Events published before 2026-12 name the year in the value; they are replayed and must stay readable."""
        named_a_year = isinstance(value, str) and _OF_A_YEAR.fullmatch(value)
        return cls.TARGETED_FAILED_SAMPLING if named_a_year else None


class DrawKind(StrEnum):
    """What is drawn (抽取类型)."""

    OBJECT = "object"  # 检查对象
    CERTIFICATE = "certificate"  # 证书
    INSPECTOR = "inspector"  # 检查人员
    RESERVE = "reserve"  # 备选对象


class RecusalReason(StrEnum):
    """Ground on which an inspector or expert withdraws (回避理由)."""

    INTEREST = "interest"  # 利害关系
    KINSHIP = "kinship"  # 亲属关系
    PRIOR_EMPLOYMENT = "prior_employment"  # 曾任职
    PRIOR_INVOLVEMENT = "prior_involvement"  # 曾参与认证或检测
    OBJECT_REQUEST = "object_request"  # 被检查对象申请
    OTHER = "other"  # 其他


class ReplacementReason(StrEnum):
    """Ground of replacing a person or an object (更换理由)."""

    RECUSED = "recused"  # 回避
    LEAVE = "leave"  # 休假
    TRANSFER = "transfer"  # 调离
    CERTIFICATE_EXPIRED = "certificate_expired"  # 执法证失效
    POOL_INSUFFICIENT = "pool_insufficient"  # 人员不足
    OBJECT_CANCELLED = "object_cancelled"  # 对象已注销
    OBJECT_MOVED = "object_moved"  # 对象迁出
    UNREACHABLE = "unreachable"  # 无法联系
    NO_ACTIVITY = "no_activity"  # 无相关经营活动
    DUPLICATE = "duplicate"  # 重复检查


class CampaignState(StrEnum):
    """A campaign from draft to close, or withdrawn before it was published (任务状态)."""

    DRAFT = "draft"  # 草案
    APPROVED = "approved"  # 已批准
    PUBLISHED = "published"  # 已发布
    CLOSED = "closed"  # 已关闭
    WITHDRAWN = "withdrawn"  # 已撤销


class DrawState(StrEnum):
    """Steps of a draw (抽取状态). `committed` is the protocol's seal, `released` its release."""

    DRAFT = "draft"  # 草案
    FRAME_FROZEN = "frame_frozen"  # 名录冻结
    COMMITTED = "committed"  # 已封存
    EXECUTED = "executed"  # 已抽取
    RELEASED = "released"  # 已下发
    ABORTED = "aborted"  # 已中止
    SUPERSEDED = "superseded"  # 已被取代


class AssignmentState(StrEnum):
    """One drawn object on its way through the campaign (检查任务状态); its inspection has a state of its own."""

    PENDING_INSPECTORS = "pending_inspectors"  # 待匹配检查人员
    MATCHED = "matched"  # 已匹配
    NOTIFIED = "notified"  # 已通知
    REVIEWED = "reviewed"  # 已审核
    CLOSED = "closed"  # 已办结
    RECUSED = "recused"  # 回避待重抽
    OBJECT_REPLACED = "object_replaced"  # 对象已更换


class InspectorMatchState(StrEnum):
    """Membership of one inspector in a team (检查人员匹配状态)."""

    CONFIRMED = "confirmed"  # 已确认
    RECUSED = "recused"  # 已回避
    REPLACED = "replaced"  # 已更换
    COMPLETED = "completed"  # 已完成

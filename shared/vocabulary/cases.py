"""Cases, criminal transfers, deadlines and disclosures (案件、移送、期限与公示)."""

from enum import StrEnum


class CaseStatus(StrEnum):
    """A case from clue to archive (案件状态)."""

    CLUE_RECEIVED = "clue_received"  # 收到线索
    VERIFYING = "verifying"  # 核查
    NOT_FILED = "not_filed"  # 不予立案
    FILED = "filed"  # 立案
    INVESTIGATING = "investigating"  # 调查
    SUSPENDED = "suspended"  # 中止调查
    INVESTIGATION_ENDED = "investigation_ended"  # 调查终结
    UNDER_REVIEW = "under_review"  # 审核
    RETURNED = "returned"  # 退回补充
    NOTICE_SERVED = "notice_served"  # 告知
    STATEMENT = "statement"  # 陈述申辩
    HEARING = "hearing"  # 听证
    DECISION_PENDING = "decision_pending"  # 待决定
    PENALTY_DECIDED = "penalty_decided"  # 行政处罚
    NO_PENALTY = "no_penalty"  # 不予处罚
    FACTS_NOT_ESTABLISHED = "facts_not_established"  # 违法事实不成立
    TRANSFERRED_OTHER = "transferred_other"  # 移送其他部门
    TRANSFERRED_JUDICIAL = "transferred_judicial"  # 移送司法
    SERVED = "served"  # 送达
    PUBLISHED = "published"  # 公示
    EXECUTING = "executing"  # 执行
    CLOSED = "closed"  # 结案
    ARCHIVED = "archived"  # 归档


class ReviewKind(StrEnum):
    """Who reviews a case before the decision (审核方式)."""

    LEGAL = "legal"  # 法制审核
    CASE = "case"  # 案件审核


class PenaltyKind(StrEnum):
    """Kinds of administrative penalty (处罚种类)."""

    WARNING = "warning"  # 警告
    CRITICISM = "criticism"  # 通报批评
    FINE = "fine"  # 罚款
    CONFISCATE_GAINS = "confiscate_gains"  # 没收违法所得
    CONFISCATE_GOODS = "confiscate_goods"  # 没收非法财物
    STOP_BUSINESS = "stop_business"  # 责令停产停业
    REVOKE_LICENCE = "revoke_licence"  # 吊销许可证件
    REVOKE_APPROVAL = "revoke_approval"  # 撤销批准
    REVOKE_DESIGNATION = "revoke_designation"  # 撤销指定
    PERSONNEL_DISQUALIFICATION = "personnel_disqualification"  # 撤销从业资格


class TransferStatus(StrEnum):
    """A suspected crime on its way to the police (移送状态)."""

    SUSPECTED = "suspected"  # 涉嫌犯罪
    TEAM_FORMED = "team_formed"  # 组成专案组
    REPORT_SUBMITTED = "report_submitted"  # 提出移送报告
    APPROVED = "approved"  # 批准移送
    REJECTED = "rejected"  # 不批准移送
    SENT = "sent"  # 已移送
    ACCEPTED = "accepted"  # 公安受理
    FORWARDED = "forwarded"  # 公安转送
    FILED = "filed"  # 公安立案
    NOT_FILED = "not_filed"  # 公安不立案
    RECONSIDERATION = "reconsideration"  # 提请复议
    PROCURATORATE_ADVICE = "procuratorate_advice"  # 建议检察院立案监督
    HANDED_OVER = "handed_over"  # 移交涉案物品
    RETURNED_TO_ADMIN = "returned_to_admin"  # 退回行政处理


class DisclosureStatus(StrEnum):
    """A publication from draft to withdrawal (公示状态)."""

    DRAFT = "draft"  # 草稿
    SECRECY_REVIEWED = "secrecy_reviewed"  # 已保密审查
    APPROVED = "approved"  # 已批准
    PUBLISHED = "published"  # 已公示
    CORRECTED = "corrected"  # 已更正
    WITHDRAWN = "withdrawn"  # 已撤回
    EXPIRED = "expired"  # 已期满


class DeadlineUnit(StrEnum):
    """Units of a time limit (期限单位)."""

    WD = "wd"  # 工作日
    D = "d"  # 自然日
    H = "h"  # 小时
    MONTH = "month"  # 月
    FIXED_DATE = "fixed_date"  # 固定日期


class DeadlineState(StrEnum):
    """State of a deadline (期限状态)."""

    RUNNING = "running"  # 计时中
    PAUSED = "paused"  # 中止计时
    MET = "met"  # 已完成
    OVERDUE = "overdue"  # 逾期
    WAIVED = "waived"  # 豁免

"""Inspections and their findings (现场检查)."""

from enum import StrEnum


class FocusPoint(StrEnum):
    """The five points the notice asks to look at (检查重点)."""

    FP1 = "FP1"  # 虚假认证、超范围、增减遗漏程序
    FP2 = "FP2"  # 跟踪检查不力、未及时暂停撤销
    FP3 = "FP3"  # 无证出厂销售进口使用
    FP4 = "FP4"  # 伪造冒用买卖标志或证书
    FP5 = "FP5"  # 暂停撤销注销后出厂销售


class Answer(StrEnum):
    """Answer to a checklist question (检查情况)."""

    CONFORM = "CONFORM"  # 符合
    NONCONFORM = "NONCONFORM"  # 不符合
    NOT_APPLICABLE = "NOT_APPLICABLE"  # 不适用
    NOT_CHECKED = "NOT_CHECKED"  # 未查


class FindingSeverity(StrEnum):
    """Weight of a finding (问题严重程度); `advice` is guidance, never a violation."""

    ADVICE = "advice"  # 建议
    MINOR = "minor"  # 轻微
    GENERAL = "general"  # 一般
    SERIOUS = "serious"  # 严重
    MAJOR = "major"  # 重大


class RespondentType(StrEnum):
    """Respondent of a finding (责任主体)."""

    OBJECT = "object"  # 被检查对象
    CERT_BODY = "cert_body"  # 认证机构
    LABORATORY = "laboratory"  # 实验室
    PERSON = "person"  # 人员


class Measure(StrEnum):
    """Measures about a finding (处理措施)."""

    ON_THE_SPOT_CORRECTION = "on_the_spot_correction"  # 当场改正
    ORDER_RECTIFY = "order_rectify"  # 责令改正
    GUIDANCE = "guidance"  # 指导帮扶
    ADMONITION = "admonition"  # 告诫
    SEAL = "seal"  # 查封
    SEIZE = "seize"  # 扣押
    REGISTERED_PRESERVATION = "registered_preservation"  # 先行登记保存
    LETTER_TO_BODY = "letter_to_body"  # 函告认证机构
    CASE_CLUE = "case_clue"  # 案件线索
    COPY_DEPARTMENT = "copy_department"  # 抄告


class EvidenceKind(StrEnum):
    """Kinds of evidence (证据种类)."""

    DOCUMENTARY = "documentary"  # 书证
    PHYSICAL = "physical"  # 物证
    AUDIOVISUAL = "audiovisual"  # 视听资料
    ELECTRONIC_DATA = "electronic_data"  # 电子数据
    WITNESS = "witness"  # 证人证言
    PARTY_STATEMENT = "party_statement"  # 当事人陈述
    EXPERT_OPINION = "expert_opinion"  # 鉴定意见
    ON_SITE_RECORD = "on_site_record"  # 现场笔录


class InspectionMethod(StrEnum):
    """How an inspection was carried out (检查方式)."""

    ON_SITE = "ON_SITE"  # 实地检查
    DESK = "DESK"  # 书面检查
    OFFICIAL_OPINION = "OFFICIAL_OPINION"  # 部门结果/专业意见
    TESTING = "TESTING"  # 检验检测
    ONLINE = "ONLINE"  # 网络监测
    ENTRUSTED = "ENTRUSTED"  # 委托专业机构辅助


class InspectionResult(StrEnum):
    """The eight result categories (检查结果)."""

    NO_ISSUE = "NO_ISSUE"  # 未发现问题
    INFO_NOT_DISCLOSED = "INFO_NOT_DISCLOSED"  # 未按规定公示应当公示的信息
    INFO_FALSE = "INFO_FALSE"  # 公示信息隐瞒真实情况、弄虚作假
    UNREACHABLE = "UNREACHABLE"  # 通过登记的住所(经营场所)无法联系
    ISSUE_CORRECTED = "ISSUE_CORRECTED"  # 发现问题已责令改正
    REFUSED_SERIOUS = "REFUSED_SERIOUS"  # 不配合检查情节严重
    NO_RELEVANT_ACTIVITY = "NO_RELEVANT_ACTIVITY"  # 未发现开展本次抽查涉及的经营活动
    ISSUE_PENDING = "ISSUE_PENDING"  # 发现问题待后续处理


class ObjectState(StrEnum):
    """State of the object on the day of the inspection (主体状态)."""

    ACTIVE = "ACTIVE"  # 存续
    CLOSED_OR_LIQUIDATING = "CLOSED_OR_LIQUIDATING"  # 已关闭停业或正在组织清算
    DEREGISTERED = "DEREGISTERED"  # 注销
    LICENCE_REVOKED = "LICENCE_REVOKED"  # 被吊销
    REGISTRATION_RESCINDED = "REGISTRATION_RESCINDED"  # 被撤销
    MOVED_OUT = "MOVED_OUT"  # 迁出


class FollowUp(StrEnum):
    """What follows an inspection (后续处理)."""

    NONE = "NONE"  # 无
    DAILY_SUPERVISION = "DAILY_SUPERVISION"  # 停止检查, 纳入日常监管
    RECTIFICATION_ORDER = "RECTIFICATION_ORDER"  # 责令限期改正
    CASE_CLUE = "CASE_CLUE"  # 移交案件线索
    COPY_DEPARTMENT = "COPY_DEPARTMENT"  # 抄告其他部门
    OTHER = "OTHER"  # 其他


class RectificationState(StrEnum):
    """An order to correct from issue to close (整改状态)."""

    ORDERED = "ordered"  # 已责令
    REPORTED = "reported"  # 已报告
    RECHECK_SCHEDULED = "recheck_scheduled"  # 已安排复查
    PASSED = "passed"  # 复查通过
    CLOSED = "closed"  # 已关闭
    FAILED = "failed"  # 未整改到位

"""Enumerations of this service alone."""

from enum import StrEnum


class Round(StrEnum):
    """The two report rounds (报告轮次, decision A-01)."""

    INTERIM = "interim"  # 阶段报告
    FINAL = "final"  # 最终报告


class SummaryState(StrEnum):
    """A summary from computing to merging (汇总状态)."""

    OPEN = "open"  # 填报中
    SUPERSEDED = "superseded"  # 已被取代
    SUBMITTED = "submitted"  # 已报送
    RETURNED = "returned"  # 已退回
    ACCEPTED = "accepted"  # 已接收
    MERGED = "merged"  # 已汇总


class DisclosureKind(StrEnum):
    """What is made public (公示内容)."""

    PLAN = "plan"  # 抽查事项和计划
    DRAW = "draw"  # 抽查名单
    RESULT = "result"  # 检查结果
    PENALTY = "penalty"  # 行政处罚决定
    STATISTICS = "statistics"  # 统计信息


class RowKind(StrEnum):
    """What a figure counts (计数对象)."""

    OBJECT = "object"  # 检查对象
    INSPECTOR = "inspector"  # 检查人员
    EXPERT = "expert"  # 专家
    REPLACEMENT = "replacement"  # 更换
    FINDING = "finding"  # 问题
    RECTIFICATION = "rectification"  # 整改
    CASE = "case"  # 案件
    TRANSFER = "transfer"  # 移送
    LETTER = "letter"  # 函告
    QUALIFICATION = "qualification"  # 资质问题
    CLOCK = "clock"  # 期限
    DEADLINE = "deadline"  # 逾期期限
    SUBMISSION = "submission"  # 报送


class Unit(StrEnum):
    """What a figure's value is in (单位)."""

    COUNT = "count"  # 数
    RATIO = "ratio"  # 比率
    FEN = "fen"  # 分

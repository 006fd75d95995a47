"""Validation errors in the reader's language."""

from collections.abc import Mapping
from typing import Any

_CHINESE = {
    "missing": "必填",
    "extra_forbidden": "不允许的字段",
    "string_type": "应为字符串",
    "string_too_short": "长度不得少于 {min_length}",
    "string_too_long": "长度不得超过 {max_length}",
    "string_pattern_mismatch": "格式不符合要求",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "bool_type": "应为布尔值",
    "bool_parsing": "应为布尔值",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不得小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不得大于 {le}",
    "enum": "应为下列之一：{expected}",
    "literal_error": "应为下列之一：{expected}",
    "uuid_parsing": "不是有效的 UUID",
    "uuid_type": "不是有效的 UUID",
    "date_type": "应为日期（YYYY-MM-DD）",
    "date_parsing": "不是有效的日期",
    "date_from_datetime_parsing": "不是有效的日期",
    "date_from_datetime_inexact": "应为日期，不带时刻",
    "datetime_type": "应为时刻",
    "datetime_parsing": "不是有效的时刻",
    "datetime_from_date_parsing": "不是有效的时刻",
    "timezone_aware": "时刻须带时区",
    "list_type": "应为数组",
    "dict_type": "应为对象",
    "model_attributes_type": "应为对象",
    "model_type": "应为对象",
    "too_short": "至少 {min_length} 项",
    "too_long": "至多 {max_length} 项",
    "json_invalid": "不是有效的 JSON",
    "none_required": "应为空",
}


def explain(error: Mapping[str, Any], *, chinese: bool) -> str:
    """One validation error in the reader's language; in English where there is no Chinese text."""
    english = str(error["msg"]).removeprefix("Value error, ")
    template = _CHINESE.get(str(error["type"]))
    if not chinese or template is None:
        return english
    return template.format_map(_Context(error.get("ctx") or {}))


class _Context(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return f"<{key}>"

"""The rules that an imported row must pass, by code, with severity and message (certificate_rules.json)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from services.registry.rules.reference_data import document
from shared.core.province import province


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `error` rejects the row, `warning` and `flag` keep it and are reported."""

    code: str
    severity: str
    message_zh: str
    message_en: str
    parameters: Mapping[str, Any]

    @property
    def rejects(self) -> bool:
        """Whether a row that breaks the rule is rejected."""
        return self.severity == "error"


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its code."""
    return {
        item["code"]: Rule(
            item["code"], item["severity"], _in_province(item["message_zh"]), _in_province(item["message_en"]), item
        )
        for item in document("certificate_rules")["items"]
    }


def _in_province(message: str) -> str:
    """A message with the name of the installation's province."""
    names = province().division(province().code)
    return message.replace("{province_zh}", names["name_zh"]).replace("{province_en}", names["name_en"])


LEGACY = "V1L"


def rule(code: str) -> Rule:
    """The rule with this code; `V1L` is the warning that V1 becomes for an early number.

    Raises:
        KeyError: there is no such rule.
    """
    if code != LEGACY:
        return rules()[code]
    legacy = rules()["V1"].parameters["legacy"]
    return Rule(LEGACY, legacy["severity"], legacy["message_zh"], legacy["message_en"], legacy)


@cache
def limit(code: str) -> int:
    """A limit of import files (import_limits.json): bytes for sizes, else a count.

    Raises:
        KeyError: there is no such limit.
    """
    limits: dict[str, int] = {item["code"]: item["value"] for item in document("import_limits")["items"]}
    return limits[code]

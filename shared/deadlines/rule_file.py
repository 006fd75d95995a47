"""Reading rule files (`ccc-rules/1`) and merging a province's override into the national rules."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from shared.deadlines.errors import InvalidRuleFile
from shared.deadlines.rules import Law, Rule, RuleFile, RuleSet


def parse_rules(content: bytes) -> RuleFile:
    """The checked content of one file.

    Raises:
        InvalidRuleFile: it breaks the schema; the pointer names the place.
    """
    try:
        file = RuleFile.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        pointer = "".join(f"/{part}" for part in first["loc"])
        raise InvalidRuleFile(f"{pointer}: {first['msg']}", pointer=pointer) from error
    return file


def merge(national: RuleFile, override: RuleFile | None = None) -> RuleSet:
    """The national rules, in which a province's versions replace those of the same day or add to them.

    Raises:
        InvalidRuleFile: a file contradicts itself, or the override the national rules.
    """
    files = [national] if override is None else [national, override]
    laws = {key: law for file in files for key, law in file.laws.items()}
    rules = {(rule.id, rule.valid_from): rule for file in files for rule in file.rules}
    if override is not None:
        _check_override(national, override)
    _check(national, laws, list(rules.values()))
    version = "+".join(file.version if file.province is None else f"{file.province}-{file.version}" for file in files)
    return RuleSet(version, laws, rules.values())


def load_rules(path: Path, override: Path | None = None) -> RuleSet:
    """The rules in a file, with a province's override file merged if there is one.

    Raises:
        InvalidRuleFile: as `parse_rules` and `merge`.
    """
    return merge(parse_rules(path.read_bytes()), parse_rules(override.read_bytes()) if override else None)


def schema() -> str:
    """The JSON Schema of a rule file, as kept beside the data."""
    return json.dumps(RuleFile.model_json_schema(), ensure_ascii=False, indent=1) + "\n"


def _check_override(national: RuleFile, override: RuleFile) -> None:
    if override.province is None:
        raise InvalidRuleFile("an override names its province", pointer="/province")
    national_ids = {rule.id for rule in national.rules}
    for index, rule in enumerate(override.rules):
        if rule.id not in national_ids:
            raise InvalidRuleFile(f"{rule.id} is not a national rule", pointer=f"/rules/{index}/id")


def _check(national: RuleFile, laws: Mapping[str, Law], rules: Sequence[Rule]) -> None:
    keys = [(rule.id, rule.valid_from) for rule in national.rules]
    for index, rule in enumerate(national.rules):
        if keys.index((rule.id, rule.valid_from)) != index:
            raise InvalidRuleFile(f"{rule.version} is there twice", pointer=f"/rules/{index}")
    ids = {rule.id for rule in rules}
    for rule in rules:
        if rule.law not in laws:
            raise InvalidRuleFile(f"{rule.version}: law {rule.law} is not listed", pointer="/laws")
        if rule.follows is not None and rule.follows not in ids:
            raise InvalidRuleFile(f"{rule.version} follows {rule.follows}, which does not exist", pointer="/rules")

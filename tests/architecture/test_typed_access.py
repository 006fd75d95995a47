"""Rules and acts of the case service read steps and records by their fields: the type checker sees no string key."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import Source, Tree

FOLDERS = ("services/cases/rules", "services/cases/service")
VALUES = frozenset({"record", "body", "step", "content"})
STORES = {"services/cases/rules/bodies.py": {"content"}, "services/cases/rules/record.py": {"_steps_taken"}}
"""Where a step and a record are written as JSON."""


def _value(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id in VALUES) or (isinstance(node, ast.Attribute) and node.attr in VALUES)


def _text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _key_access(node: ast.AST) -> bool:
    match node:
        case ast.Subscript(value=value, slice=key):
            return _value(value) and _text(key)
        case ast.Call(func=ast.Attribute(value=value, attr="get" | "pop" | "setdefault")):
            return _value(value)
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[value]):
            return _text(left) and _value(value)
        case ast.AugAssign(target=target, op=ast.BitOr()):
            return _value(target)
        case _:
            return False


def _untyped(node: ast.AST) -> bool:
    written = [node.annotation] if isinstance(node, ast.arg | ast.AnnAssign) else []
    written += [node.returns] if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else []
    return any(found is not None and ast.unparse(found).startswith("dict[str, Any]") for found in written)


def violations(tree: Tree) -> Iterator[str]:
    for source in tree.sources(*FOLDERS):
        yield from (f"{source.name}:{line}" for line in sorted(set(_lines(source))))


def _lines(source: Source) -> Iterator[int]:
    stores = STORES.get(source.name, set())
    for node in ast.walk(source.module):
        stored = isinstance(node, ast.FunctionDef) and node.name in stores
        if _key_access(node) or (_untyped(node) and not stored):
            yield getattr(node, "lineno", 0)


def test_no_rule_or_act_reaches_into_a_record_by_a_string_key() -> None:
    assert list(violations(Tree())) == []


@pytest.mark.parametrize(
    "planted",
    [
        'def opinion(s): return "opinion" in s.body',
        'def receiver(s): return s.step["receiver"]',
        'def named(case): return case.record.get("file", {})',
        'def file(body): body |= {"case_no": "1"}',
        "def take(session, case_id, body: dict[str, Any]): ...",
        "def situation(case) -> dict[str, Any]: ...",
    ],
)
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_planted_string_key_or_untyped_body_is_found(tmp_path: Path, folder: str, planted: str) -> None:
    for each in FOLDERS:
        (tmp_path / each).mkdir(parents=True)
    (tmp_path / folder / "planted.py").write_text(planted, "utf-8")
    assert list(violations(Tree(tmp_path))) == [f"{folder}/planted.py:1"]

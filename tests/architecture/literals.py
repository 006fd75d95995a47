"""A guard: the product names no province and no year; both are data (provinces, notices, calendars)."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache

from shared.core.province import PROVINCES
from tests.architecture.guards import Verdict
from tests.architecture.source import PRODUCT, Source, Tree

DATED = re.compile(r"(?<!\d)20[12]\d(-\d\d|年|〕)|(?<=_)20[12]\d(?!\d)")
NAMED_YEAR = re.compile(r"(?<!\d)20[12]\d(?!\d)")
YEARS = range(2010, 2040)
EXAMPLES = {"examples", "example", "json_schema_extra"}
FROZEN = ("/migrations/versions/", "shared/deadlines/data/")
"""Released versions of a schema, and the source of the calendar's data file."""
MAY_NAME = {
    "shared/core/province.py": "the province that is served where none is named",
    "deploy/demo/province/spoiled.py": "dates that an import must refuse",
    "deploy/demo/province/certificates.py": "the first certificates of the synthetic provinces",
}


def provinces_and_years(tree: Tree) -> Verdict:
    """Codes and names of a province, dates and years, outside data files; examples of the API may have them."""
    wrong, seen = [], 0
    for source in tree.sources(*PRODUCT):
        if source.name in MAY_NAME or any(part in source.name for part in FROZEN):
            continue
        nodes = list(_spoken(source))
        seen += len(nodes)
        wrong += [f"{source.name}:{node.lineno} {said}" for node, said in nodes if _names(node, said)]
    return Verdict(wrong, seen)


def _spoken(source: Source) -> Iterator[tuple[ast.expr, str]]:
    """Every literal and identifier, without documentation and examples."""
    silent = {id(node) for root in _documentation(source) for node in ast.walk(root)}
    for node in ast.walk(source.module):
        if id(node) in silent:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int):
            yield node, str(node.value)
        elif isinstance(node, ast.Name | ast.Attribute):
            yield node, node.id if isinstance(node, ast.Name) else node.attr


def _documentation(source: Source) -> Iterator[ast.AST]:
    for node in ast.walk(source.module):
        text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if text or (isinstance(node, ast.keyword) and node.arg in EXAMPLES):
            yield node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and "EXAMPLE" in target.id:
                yield node


def _names(node: ast.expr, said: str) -> bool:
    if not isinstance(node, ast.Constant):
        return bool(NAMED_YEAR.search(said.replace("_", " ")))
    if isinstance(node.value, int):
        return node.value in YEARS or (said in _codes() and len(said) > len("35"))
    return said in _codes() or bool(DATED.search(said) or _words().search(said))


@cache
def _codes() -> frozenset[str]:
    files = [json.loads(path.read_text("utf-8")) for path in PROVINCES.glob("*.json")]
    return frozenset(item["code"] for file in files for item in file["divisions"]["items"])


@cache
def _words() -> re.Pattern[str]:
    """The names of provinces and of units that act as cities; their codes in quotes or at the head of a pattern."""
    names, heads = set(), set()
    for path in PROVINCES.glob("*.json"):
        file = json.loads(path.read_text("utf-8"))
        heads.add(file["code"])
        for item in file["divisions"]["items"]:
            if item["level"] == "province":
                names |= {item["name_zh"].removesuffix("省"), item["name_en"]}
            elif item["level"] == "county" and item["code"] == item["city"]:
                names |= {item["name_zh"].rstrip("县区"), item["name_en"], item["code"]}
    return re.compile(rf"{'|'.join(map(re.escape, sorted(names)))}|(?:\^\(?|')(?:{'|'.join(sorted(heads))})(?=[\[(']|\d\d)")

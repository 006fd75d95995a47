"""The glossary and the code agree: every term has a row with its Chinese, and every row names something that exists."""

import importlib
import inspect
import json
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import pytest

from shared import events, vocabulary
from tests.architecture.source import ROOT

TERM = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
"""What stands in brackets, with brackets inside."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MEMBER = re.compile(r'^    (\w+) = "[^"]*"  # ([^;\n]+)', re.MULTILINE)
RULES = "shared/deadlines/data/rules-national-*.json"


class Row(NamedTuple):
    """One row of the glossary."""

    chinese: str
    english: str
    name: str
    sentence: str


def rows_of(text: str) -> list[Row]:
    """The rows of every table, without emphasis."""
    cells = ([cell.strip(" *`") for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line.startswith("|"))
    return [Row(*row) for row in cells if row[0] != "中文" and set(row[0]) != {"-"}]


def enumeration_terms(enumeration: type[StrEnum]) -> dict[str, str]:
    """Names in code and Chinese terms of an enumeration and its members, from docstring and comments."""
    name = enumeration.__name__
    comments = dict(MEMBER.findall(inspect.getsource(enumeration)))
    return {name: chinese_in(enumeration)} | {f"{name}.{member.name}": comments[member.name].strip() for member in enumeration}


def chinese_in(documented: type) -> str:
    """The first Chinese term in brackets of a docstring."""
    return next(found[1] for found in TERM.finditer(documented.__doc__ or "") if CHINESE.search(found[1]))


def terms() -> dict[str, str]:
    """Every name in code that needs a row, with its Chinese term."""
    enumerations = [getattr(vocabulary, name) for name in vocabulary.__all__]
    found = {name: term for enumeration in enumerations for name, term in enumeration_terms(enumeration).items()}
    found |= {
        f"{event.owner}.{event.__name__}": chinese_in(event) for owner in events.OWNERS for event in events.events_of(owner)
    }
    for path in sorted(ROOT.glob(RULES)):
        found |= {rule["id"]: rule["name_zh"] for rule in json.loads(path.read_text("utf-8"))["rules"]}
    return found


def missing(rows: list[Row], expected: dict[str, str]) -> list[str]:
    """What has no row, or another Chinese term in its row."""
    chinese = {row.name: row.chinese for row in rows}
    return [f"{name} {term}: {chinese.get(name, 'no row')}" for name, term in expected.items() if chinese.get(name) != term]


def unknown(rows: list[Row], expected: dict[str, str]) -> list[str]:
    """Rows whose name in code is no term, no importable name and no file."""
    return [row.name for row in rows if row.name not in expected and not exists(row.name)]


def exists(name: str) -> bool:
    """Whether a file or folder of this path exists, or something can be imported under this name."""
    return (ROOT / name).exists() if "/" in name else importable(name)


def importable(name: str) -> bool:
    """Whether an attribute of a module, or a member of one, has this dotted name."""
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        if (ROOT / Path(*parts[:length])).with_suffix(".py").exists() or (ROOT / Path(*parts[:length]) / "__init__.py").exists():
            found: object = importlib.import_module(".".join(parts[:length]))
            for part in parts[length:]:
                found = getattr(found, part, None)
            return found is not None
    return False


def faults(rows: list[Row]) -> Iterator[str]:
    """Rows with an empty cell, without Chinese or without a whole sentence, and names that have two rows."""
    for row in rows:
        if not all(row) or not CHINESE.search(row.chinese) or not row.sentence.endswith("."):
            yield f"{row.name} is incomplete"
    names = [row.name for row in rows]
    yield from (f"{name} has two rows" for name in sorted({name for name in names if names.count(name) > 1}))


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return rows_of((ROOT / "GLOSSARY.md").read_text("utf-8"))


def test_every_enumeration_member_event_role_and_rule_has_a_row_with_its_chinese_term(rows: list[Row]) -> None:
    expected = terms()
    assert len(expected) > 300
    assert {"Role.AUDITOR", "CaseStatus", "cases.CaseFiled", "K01", "K29/procuratorate"} <= set(expected)
    assert missing(rows, expected) == []


def test_every_row_names_what_exists_in_the_code(rows: list[Row]) -> None:
    assert unknown(rows, terms()) == []
    assert list(faults(rows)) == []


def test_a_name_without_a_row_and_a_row_with_another_term_are_named() -> None:
    rows = rows_of(
        "| 中文 | English | in code | what it is |\n| --- | --- | --- | --- |\n"
        "| **有** | **Valid** | `State.VALID` | In force. |\n"
    )
    assert rows == [Row("有", "Valid", "State.VALID", "In force.")]
    assert missing(rows, {"State.VALID": "有效", "State.EXPIRED": "过期"}) == [
        "State.VALID 有效: 有",
        "State.EXPIRED 过期: no row",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "CaseStatus.LOST",
        "cases.CaseLost",
        "K99",
        "shared/no/such.py",
        "shared.core.clock.Sundial",
        "no.such.module",
        "shared.app.x.y",
    ],
)
def test_a_row_whose_name_does_not_exist_is_named(name: str) -> None:
    assert unknown([Row("词", "Word", name, "A word.")], terms()) == [name]


def test_a_row_that_is_incomplete_or_there_twice_is_named() -> None:
    rows = [Row("词", "Word", "a", "A word."), Row("word", "Word", "a", "A word."), Row("词", "Word", "b", "no sentence")]
    assert list(faults(rows)) == ["a is incomplete", "b is incomplete", "a has two rows"]


def test_an_enumeration_without_a_chinese_term_is_an_error() -> None:
    class Nameless(StrEnum):
        """Members without terms."""

        ONE = "one"

    with pytest.raises(StopIteration):
        enumeration_terms(Nameless)

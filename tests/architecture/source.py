"""The product's own source as the guards read it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("registry", "sampling", "inspection", "cases", "reporting")


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """Every Python file below these folders of the checkout."""
    return tuple(sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    """A file, parsed."""
    return ast.parse(path.read_text())


def name_of(path: Path) -> str:
    """The file's name within the checkout."""
    return path.relative_to(ROOT).as_posix()


def functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file, methods and inner ones too."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def calls(module: ast.Module) -> Iterator[ast.Call]:
    """Every call of a file."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            yield node

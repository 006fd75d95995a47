"""Source as the guards read it: of the product, or of a temporary tree into which a violation was planted."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("services", "shared", "deploy")


@dataclass(frozen=True)
class Source:
    """One Python file."""

    name: str
    text: str
    module: ast.Module

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function, methods and inner ones too."""
        for node in ast.walk(self.module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def calls(self) -> Iterator[ast.Call]:
        """Every call."""
        for node in ast.walk(self.module):
            if isinstance(node, ast.Call):
                yield node


@dataclass(frozen=True)
class Tree:
    """A checkout, the product's own by default."""

    root: Path = ROOT

    def sources(self, *folders: str) -> tuple[Source, ...]:
        """Every Python file below these folders."""
        return tuple(found for folder in folders for found in _sources(self.root, folder))


@cache
def _sources(root: Path, folder: str) -> tuple[Source, ...]:
    texts = ((path, path.read_text()) for path in sorted((root / folder).rglob("*.py")))
    return tuple(Source(path.relative_to(root).as_posix(), text, ast.parse(text)) for path, text in texts)

"""A guard: words that were given up stay out, in code, data, documentation and the names of the contracts.

A word counts where it is a part of a name too (`told_at`, `toldAt`). What may keep one is listed below with its
reason, and an entry that nothing needs any more is named as well.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.architecture.guards import Verdict
from tests.architecture.source import ROOT

RETIRED = {
    **dict.fromkeys(("tell", "tells", "telling", "told"), "publish an event, notify a person, show, explain"),
    "teller": "producer",
    **dict.fromkeys(("hear", "hears", "heard"), "consume, receive, handle an event"),
    **dict.fromkeys(("listen", "listens", "listening"), "consume"),
    **dict.fromkeys(("listener", "listeners"), "consumer"),
    **dict.fromkeys(("docket", "dockets"), "deadline records"),
    **dict.fromkeys(("mend", "mending", "mender", "menders"), "retry, retry worker"),
    **dict.fromkeys(("park", "parked", "parking"), "dead letter where it failed, deferred where it waits"),
    **dict.fromkeys(("refusal", "refusals"), "error, problem, rejection"),
    "stretches": "segments",
    "lamplit": "test event",
    "lighthouse": "producer",
}
"""Each word that was given up, with what is said in its place."""
SUFFIXES = {".py", ".md", ".yml", ".yaml", ".sh", ".typ", ".json"}
FOLDERS = ("services", "shared", "deploy", "tests")
NAMES_ONLY = re.compile(r"tests/contracts/(openapi|events)/|tests/contracts/asyncapi\.json|/examples\.json$")
"""Written from the code, whose text is looked at where it stands: here the names of operations, fields and parameters count."""
FROZEN = {
    "CHANGELOG.md": "says what names were before",
    "shared/migrations/": "released, and frozen by their SHA-256",
    "services/cases/migrations/": "released, and frozen by their SHA-256",
    "services/inspection/migrations/": "released, and frozen by their SHA-256",
    "services/registry/migrations/": "released, and frozen by their SHA-256",
    "services/reporting/migrations/": "released, and frozen by their SHA-256",
    "services/sampling/migrations/": "released, and frozen by their SHA-256",
    "services/sampling/verifiers/": "programs that outsiders hold, compared by their digest",
    "shared/deadlines/verifiers/": "programs that outsiders hold, and the format ccc-date/1",
    "shared/deadlines/data/rules-national-2026.1.json": "a released version; its text is part of explanations",
    "tests/contracts/released/": "what the last release promised",
    "tests/deploy/test_field_words_migration.py": "names the columns before the migration",
    "tests/shared/deadline_records/test_migration.py": "names the columns before the migration",
    "tests/cases/stored_records.json": "records as an earlier version stored them",
    "tests/architecture/retired_words.py": "the list itself",
    "tests/architecture/test_retired_words.py": "plants the words",
}
ALLOWED = {
    ("", r"""["`]stretches["`]"""): "a member of the format ccc-date/1",
    (
        "deploy/|docker-compose|tests/(deploy|faults)/",
        r"listen_addresses|[Ll]isteners?(?![a-z])|LISTENERS?",
    ): "settings of PostgreSQL and Kafka",
    ("shared/messaging/broker/", r"ConsumerRebalanceListener|\blistener="): "aiokafka's name",
    ("shared/database/", r"\bevent\.listen\b"): "SQLAlchemy's name",
    ("deploy/|tests/(deploy|faults)/", r"\blistens? (at|on|there|two ports)\b|\.listen\(\)"): "what a socket does",
    (
        "services/inspection/|deploy/demo/onsite|deploy/demo/scenarios|tests/",
        r"[Rr]efusals?[ _]to[ _]sign|RefusalToSign|REFUSAL",
    ): "拒签",
    (
        "services/inspection/|deploy/demo/onsite|tests/",
        r'["(]refusal"|refusal_(note|recording|witness)|refusal\.wav|Note of refusal',
    ): ("拒签: a value of `party`, keys of the confirmation sheet"),
    (
        "services/|tests/inspection/",
        r"[Rr]efusal[ _]of[ _](the[ _])?inspection|refusal to cooperate",
    ): "拒绝检查, the law's own term",
    ("services/cases/data/", r'"HEAR"'): "the id of a law",
    (
        "services/cases/rules/steps|tests/cases/test_record",
        r"hearing_right_told",
    ): "the key of earlier records",
}
"""Files and the patterns by which a retired word is right in them, each with its reason."""
REMAINING: dict[str, int] = {}
"""Hits that are still to be renamed, at most, by folder; an entry goes when its folder is clean."""
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_ANY = re.compile("|".join(sorted(RETIRED)), re.IGNORECASE)
_SKIPPED = {"__pycache__", "libs", "build", "node_modules"}


class Hit(NamedTuple):
    """A retired word where it was found."""

    file: str
    line: int
    word: str
    allowed_by: str | None

    def __str__(self) -> str:
        """Where the word is, and what is said in its place."""
        return f"{self.file}:{self.line} {self.word}: say {RETIRED[self.word.lower()]}"


def hits(root: Path = ROOT) -> list[Hit]:
    """Every retired word outside frozen files, allowed ones with the pattern that allows them."""
    return [hit for path in files(root) for hit in _hits_in(path, path.relative_to(root).as_posix())]


def files(root: Path) -> Iterator[Path]:
    """The files that are looked at: those of the root itself and of the folders of the tree."""
    yield from (path for path in sorted(root.iterdir()) if path.suffix in SUFFIXES)
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SUFFIXES and not _SKIPPED & set(path.parts):
                yield path


def retired_words(found: list[Hit], remaining: dict[str, int]) -> Verdict:
    """Retired words that nothing allows, beyond what is still to be renamed in their folder."""
    by_folder: dict[str, list[Hit]] = {}
    for hit in found:
        if hit.allowed_by is None:
            by_folder.setdefault(_folder(hit, remaining), []).append(hit)
    wrong = [str(hit) for folder, some in by_folder.items() if len(some) > remaining.get(folder, 0) for hit in some]
    return Verdict(wrong, len(found))


def needless(found: list[Hit], remaining: dict[str, int], root: Path = ROOT) -> Verdict:
    """Entries of the lists above that nothing needs: frozen files that are gone, patterns that allow nothing, clean folders."""
    used = Counter(hit.allowed_by for hit in found)
    counts = Counter(_folder(hit, remaining) for hit in found if hit.allowed_by is None)
    wrong = [f"{name} is not there" for name in FROZEN if not (root / name).exists()]
    wrong += [f"{pattern} allows nothing" for _, pattern in ALLOWED if not used[pattern]]
    wrong += [f"{folder} is clean" for folder in remaining if not counts[folder]]
    return Verdict(wrong, len(FROZEN) + len(ALLOWED) + len(remaining))


def _folder(hit: Hit, remaining: dict[str, int]) -> str:
    return next((folder for folder in remaining if hit.file.startswith(folder)), hit.file)


def _hits_in(path: Path, name: str) -> Iterator[Hit]:
    if any(name.startswith(frozen) for frozen in FROZEN) or (name.endswith(".json") and not _is_contract_or_data(name)):
        return
    text = path.read_text("utf-8")
    if not _ANY.search(text):
        return
    lines = names_of(text) if NAMES_ONLY.search(name) else text.splitlines()
    for number, line in enumerate(lines, 1):
        if _ANY.search(line):
            yield from _hits_of_line(name, number, line)


def _is_contract_or_data(name: str) -> bool:
    return "/data/" in name or "/provinces/" in name or bool(NAMES_ONLY.search(name))


def _hits_of_line(name: str, number: int, line: str) -> Iterator[Hit]:
    patterns = [pattern for where, pattern in ALLOWED if _compiled(where).match(name)]
    spans = [(found.span(), pattern) for pattern in patterns for found in _compiled(pattern).finditer(line)]
    for part in _PART.finditer(line):
        if part[0].lower() in RETIRED:
            reason = next((pattern for (start, end), pattern in spans if start <= part.start() and part.end() <= end), None)
            yield Hit(name, number, part[0], reason)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def names_of(text: str) -> list[str]:
    """The names in a JSON document, in quotes: every key, every operationId, every name of a parameter."""
    names: list[str] = []

    def collect(pairs: list[tuple[str, Any]]) -> None:
        names.extend(key for key, _ in pairs)
        names.extend(value for key, value in pairs if key in {"operationId", "name"} and isinstance(value, str))

    json.loads(text, object_pairs_hook=collect)
    return [f'"{name}"' for name in names]

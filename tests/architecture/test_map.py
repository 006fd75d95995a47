"""The map of CONTRIBUTING.md and the picture of README.md show the tree and the topics as they are."""

import importlib
import re
from pathlib import Path

from shared.core.services import SERVICES
from shared.events import OWNERS, topic_of
from shared.testing.world import Issuer
from tests.architecture.source import ROOT


def table_under(heading: str, text: str) -> list[str]:
    """The rows of the first table below a heading."""
    section = text.split(f"## {heading}\n", maxsplit=1)[1].split("\n## ", maxsplit=1)[0]
    return [line for line in section.splitlines() if line.startswith("|")][2:]


def places(rows: list[str]) -> list[str]:
    """Every path that a line names: `<service>` is each of the five, `{a,b}` each of those."""
    found = []
    for path in (path for row in rows for path in re.findall(r"`([\w.<][\w.<>{},-]*/[\w./<>{},-]*)`", row)):
        choices = re.search(r"\{([\w,]+)\}", path)
        names = choices[1].split(",") if choices else [""]
        chosen = [path.replace(choices[0], name) if choices else path for name in names]
        found += [place.replace("<service>", name) for place in chosen for name in (SERVICES if "<service>" in place else ("",))]
    return found


def missing(root: Path, paths: list[str]) -> list[str]:
    """The paths that are neither there nor the name of a module."""
    return [path for path in paths if not (root / path).exists() and not (root / f"{path}.py").exists()]


def test_every_place_of_the_map_exists_in_every_service() -> None:
    paths = places(table_under("Where does this line live?", (ROOT / "CONTRIBUTING.md").read_text()))
    assert len(paths) > 60
    assert missing(ROOT, paths) == []


def test_every_place_that_is_named_elsewhere_exists() -> None:
    files = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "shared/messaging/runbook.md")
    paths = [path for file in files for path in places((ROOT / file).read_text().splitlines())]
    assert len(paths) > 100
    assert missing(ROOT, paths) == []


def test_a_place_that_one_service_lacks_is_missed(tmp_path: Path) -> None:
    for service in SERVICES[1:]:
        (tmp_path / "services" / service).mkdir(parents=True)
        (tmp_path / "services" / service / "queries.py").touch()
    rows = ["| read | `services/<service>/queries`, `services/{cases,registry}/draw`, `no path` |"]
    expected = [f"services/{SERVICES[0]}/queries", "services/cases/draw", "services/registry/draw"]
    assert missing(tmp_path, places(rows)) == expected


def test_every_command_of_the_map_can_be_made() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    files = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
    named = {name for file in files for name in re.findall(r"`make ([a-z-]+)", (ROOT / file).read_text())}
    assert len(named) > 10
    assert named <= targets


def test_the_picture_says_who_consumes_whose_topic(issuer: Issuer) -> None:
    assert issuer
    consumed = {name: importlib.import_module(f"services.{name}.main").app.state.handlers for name in SERVICES}
    actual = {
        topic_of(owner): {name for name in SERVICES if any(event.owner == owner for event in consumed[name])} for owner in OWNERS
    }
    shown = re.findall(r"^ +(ccc\.\w+) +→ ([\w, ]+?)(?: {2,}.*)?$", (ROOT / "README.md").read_text(), flags=re.MULTILINE)
    assert {topic: set(names.split(", ")) for topic, names in shown} == actual

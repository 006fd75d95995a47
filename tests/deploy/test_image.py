"""The production image: what it copies is enough for the command of operators, and holds neither demo nor embedded runtime."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from deploy import ROOT, SERVICES
from shared.core.services import SERVICES as LISTED

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
COPIED = [words.split() for words in re.findall(r"^COPY (?!--)(.+)$", DOCKERFILE, re.MULTILINE)]
ONLY_ELSEWHERE = ("up", "down", "status", "demo", "token", "secrets", "migrations")
LIST = re.compile(r"\W+(?:or\W+)?".join(SERVICES))
NAMED_FOR_OTHER_REASONS = {
    "services/reporting/handlers/__init__.py",  # the modules of their events, which it handles
    "shared/messaging/runbook.md",  # for people
}


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree of the image: what the Dockerfile's COPY lines take from this one."""
    tree = tmp_path_factory.mktemp("image")
    for *sources, target in COPIED[1:]:
        for source in sources:
            place = tree / target / Path(source).name if target.endswith("/") else tree / target
            place.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, place)
    return tree


def ran(image: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the image's tree, with the installed packages and without the editable install of this one."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("CCC_")}
    env |= {"COLUMNS": "200", "PYTHONPATH": sysconfig.get_path("purelib")}
    return subprocess.run(
        [sys.executable, "-S", *arguments], cwd=image, env=env, capture_output=True, text=True, check=False, timeout=60
    )


def ccc(image: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return ran(image, "-m", "deploy.cli", *arguments)


def test_the_image_copies_the_commands_and_nothing_that_only_runs_on_a_desk(image: Path) -> None:
    assert COPIED[0] == ["deploy/requirements.lock", "/tmp/requirements.lock"]
    assert {source for *sources, _ in COPIED[1:] for source in sources} == {
        *("shared", "services"),
        *("deploy/__init__.py", "deploy/migrations.py", "deploy/serve.py", "deploy/alembic.ini", "deploy/alembic", "deploy/cli"),
    }
    assert not {"demo", "local"} & {path.name for path in (image / "deploy").iterdir()}


@pytest.mark.parametrize(
    "words",
    [(), ("migrate",), ("serve",), ("events",), ("calendar", "publish"), ("import",), ("ledger", "check"), ("events", "rebuild")],
)
def test_every_command_of_an_operator_is_there(image: Path, words: tuple[str, ...]) -> None:
    done = ccc(image, *words, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage" in done.stdout


@pytest.mark.parametrize("name", ONLY_ELSEWHERE)
def test_commands_of_the_embedded_runtime_and_the_demo_are_not(image: Path, name: str) -> None:
    done = ccc(image, name, "--help")
    assert (done.returncode, f"No such command '{name}'" in done.stderr) == (2, True)


def test_without_an_address_it_says_what_to_give(image: Path) -> None:
    done = ccc(image, "events", "lag")
    assert (done.returncode, "give --url or --profile" in done.stderr) == (1, True)


def test_the_image_starts_a_service_and_the_migration_with_their_settings_alone(image: Path) -> None:
    done = ccc(image, "migrate", "registry")
    assert "database_owner_url" in done.stderr
    assert (
        str(image)
        in subprocess.run(
            [sys.executable, "-c", "import deploy; print(deploy.ROOT)"], cwd=image, capture_output=True, text=True, check=True
        ).stdout
    )


def linted(tree: Path) -> subprocess.CompletedProcess[str]:
    command, env = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"], os.environ | {"PYTHONPATH": str(tree)}
    return subprocess.run(command, cwd=tree, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("file", "planted"),
    [
        ("deploy/cli/console.py", "from deploy.local import state"),
        ("deploy/cli/commands/ledger.py", "import deploy.demo.verify"),
        ("deploy/local/state.py", "import deploy.demo.cast"),
    ],
)
def test_an_import_from_the_command_into_the_embedded_runtime_or_the_demo_is_found(
    tmp_path: Path, file: str, planted: str
) -> None:
    for name in ("services", "shared", "deploy"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "libs"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / file).open("a", encoding="utf-8") as source:
        source.write(f"\n{planted}\n")
    done = linted(tmp_path)
    assert done.returncode == 1, done.stderr
    broken = [line for line in done.stdout.splitlines() if line.rstrip().endswith("BROKEN")]
    assert len(broken) == 1
    assert "the command of operators" in " ".join(done.stdout.split())


def test_the_services_are_listed_once() -> None:
    assert {path.parent.name for path in (ROOT / "services").glob("*/main.py")} == set(LISTED) == set(SERVICES)
    files = [path for kind in ("py", "sh", "yml", "yaml", "md") for path in ROOT.glob(f"[!.b]*/**/*.{kind}")]
    assert len(files) > 500
    listing = [str(path.relative_to(ROOT)) for path in files if LIST.search(path.read_text("utf-8"))]
    assert set(listing) <= NAMED_FOR_OTHER_REASONS
    assert LIST.search(f"for service in {' '.join(SERVICES)}; do")
    assert LIST.search(f"SERVICES = {SERVICES}")

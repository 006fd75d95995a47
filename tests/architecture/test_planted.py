"""Each guard sees a violation: one is planted in a temporary tree, or in a small application, and the guard names it."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI

from shared.security.auth import Caller, anyone, caller
from shared.vocabulary import Role
from shared.web.audited_reads import audited
from tests.architecture import guards, literals
from tests.architecture.guards import Verdict
from tests.architecture.source import Tree

Planting = Callable[..., Tree]


@pytest.fixture
def planted(tmp_path: Path) -> Planting:
    def write(text: str, name: str = "services/x/rules.py") -> Tree:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return Tree(tmp_path)

    return write


LONG_FUNCTION = "def f():\n" + "    a()\n" * 50
SWALLOWED = "try:\n    a()\nexcept Exception:\n    pass\n"


@pytest.mark.parametrize(
    ("guard", "text", "named"),
    [
        (guards.too_large, "a()\n" * 401, "services/x/rules.py has 401 lines"),
        (guards.too_large, LONG_FUNCTION, "services/x/rules.py:f has 51 lines"),
        (guards.grown, "def f():\n" + "    a()\n" * 8, "functions: median 9, 95 % 9 lines"),
        (guards.grown, "def f():\n    a()\n" + "a()\n" * 130, "files: median 132, 95 % 132 lines"),
        (guards.clock_and_chance, "now = datetime.now()\n", "services/x/rules.py:1 datetime.now()"),
        (guards.clock_and_chance, "key = uuid4()\n", "services/x/rules.py:1 uuid4()"),
        (guards.sources_of_chance, "import random\n", "services/x/rules.py:1 import random"),
        (guards.sources_of_chance, "from random import choice\n", "services/x/rules.py:1 from random import choice"),
        (guards.sources_of_chance, "import secrets\n", "services/x/rules.py:1 import secrets"),
        (guards.sources_of_chance, "from uuid import UUID, uuid4\n", "services/x/rules.py:1 from uuid import UUID, uuid4"),
        (guards.sources_of_chance, "from os import urandom\n", "services/x/rules.py:1 from os import urandom"),
        (guards.urandom_calls, "import os\nos.urandom(4)\n", "services/x/rules.py:2 os.urandom(4)"),
        (guards.left_for_later, "a()  # TODO: more\n", "services/x/rules.py: # TODO"),
        (guards.left_for_later, "@pytest.mark.skip\ndef test_a(): ...\n", "services/x/rules.py: pytest.mark.skip"),
        (guards.dropped_exceptions, SWALLOWED, "services/x/rules.py:3 except Exception:"),
        (guards.dropped_exceptions, SWALLOWED.replace(" Exception", ""), "services/x/rules.py:3 except:"),
        (literals.provinces_and_years, 'PROVINCE = "35"\n', "services/x/rules.py:1 35"),
        (literals.provinces_and_years, 'City = Field(pattern=r"^(35[0-9]{2}|X)$")\n', "services/x/rules.py:1 ^(35[0-9]{2}|X)$"),
        (literals.provinces_and_years, "a(\"VALUES ('35')\")\n", "services/x/rules.py:1 VALUES ('35')"),
        (literals.provinces_and_years, 'special = {"440606"}\n', "services/x/rules.py:1 440606"),
        (literals.provinces_and_years, 'name = "平潭综合实验区"\n', "services/x/rules.py:1 平潭综合实验区"),
        (literals.provinces_and_years, 'FAILED = "FAILED_2023"\n', "services/x/rules.py:1 FAILED_2023"),
        (literals.provinces_and_years, 'checklist: str = "2024-08-01"\n', "services/x/rules.py:1 2024-08-01"),
        (literals.provinces_and_years, "first = date(2024, 8, 1)\n", "services/x/rules.py:1 2024"),
        (literals.provinces_and_years, "basis = Basis.TARGETED_2023_FAILED\n", "services/x/rules.py:1 TARGETED_2023_FAILED"),
    ],
)
def test_a_guard_over_the_source_names_what_was_planted(
    planted: Planting, guard: Callable[[Tree], Verdict], text: str, named: str
) -> None:
    assert guard(planted(text)).wrong == [named]


@pytest.mark.parametrize("folder", ["services", "shared", "deploy"])
def test_the_clock_is_guarded_in_the_whole_product(planted: Planting, folder: str) -> None:
    assert guards.clock_and_chance(planted("date.today()\n", f"{folder}/x.py")).wrong == [f"{folder}/x.py:1 date.today()"]


def test_a_setting_that_the_example_does_not_show_is_named_and_a_line_that_sets_nothing_too() -> None:
    example = "# CCC_A and CCC_C are explained here\nCCC_A=1\nCCC_B=2\n"
    assert guards.settings_and_example({"CCC_A", "CCC_C"}, example).wrong == ["CCC_C is not shown", "CCC_B sets nothing"]


def test_a_name_read_from_the_environment_is_found(planted: Planting) -> None:
    text = 'a = os.environ.get("CCC_A")\nb = os.environ["CCC_B"]\nc = typer.Option(envvar="CCC_C")\n'
    assert guards.read_from_the_environment(planted(text).sources("services")) == {"CCC_A", "CCC_B", "CCC_C"}


@pytest.fixture
def app() -> FastAPI:
    made = FastAPI()

    @made.get("/nobody")
    def nobody() -> None: ...

    @made.get("/public", dependencies=[Depends(anyone)])
    def public() -> None: ...

    @made.get("/silent")
    def silent(by: Annotated[Caller, caller(Role.AUDITOR)]) -> None: ...

    @made.get("/noted", dependencies=[audited("thing.read")])
    def noted(by: Annotated[Caller, caller(Role.AUDITOR)]) -> None: ...

    return made


def test_a_route_that_names_no_caller_is_named(app: FastAPI) -> None:
    assert guards.routes_without_callers(app).wrong == ["['GET'] /nobody (nobody)"]


def test_a_read_that_leaves_no_row_is_named_and_an_exemption_that_is_not_needed_too(app: FastAPI) -> None:
    assert guards.unnoted_reads(app, {}).wrong == ["['GET'] /silent (silent) is not noted"]
    exempt = {"silent": "published", "noted": "published"}
    assert guards.unnoted_reads(app, exempt).wrong == ["['GET'] /noted (noted) is noted and exempt"]


def test_two_operations_of_one_name_are_named(app: FastAPI) -> None:
    @app.post("/public", name="public", dependencies=[Depends(anyone)])
    def another() -> None: ...

    assert guards.operations_of_one_name(app).wrong == ["public"]


def test_an_event_published_by_another_service_or_by_nobody_is_named(planted: Planting) -> None:
    sources = planted("emit(session, CaseClosed(case_id=one))\n").sources("services/x")
    emitted = {"x": guards.constructed(sources, {"CaseClosed", "CaseDecided"}), "cases": set[str]()}
    owners = {"CaseClosed": "cases", "CaseDecided": "cases"}
    found = guards.emitted_by_others(emitted, owners).wrong
    assert found == ["x emits CaseClosed", "cases never emits CaseClosed", "cases never emits CaseDecided"]


def test_an_event_that_nobody_consumes_is_named_and_one_listed_for_others_that_is_consumed_too() -> None:
    verdict = guards.unconsumed({"CaseClosed", "CaseDecided"}, {"CaseDecided"}, {"CaseDecided"})
    assert verdict.wrong == ["nobody consumes CaseClosed", "CaseDecided is listed for others"]


def test_the_words_of_a_docstring_are_read_under_their_heading_alone() -> None:
    text = "Owns cases.\n\nPublishes: CaseClosed,\n    CaseDecided.\nConsumes: FindingConfirmed.\n"
    assert guards.words_under(text, "Publishes") == {"CaseClosed", "CaseDecided"}
    assert guards.words_under(text, "Owns") == set()


def test_an_error_that_no_test_names_is_named() -> None:
    names = {"case-not-found": {"CaseNotFound"}, "embargo": {"EmbargoNotOver"}, "too-late": {"TooLate"}}
    tests = 'assert answer["code"] == "case-not-found"\nwith pytest.raises(TooLate): ...'
    assert guards.untested_errors(names, tests).wrong == ["embargo"]


def test_a_migration_that_imports_living_code_is_named(planted: Planting) -> None:
    tree = planted(
        "from shared.migrations import platform\nfrom shared.database.session import Session\n", "shared/migrations/x.py"
    )
    assert guards.living_imports(tree).wrong == ["shared/migrations/x.py:2 from shared.database.session import Session"]


def test_a_released_migration_that_was_edited_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("op.drop_table('a')\n")
    released = f"{guards.digest_of(tmp_path / 'a.py')}  a.py\n{'0' * 64}  b.py\n"
    assert guards.changed_migrations(tmp_path, released).wrong == ["b.py is not what was released"]
    (tmp_path / "a.py").write_text("op.drop_table('b')\n")
    assert "a.py is not what was released" in guards.changed_migrations(tmp_path, released).wrong


def test_documentation_and_examples_may_name_a_province_and_a_year(planted: Planting) -> None:
    text = '"""Of 2024-08-01 in 350128."""\nday = Field(examples=["2024-08-01", "3501"])\n_EXAMPLE = {"act_on": "2024-09-18"}\n'
    verdict = literals.provinces_and_years(planted(text))
    assert (verdict.wrong, verdict.seen > 0) == ([], True)

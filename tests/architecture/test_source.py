"""Facts about the source that hold for ever."""

import ast
import re

from tests.architecture.source import calls, functions, name_of, python_files, tree

PRODUCT = ("services", "shared", "deploy")
MAX_FILE, MAX_FUNCTION = 400, 50
ONE_FILE_BY_DESIGN = {"services/sampling/verifiers/verify_draw.py", "shared/deadlines/verify_date.py"}
CLOCK_AND_CHANCE = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "uuid4",
    "uuid.uuid4",
    "uuid1",
    "uuid.uuid1",
}
MAY_TELL_TIME = {"shared/clock.py", "shared/ids.py", "shared/testing/world.py"}


def test_no_file_outgrows_400_lines_and_no_function_50() -> None:
    seen = 0
    for path in python_files(*PRODUCT):
        if name_of(path) in ONE_FILE_BY_DESIGN or "/migrations/versions/" in name_of(path):
            continue
        seen += 1
        lines = len(path.read_text().splitlines())
        assert lines <= MAX_FILE, f"{name_of(path)} has {lines} lines"
        for function in functions(tree(path)):
            size = (function.end_lineno or 0) - function.lineno + 1
            assert size <= MAX_FUNCTION, f"{name_of(path)}:{function.lineno} {function.name} has {size} lines"
    assert seen > 150


def test_only_the_clock_tells_time_and_only_ids_makes_ids() -> None:
    seen = 0
    for path in python_files("services", "shared"):
        if name_of(path) in MAY_TELL_TIME:
            continue
        for call in calls(tree(path)):
            seen += 1
            assert ast.unparse(call.func) not in CLOCK_AND_CHANCE, f"{name_of(path)}:{call.lineno} {ast.unparse(call)}"
    assert seen > 1000


def test_no_service_and_no_library_file_uses_a_random_generator() -> None:
    seen = 0
    for path in python_files("services", "shared"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                seen += 1
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
                assert "random" not in names, f"{name_of(path)}:{node.lineno}"
    assert seen > 500


def test_nothing_is_left_to_be_done_later_and_no_test_is_skipped() -> None:
    later = re.compile(r"#\s*(TODO|FIXME|XXX|HACK)\b|pytest\.(mark\.)?(skip|skipif|xfail)\b")
    files = [path for path in python_files(*PRODUCT, "tests") if name_of(path) != "tests/architecture/test_source.py"]
    assert len(files) > 200
    for path in files:
        found = later.search(path.read_text())
        assert found is None, f"{name_of(path)}: {found}"


def test_no_exception_is_caught_broadly_and_dropped() -> None:
    seen = 0
    for path in python_files("services", "shared"):
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.ExceptHandler):
                continue
            seen += 1
            broad = node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}
            silent = all(isinstance(each, ast.Pass | ast.Continue) for each in node.body)
            assert not (broad and silent), f"{name_of(path)}:{node.lineno}"
    assert seen > 20

"""The guards: each looks over a whole and gives what breaks a rule, and how much it has seen."""

import ast
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import APIRoute

from shared.web.openapi import audited_as, callers
from shared.web.route_walk import routes_of
from tests.architecture.source import PRODUCT, Source, Tree

MAX_FILE, MAX_FUNCTION = 400, 50
USUAL_FILE, MOST_FILES = 120, 300
USUAL_FUNCTION, MOST_FUNCTIONS = 8, 30
ONE_FILE_BY_DESIGN = {"services/sampling/verifiers/verify_draw.py", "shared/deadlines/verifiers/verify_date.py"}
CLOCK_AND_CHANCE = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"),
    *("uuid4", "uuid.uuid4", "uuid1", "uuid.uuid1"),
}
MAY_READ_THE_TIME = {
    "shared/core/clock.py": "the clock itself",
    "shared/core/ids.py": "ids begin with the time of their making",
    "shared/testing/world.py": "tokens of the tests live by the machine's clock",
    "shared/security/auth.py": "tokens live by the machine's clock",
    "shared/messaging/broker/offset_reader.py": "the age of a message by the broker's own clock",
    "shared/messaging/metrics.py": "the age of a message that waits",
    "deploy/cli/commands/events.py": "a command lives by the clock of the machine it is typed on",
}
CHANCE = {"random", "secrets", "uuid", "uuid_utils", "numpy.random"}
MAY_USE_CHANCE = {
    "services/sampling/service/draws.py": "the secret of a draw, committed before any outside value exists",
    "services/sampling/service/sampling_frames.py": "the salt of a frame's leaves",
    "shared/core/ids.py": "makes every id",
    "shared/core/logs.py": "trace ids",
    "shared/deadline_records/subject.py": "uuid5: the same name gives the same id",
}
LATER = re.compile(r"#\s*(TODO|FIXME|XXX|HACK)\b|pytest\.(mark\.)?(skip|skipif|xfail)\b")


@dataclass(frozen=True)
class Verdict:
    """What breaks the rule, and how many things were looked at."""

    wrong: list[str]
    seen: int


def too_large(tree: Tree) -> Verdict:
    """Files over 400 lines and functions over 50."""
    files, functions = sizes(tree)
    wrong = [f"{name} has {lines} lines" for name, lines in files if lines > MAX_FILE]
    wrong += [f"{name} has {lines} lines" for name, lines in functions if lines > MAX_FUNCTION]
    return Verdict(wrong, len(files) + len(functions))


def grown(tree: Tree) -> Verdict:
    """Whether the usual file, or the usual function, has become larger than a reader likes: median and 95 %."""
    files, functions = sizes(tree)
    bounds = [("file", files, USUAL_FILE, MOST_FILES), ("function", functions, USUAL_FUNCTION, MOST_FUNCTIONS)]
    wrong = []
    for kind, found, usual, most in bounds:
        lines = sorted(size for _, size in found)
        median, high = lines[len(lines) // 2], lines[len(lines) * 95 // 100]
        if median > usual or high > most:
            wrong.append(f"{kind}s: median {median}, 95 % {high} lines")
    return Verdict(wrong, len(files) + len(functions))


def sizes(tree: Tree) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """The lines of each file and of each function."""
    chosen = [one for one in tree.sources(*PRODUCT) if one.name not in ONE_FILE_BY_DESIGN and "/versions/" not in one.name]
    files = [(one.name, len(one.text.splitlines())) for one in chosen]
    return files, [(f"{one.name}:{each.name}", _lines(each)) for one in chosen for each in one.functions()]


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def clock_and_chance(tree: Tree) -> Verdict:
    """Calls that read the time or make an id elsewhere than in the clock and in ids."""
    calls = [(one, call) for one in tree.sources(*PRODUCT) if one.name not in MAY_READ_THE_TIME for call in one.calls()]
    wrong = [_at(one, call) for one, call in calls if ast.unparse(call.func) in CLOCK_AND_CHANCE]
    return Verdict(wrong, len(calls))


def _imports(sources: Iterable[Source]) -> Iterator[tuple[Source, ast.stmt, list[str]]]:
    for one in sources:
        for node in ast.walk(one.module):
            if isinstance(node, ast.Import):
                yield one, node, [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                yield one, node, [node.module or ""]


def left_for_later(tree: Tree) -> Verdict:
    """Notes of what is still to be done, and tests that are skipped."""
    files = [one for one in tree.sources(*PRODUCT, "tests") if not one.name.startswith("tests/architecture/")]
    return Verdict([f"{one.name}: {found[0]}" for one in files if (found := LATER.search(one.text))], len(files))


def dropped_exceptions(tree: Tree) -> Verdict:
    """Exceptions that are caught broadly and dropped."""
    sources = tree.sources(*PRODUCT)
    handlers = [(one, node) for one in sources for node in ast.walk(one.module) if isinstance(node, ast.ExceptHandler)]
    return Verdict([_at(one, node) for one, node in handlers if _broad(node) and _silent(node)], len(handlers))


def _broad(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or ast.unparse(handler.type) in {"Exception", "BaseException"}


def _silent(handler: ast.ExceptHandler) -> bool:
    return all(isinstance(each, ast.Pass | ast.Continue) for each in handler.body)


def _at(source: Source, node: ast.AST) -> str:
    line: int = getattr(node, "lineno", 0)
    return f"{source.name}:{line} {ast.unparse(node).splitlines()[0]}"


def settings_and_example(settings: set[str], example: str) -> Verdict:
    """Settings that the example environment does not show, and lines of it that set nothing."""
    shown = set(re.findall(r"^([A-Z][A-Z_]+)=", example, re.MULTILINE))
    wrong = [f"{name} is not shown" for name in sorted(settings - shown)]
    return Verdict(wrong + [f"{name} sets nothing" for name in sorted(shown - settings)], len(settings))


def read_from_the_environment(sources: Iterable[Source]) -> set[str]:
    """The names that code reads from the environment by itself: `os.environ.get("…")` and `envvar="…"`."""
    return {name for one in sources for name in re.findall(r'(?:os\.environ(?:\.get)?[(\[]|envvar=)"(\w+)"', one.text)}


def routes_without_callers(app: FastAPI) -> Verdict:
    """Routes that name nobody who may call them."""
    routes = list(routes_of(app.router.routes))
    return Verdict([_route(one) for one in routes if callers(one) is None], len(routes))


def operations_of_one_name(app: FastAPI) -> Verdict:
    """Operations that share a name."""
    names = Counter(route.name for route in routes_of(app.router.routes) if route.include_in_schema)
    return Verdict([one for one, times in names.items() if times > 1], len(names))


def unnoted_reads(app: FastAPI, exempt: Mapping[str, str]) -> Verdict:
    """Reads for named callers that leave no row in the audit trail, and exemptions that no read needs."""
    reads = [one for one in routes_of(app.router.routes) if "GET" in (one.methods or ()) and callers(one)]
    wrong = [f"{_route(one)} is not noted" for one in reads if audited_as(one) is None and one.name not in exempt]
    both = [f"{_route(one)} is noted and exempt" for one in reads if audited_as(one) is not None and one.name in exempt]
    return Verdict(wrong + both, len(reads))


def _route(route: APIRoute) -> str:
    return f"{sorted(route.methods or ())} {route.path} ({route.name})"


def constructed(sources: Iterable[Source], known: set[str]) -> set[str]:
    """The events that code constructs: only `emit()` has a use for them in a service."""
    return {ast.unparse(call.func).rsplit(".", 1)[-1] for one in sources for call in one.calls()} & known


def emitted_by_others(emitted: Mapping[str, set[str]], owners: Mapping[str, str]) -> Verdict:
    """Events that a service emits which is not their owner, and events that nobody emits."""
    wrong = [f"{service} emits {name}" for service, names in emitted.items() for name in names if owners[name] != service]
    silent = [f"{owner} never emits {name}" for name, owner in owners.items() if name not in emitted.get(owner, set())]
    return Verdict(wrong + silent, len(owners))


def unconsumed(published: set[str], consumed: set[str], outward: set[str]) -> Verdict:
    """Events without a consumer that are not listed as meant for others, and listed ones that are consumed or never published."""
    wrong = [f"nobody consumes {name}" for name in sorted(published - consumed - outward)]
    wrong += [f"{name} is listed for others" for name in sorted(outward - (published - consumed))]
    return Verdict(wrong, len(published))


def untested_errors(names: Mapping[str, set[str]], tests: str) -> Verdict:
    """Codes of errors that no test names, neither the code nor one of its classes."""
    tried = set(re.findall(r"[\w-]+", tests))
    return Verdict([code for code, classes in sorted(names.items()) if not tried & {code, *classes}], len(names))


def words_under(text: str, heading: str) -> set[str]:
    """The names of events that a docstring lists under `heading:`; empty when it has no such heading."""
    section = re.search(rf"^{heading}:(.*?)(?=^\w+:|\Z)", text, re.MULTILINE | re.DOTALL)
    return set(re.findall(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b", section[1])) if section else set()


def changed_migrations(root: Path, released: str) -> Verdict:
    """Released migrations that are gone or are not byte for byte what was released; `released` is a list of `sha256sum`."""
    lines = [line.split("  ", 1) for line in released.splitlines()]
    wrong = [f"{name} is not what was released" for digest, name in lines if digest_of(root / name) != digest]
    return Verdict(wrong, len(lines))


def digest_of(path: Path) -> str:
    """The SHA-256 of a file in hex; empty where there is no such file."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def living_imports(tree: Tree) -> Verdict:
    """Migrations that import code which goes on changing."""
    folders = ["shared/migrations", *(f"services/{path.name}/migrations" for path in (tree.root / "services").glob("*"))]
    sources = [source for folder in folders for source in tree.sources(folder)]
    imports = list(_imports(sources))
    wrong = [_at(source, node) for source, node, names in imports if _is_living(node, names)]
    return Verdict(wrong, len(imports))


def _is_living(node: ast.stmt, names: list[str]) -> bool:
    allowed = isinstance(node, ast.ImportFrom) and (node.module or "").startswith("shared.migrations")
    return not allowed and any(name.split(".")[0] in PRODUCT for name in names)


def sources_of_chance(tree: Tree) -> Verdict:
    """Imports by which a service or the library could get at chance or make an id, but for those that say why."""
    imports = list(_imports(tree.sources("services", "shared")))
    return Verdict(
        [_at(s, node) for s, node, _ in imports if s.name not in MAY_USE_CHANCE and _brings_chance(node)], len(imports)
    )


def _brings_chance(node: ast.stmt) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name.split(".")[0] in CHANCE for alias in node.names)
    if not isinstance(node, ast.ImportFrom):
        return False
    names = {alias.name for alias in node.names}
    return (node.module in CHANCE and names != {"UUID"}) or (node.module == "os" and bool(names & {"urandom", "getrandom"}))


def urandom_calls(tree: Tree) -> Verdict:
    """Bytes of chance straight from the operating system, but for those that say why."""
    calls = [(s, call) for s in tree.sources("services", "shared") if s.name not in MAY_USE_CHANCE for call in s.calls()]
    return Verdict([_at(s, call) for s, call in calls if ast.unparse(call.func) in {"os.urandom", "os.getrandom"}], len(calls))

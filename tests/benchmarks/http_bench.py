"""What the whole stack costs over HTTP beside a bare FastAPI and asyncpg peer on the same database, in the same run.

Run: python tests/benchmarks/http_bench.py. Needs `wrk` (Debian's package of that name). Prints a table and JSON.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from deploy import SERVICES, serve
from deploy.cli.credentials import Person
from deploy.demo.province import generate
from deploy.demo.province.files import write_certificates
from deploy.local import probes, state, tokens
from deploy.local.home import Home
from deploy.local.ports import free_port
from deploy.local.state import State
from shared.core.ids import new_id
from shared.vocabulary import Role

SECONDS, WARM_UP_SECONDS, ROUNDS = 4, 3, 3
IDLE_SECONDS = 10
RESTING_PERCENT = 15.0
IDLE_BAR_MB, START_BAR_SECONDS = 110, 3.0
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CREATE = """
local n = 0
request = function()
  n = n + 1
  wrk.headers["Idempotency-Key"] = "bench-{run}-" .. n
  local body = string.gsub('{body}', "@N", "{run}-" .. n)
  return wrk.format("POST", "{path}", wrk.headers, body)
end
"""


@dataclass(frozen=True)
class Target:
    """The requests of one side: address, options of wrk, and `pid`, the process that responds."""

    url: str
    pid: int
    options: list[str]
    script: Callable[[], Path] | None = None


@dataclass(frozen=True)
class Measured:
    """Requests a second, and the processor time that the answering process spent on each, in microseconds."""

    rate: float
    cpu: float


@dataclass(frozen=True)
class Row:
    """One comparison."""

    work: str
    ours: Measured
    bare: Measured
    bar: float

    @property
    def ratio(self) -> float:
        """Ours beside the bare peer, in requests a second."""
        return self.ours.rate / self.bare.rate


def main() -> None:
    """Measure and print."""
    assert shutil.which("wrk"), "install wrk: apt-get install wrk"
    with tempfile.TemporaryDirectory(prefix="ccc-bench-") as directory:
        home = Home.at(Path(directory) / "home")
        with _runtime(home) as now, _peer(home, now) as (peer, peer_pid):
            time.sleep(IDLE_SECONDS)
            idle = _resident(now)
            _show(_measured(home, now, (peer, peer_pid), Path(directory)), idle, _start_seconds(home, now))


def _measured(home: Home, now: State, peer: tuple[str, int], directory: Path) -> list[Row]:
    url, token = now.urls["registry"], _token(home, Role.PROV_ADMIN)
    uscc = _load(url, token, directory)
    _settle(now)
    bearer, body = ["-H", f"Authorization: Bearer {token}"], ["-H", "Content-Type: application/json"]
    ours = _script(directory, "ours", "/v1/conflicts", {"person": "EX-@N", "uscc": uscc, "reason": "interest", "detail": ""})
    bare = _script(directory, "bare", "/things", {"certificate_no": "2022010101000001", "change": "suspend"})
    registry, sampling = now.processes["registry"].pid, now.processes["sampling"].pid
    there, pid = peer
    return [
        _compared(
            "GET by id", Target(f"{url}/v1/enterprises/{uscc}", registry, bearer), Target(f"{there}/things/{uscc}", pid, []), 0.6
        ),
        _compared(
            "page of 50", Target(f"{url}/v1/enterprises?limit=50", registry, bearer), Target(f"{there}/things", pid, []), 1.0
        ),
        _compared("create", Target(now.urls["sampling"], sampling, [*bearer, *body], ours), Target(there, pid, body, bare), 0.7),
    ]


def _compared(work: str, ours: Target, bare: Target, bar: float) -> Row:
    """Warm up both, then let them take turns, so that whatever else the machine does meets both; the medians count."""
    for each in (ours, bare):
        _wrk(each, WARM_UP_SECONDS)
    rounds = [(_wrk(ours, SECONDS), _wrk(bare, SECONDS)) for _ in range(ROUNDS)]
    return Row(work, _median([one for one, _ in rounds]), _median([other for _, other in rounds]), bar)


def _median(answers: list[Measured]) -> Measured:
    return Measured(median(one.rate for one in answers), median(one.cpu for one in answers))


def _load(url: str, token: str, directory: Path) -> str:
    sheet = directory / "certificates.xlsx"
    write_certificates(generate(2024, 1043), sheet)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(new_id()), "Content-Type": XLSX}
    began = time.perf_counter()
    answer = httpx.post(f"{url}/v1/imports?kind=certificates", content=sheet.read_bytes(), headers=headers, timeout=120)
    answer.raise_for_status()
    run = answer.json()
    while run["state"] not in {"completed", "failed"}:
        time.sleep(0.1)
        run = httpx.get(f"{url}/v1/imports/{run['id']}", headers=headers).json()
    print(f"import of {run['rows_total']} rows: {time.perf_counter() - began:.2f} s")
    found = httpx.get(f"{url}/v1/enterprises?limit=1", headers={"Authorization": f"Bearer {token}"}).json()
    return str(found["items"][0]["uscc"])


def _settle(now: State) -> None:
    """Wait until the services have published and consumed the events of the import, and are idle."""
    began = time.perf_counter()
    running = [psutil.Process(one.pid) for one in now.processes.values()]
    while sum(process.cpu_percent() for process in running) > RESTING_PERCENT or time.perf_counter() - began < 2:
        time.sleep(1)
    print(f"published and consumed: {time.perf_counter() - began:.0f} s")


def _script(directory: Path, name: str, path: str, body: dict[str, str]) -> Callable[[], Path]:
    """Gives for each run a script whose keys and names no run before has used."""

    def written() -> Path:
        file = directory / f"{name}.lua"
        file.write_text(CREATE.format(run=time.time_ns(), path=path, body=json.dumps(body)))
        return file

    return written


def _wrk(target: Target, seconds: int) -> Measured:
    script = ["-s", str(target.script())] if target.script else []
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", *target.options, *script, target.url]
    before = _cpu_seconds(target.pid)
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    spent = _cpu_seconds(target.pid) - before
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    if refused:
        print(f"refused or too late: {refused[1]} of {target.url}")
    rate, count = re.search(r"Requests/sec:\s+([0-9.]+)", text), re.search(r"(\d+) requests in", text)
    assert rate, text
    assert count, text
    return Measured(float(rate[1]), 1e6 * spent / int(count[1]))


def _cpu_seconds(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


@contextmanager
def _runtime(home: Home) -> Iterator[State]:
    ccc = [sys.executable, "-m", "deploy.cli"]
    began = time.perf_counter()
    subprocess.run([*ccc, "up", "--detach", "--home", str(home.directory)], check=True, capture_output=True)
    print(f"whole runtime ready after {time.perf_counter() - began:.1f} s")
    now = state.running(home)
    assert now is not None
    try:
        yield now
    finally:
        subprocess.run([*ccc, "down", "--home", str(home.directory)], check=True, capture_output=True)


@contextmanager
def _peer(home: Home, now: State) -> Iterator[tuple[str, int]]:
    """The bare peer behind the same server with the same options as a service; its address and its process."""
    port = free_port(8900, taken=[])
    password = (home.secrets / "migration" / "ccc_database_owner_password").read_text().strip()
    address = now.database.replace("{service}", "registry").replace("//ccc_registry@", f"//ccc_registry_owner:{password}@")
    ours = serve.command("registry", host="127.0.0.1", port=port)
    command = ["tests.benchmarks.peer:app" if part == "services.registry.main:app" else part for part in ours]
    process = subprocess.Popen([*command, "--log-level", "error"], env=os.environ | {"PEER_DATABASE_URL": address})
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                httpx.get(f"{url}/things")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(10)


def _token(home: Home, role: Role) -> str:
    person = Person("bench", role, "35", "bench")
    return tokens.issue(home, person, token_id=new_id(), now=datetime.now(UTC), lifetime=timedelta(hours=1))


def _resident(now: State) -> dict[str, int]:
    """Resident MB of each service."""
    return {name: psutil.Process(now.processes[name].pid).memory_info().rss // 2**20 for name in SERVICES}


def _start_seconds(home: Home, now: State) -> float:
    """From the kill of a service until its supervisor has started it again and it is ready."""
    before = now.processes["registry"].pid
    psutil.Process(before).kill()
    began = time.perf_counter()
    while True:
        again = state.running(home)
        if again is not None and again.processes["registry"].pid != before and probes.is_ready(now.urls["registry"]):
            return time.perf_counter() - began
        time.sleep(0.02)


def _show(rows: list[Row], idle: dict[str, int], start: float) -> None:
    table = Table("work", "ours/s", "bare/s", "ratio", "bar", "holds", "ours, CPU µs", "bare, CPU µs")
    for row in rows:
        rates, cpu = (
            [f"{side:.0f}" for side in sides] for sides in ((row.ours.rate, row.bare.rate), (row.ours.cpu, row.bare.cpu))
        )
        table.add_row(row.work, *rates, f"{row.ratio:.2f}", f"{row.bar:.1f}", _held(row.ratio >= row.bar), *cpu)
    Console().print(table)
    bars = Table("footprint", "value", "bar", "holds")
    for name, resident in idle.items():
        bars.add_row(f"idle memory of {name}, MB", str(resident), str(IDLE_BAR_MB), "yes" if resident <= IDLE_BAR_MB else "no")
    bars.add_row(
        "start of registry, s", f"{start:.1f}", f"{START_BAR_SECONDS:.0f}", "yes" if start <= START_BAR_SECONDS else "no"
    )
    Console().print(bars)
    measured = {"http": [asdict(row) | {"ratio": row.ratio} for row in rows], "idle_mb": idle, "start_s": start}
    print(json.dumps(measured))


def _held(held: bool) -> str:
    return "yes" if held else "no"


if __name__ == "__main__":
    main()

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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from deploy import SERVICES
from deploy.demo.province import generate
from deploy.demo.province.files import write_certificates
from deploy.local import probes, state, tokens
from deploy.local.home import Home
from deploy.local.ports import free_port
from deploy.local.state import State
from shared.ids import new_id
from shared.terms import Role

SECONDS = 6
IDLE_SECONDS = 10
RESTING_PERCENT = 15.0
IDLE_BAR_MB, START_BAR_SECONDS = 110, 3.0
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CREATE = """
local base = {base}
local n = 0
local thread_id = math.random(1, 1000000000)
request = function()
  n = n + 1
  wrk.headers["Idempotency-Key"] = "bench-" .. base .. "-" .. thread_id .. "-" .. n
  local body = string.gsub('{body}', "@N", n)
  return wrk.format("POST", "{path}", wrk.headers, body)
end
"""


@dataclass(frozen=True)
class Row:
    """One comparison."""

    work: str
    ours: float
    bare: float
    bar: float

    @property
    def ratio(self) -> float:
        """Ours beside the bare peer, in requests a second."""
        return self.ours / self.bare


def main() -> None:
    """Measure and print."""
    assert shutil.which("wrk"), "install wrk: apt-get install wrk"
    with tempfile.TemporaryDirectory(prefix="ccc-bench-") as directory:
        home = Home.at(Path(directory) / "home")
        with _runtime(home) as now, _peer(home, now) as peer:
            time.sleep(IDLE_SECONDS)
            idle = _resident(now)
            _show(_measured(home, now, peer, Path(directory)), idle, _start_seconds(home, now))


def _measured(home: Home, now: State, peer: str, directory: Path) -> list[Row]:
    url, token = now.urls["registry"], _token(home, Role.PROV_ADMIN)
    uscc = _load(url, token, directory)
    _settle(now)
    how = ["-H", f"Authorization: Bearer {token}"]
    rows = [
        Row("GET by id", _wrk(f"{url}/v1/enterprises/{uscc}", how), _wrk(f"{peer}/things/{uscc}"), 0.6),
        Row("page of 50", _wrk(f"{url}/v1/enterprises?limit=50", how), _wrk(f"{peer}/things"), 1.0),
    ]
    sampling = now.urls["sampling"]
    ours = _script(directory, "ours", "/v1/conflicts", {"person": "EX-@N", "uscc": uscc, "reason": "interest", "detail": ""})
    bare = _script(directory, "bare", "/things", {"certificate_no": "2022010101000001", "change": "suspend"})
    body = ["-H", "Content-Type: application/json"]
    rows.append(Row("create", _wrk(sampling, [*how, *body, "-s", ours]), _wrk(peer, [*body, "-s", bare]), 0.7))
    return rows


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
    """Wait until the services have told each other of the import, and rest."""
    began = time.perf_counter()
    running = [psutil.Process(one.pid) for one in now.processes.values()]
    while sum(process.cpu_percent() for process in running) > RESTING_PERCENT or time.perf_counter() - began < 2:
        time.sleep(1)
    print(f"told and heard: {time.perf_counter() - began:.0f} s")


def _script(directory: Path, name: str, path: str, body: dict[str, str]) -> str:
    file = directory / f"{name}.lua"
    file.write_text(CREATE.format(base=int(time.time()), path=path, body=json.dumps(body)))
    return str(file)


def _wrk(url: str, options: list[str] | None = None) -> float:
    command = ["wrk", "-t1", "-c16", f"-d{SECONDS}s", *(options or []), url]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    if refused:
        print(f"refused or too late: {refused[1]} of {url}")
    found = re.search(r"Requests/sec:\s+([0-9.]+)", text)
    assert found, text
    return float(found[1])


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
def _peer(home: Home, now: State) -> Iterator[str]:
    port = free_port(8900, taken=[])
    password = (home.secrets / "migration" / "ccc_database_owner_password").read_text().strip()
    address = now.database.replace("{service}", "registry").replace("//ccc_registry@", f"//ccc_registry_owner:{password}@")
    command = [sys.executable, "-m", "uvicorn", "tests.benchmarks.peer:app", "--port", str(port), "--log-level", "error"]
    process = subprocess.Popen(command, env=os.environ | {"PEER_DATABASE_URL": address})
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                httpx.get(f"{url}/things")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _token(home: Home, role: Role) -> str:
    person = tokens.Person("bench", role, "35", "bench")
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
    table = Table("work", "ours/s", "bare/s", "ratio", "bar", "holds")
    for row in rows:
        holds = _held(row.ratio >= row.bar)
        table.add_row(row.work, f"{row.ours:.0f}", f"{row.bare:.0f}", f"{row.ratio:.2f}", f"{row.bar:.1f}", holds)
    Console().print(table)
    bars = Table("footprint", "value", "bar", "holds")
    for name, resident in idle.items():
        bars.add_row(f"idle memory of {name}, MB", str(resident), str(IDLE_BAR_MB), "yes" if resident <= IDLE_BAR_MB else "no")
    bars.add_row(
        "start of registry, s", f"{start:.1f}", f"{START_BAR_SECONDS:.0f}", "yes" if start <= START_BAR_SECONDS else "no"
    )
    Console().print(bars)
    measured = {"http": [vars(row) | {"ratio": row.ratio} for row in rows], "idle_mb": idle, "start_s": start}
    print(json.dumps(measured))


def _held(held: bool) -> str:
    return "yes" if held else "no"


if __name__ == "__main__":
    main()

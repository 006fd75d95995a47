"""Records examples for the API description: `make examples`.

As a program it lives through a small demo, as a pytest plugin it observes the tests. What an `examples.json` holds and is
still valid stays; what is missing or no longer valid is taken from the first request of the run that fits.
"""

import asyncio
import importlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute

from shared.testing.world import ServiceClient
from shared.web.examples import FILE
from shared.web.route_walk import routes_of
from tests.contracts.examples import Wanted, faults, wanted_of

ROOT = Path(__file__).resolve().parents[2]
MOST_ITEMS, MOST_CHARACTERS = 2, 12_000


class Recorder:
    """Keeps every good request with its answer, by the file that shows the examples of its operation."""

    def __init__(self) -> None:
        """Nothing has been seen yet."""
        self._seen: dict[Path, dict[str, list[dict[str, Any]]]] = {}
        self._wanted: dict[Path, dict[str, Wanted]] = {}

    def note(self, app: FastAPI, method: str, path: str, found: dict[str, Any]) -> None:
        """Keep the `request` and the `answer` of an operation, where it has them in JSON."""
        for route in routes_of(app.router.routes):
            if method in (route.methods or ()) and route.path_regex.match(path.split("?", maxsplit=1)[0]):
                file = _file(route)
                self._wanted.setdefault(file, {}).update(wanted_of(app.openapi()))
                self._seen.setdefault(file, {}).setdefault(route.name, []).append(found)
                return

    def write(self) -> None:
        """Bring the files up to what was seen."""
        for file, seen in self._seen.items():
            known: dict[str, Any] = json.loads(file.read_text("utf-8"))
            wanted = self._wanted[file]
            names = sorted({*known, *seen} & wanted.keys())
            made = {name: _chosen(wanted[name], [known.get(name, {}), *seen.get(name, [])]) for name in names}
            text = json.dumps({name: one for name, one in made.items() if one}, ensure_ascii=False, indent=1)
            file.write_text(text + "\n", "utf-8")


def _file(route: APIRoute) -> Path:
    parts = route.endpoint.__module__.split(".")
    return ROOT.joinpath(*(parts[:2] if parts[0] == "services" else ("shared", "web")), FILE)


def _chosen(wanted: Wanted, candidates: list[dict[str, Any]]) -> dict[str, Any]:
    """For the body and for the answer, the first candidate that fits; lists in answers are cut short."""
    chosen: dict[str, Any] = {}
    for part in wanted.parts:
        values = (one[part] for one in candidates if part in one)
        shaped = (_short(value) if part == "answer" else value for value in values)
        fitting = [value for value in shaped if not faults(wanted, part, value) and len(json.dumps(value)) < MOST_CHARACTERS]
        if fitting:
            chosen[part] = next(filter(_informative, fitting), fitting[0])
    return chosen


def _informative(value: Any) -> bool:
    """Whether an example shows something: not an empty list or page."""
    return bool(value.get("items", True)) if isinstance(value, Mapping) else bool(value)


def _short(value: Any) -> Any:
    if isinstance(value, list):
        return [_short(one) for one in value[:MOST_ITEMS]]
    if isinstance(value, dict):
        return {name: None if name == "next" else _short(one) for name, one in value.items()}
    return value


_recorder = Recorder()


def pytest_configure() -> None:
    """Observe every request of the run."""
    plain = ServiceClient.call

    async def call(self: ServiceClient, method: str, path: str, body: Any = None, **how: Any) -> httpx.Response:
        answer = await plain(self, method, path, body, **how)
        if answer.is_success:
            sent = None if body is None else json.loads(json.dumps(body, default=str))
            _recorder.note(self.app, method, path, _parts(sent, answer))
        return answer

    ServiceClient.call = call  # type: ignore[method-assign]


def pytest_sessionfinish() -> None:
    """Write the files."""
    _recorder.write()


def _parts(body: Any, answer: httpx.Response) -> dict[str, Any]:
    parts = {} if body is None else {"request": body}
    return parts | {"answer": answer.json()} if "json" in answer.headers.get("content-type", "") else parts


def main() -> None:
    """Live through a small demo and write the files."""
    from tests.contracts.write import NAMELESS  # noqa: PLC0415

    os.environ.update(NAMELESS)
    with tempfile.TemporaryDirectory() as nowhere:
        from deploy.fonts import font_directory  # noqa: PLC0415  (the settings come first)

        os.environ |= {"CCC_FONT_DIR": str(font_directory()), "INSPECTION_EVIDENCE_URL": f"file://{nowhere}/evidence"}
        asyncio.run(_demo(Path(nowhere) / "home"))
    _recorder.write()


async def _demo(directory: Path) -> None:
    from deploy.demo import client, run, show  # noqa: PLC0415
    from deploy.demo.timeline import Timeline  # noqa: PLC0415
    from deploy.local import runtime  # noqa: PLC0415
    from deploy.local.home import Home  # noqa: PLC0415
    from shared.core.services import SERVICES  # noqa: PLC0415

    apps = {name: importlib.import_module(f"services.{name}.main").app for name in SERVICES}
    plain = client.Api.exchange

    async def exchange(self: client.Api, service: str, method: str, path: str, **how: Any) -> Any:
        answer = await plain(self, service, method, path, **how)
        if not answer.is_error:
            _recorder.note(apps[service], method, path, _parts(how.get("json"), answer))
        return answer

    client.Api.exchange = exchange  # type: ignore[method-assign]
    home, days = Home.at(directory), Timeline.of()
    now = await asyncio.to_thread(runtime.ensure_up, home, print)
    try:
        with show.shown() as shown:
            await run.run(now.urls, home, directory / "demo", 100, shown, days)
        async with client.connected(now.urls, home, days.seed) as api:
            for name, app in apps.items():
                await _look_at_everything(api, name, app.openapi())
    finally:
        await asyncio.to_thread(runtime.down, home)


async def _look_at_everything(api: Any, service: str, document: dict[str, Any]) -> None:
    """Read, of each kind of object, the first few at every address that shows one."""
    from deploy.cli.credentials import Person  # noqa: PLC0415
    from deploy.cli.errors import ApiError  # noqa: PLC0415
    from shared.vocabulary import Role  # noqa: PLC0415
    from tests.journeys.places import found, place_of  # noqa: PLC0415

    for path, operations in document["paths"].items():
        callers = operations.get("get", {}).get("x-callers")
        if callers is None:
            continue
        role = next((role for role in _READERS if role in callers), None)
        by = Person(f"reader-{role}", Role(role), "35", "读者(模拟)") if role else None

        async def ask(_service: str, where: str, by: Person | None = by) -> Any:
            try:
                return await api.get(service, where, by)
            except (ApiError, ValueError):
                return None

        place = place_of(service, path)
        addresses = [path.replace(place, one) for one in (await found(ask, service, place))[:5]] if place else [path]
        for address in addresses:
            if "{" not in address:
                await ask(service, address)


_READERS = ("prov_admin", "prov_supervisor", "auditor", "sysadmin")
"""Who may read most, and operators."""


if __name__ == "__main__":
    main()

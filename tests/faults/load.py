"""A steady load of the campaign's own acts over HTTP, each recorded with its key, its answers and what became of it."""

import asyncio
import itertools
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deploy.demo import cast, province
from deploy.demo.client import connected, import_file
from deploy.demo.province import files
from deploy.demo.province.identifiers import uscc_of
from deploy.local import tokens
from deploy.local.tokens import Person
from shared.clock import SystemClock
from shared.http import Client, Unreachable, open_client
from shared.ids import new_id
from tests.faults.plant import Plant

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ANSWER_SECONDS = 8.0
AGAIN_SECONDS = 0.1
REGISTRAR = cast.PLANNER


@dataclass
class Act:
    """One act, from its first try to its answer."""

    kind: str
    service: str
    path: str
    by: Person
    body: dict[str, Any]
    key: str = field(default_factory=lambda: str(new_id()))
    tries: int = 0
    begun: float = field(default_factory=time.time)
    ended: float | None = None
    status: int | None = None
    answer: Any = None

    @property
    def acknowledged(self) -> bool:
        """Whether a 2xx came back."""
        return self.status is not None and self.status < 300


@dataclass
class Load:
    """Officials at work, a few at once, until they are told to stop."""

    plant: Plant
    clients: dict[str, Client]
    seed: int
    history: list[Act] = field(default_factory=list)
    slowest_refusal: float = 0.0
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _tokens: dict[Person, str] = field(default_factory=dict)

    async def act(self, kind: str, service: str, path: str, by: Person, body: dict[str, Any] | None = None) -> Any:
        """Ask until there is an answer that counts; the key makes that safe."""
        one = Act(kind, service, path, by, body or {})
        self.history.append(one)
        while one.ended is None:
            await self._try(one)
        return one.answer

    async def _try(self, one: Act) -> None:
        one.tries += 1
        try:
            status, answer = await self.ask(one)
        except Unreachable:
            await asyncio.sleep(AGAIN_SECONDS)
            return
        if status >= 500:
            await asyncio.sleep(AGAIN_SECONDS)
            return
        one.status, one.answer, one.ended = status, answer, time.time()

    async def ask(self, one: Act) -> tuple[int, Any]:
        """Send the act once."""
        headers = self.credentials(one.by) | {"Idempotency-Key": one.key}
        begun = time.monotonic()
        answer = await self.clients[one.service].request("POST", one.path, json=one.body, headers=headers)
        if answer.status_code == 503:
            self.slowest_refusal = max(self.slowest_refusal, time.monotonic() - begun)
        return answer.status_code, answer.json() if answer.content else None

    def credentials(self, by: Person = REGISTRAR) -> dict[str, str]:
        """The header that says who asks."""
        return {"Authorization": f"Bearer {self._token(by)}"}

    def _token(self, by: Person) -> str:
        if by not in self._tokens:
            now, life = SystemClock().now(), timedelta(hours=6)
            self._tokens[by] = tokens.issue(self.plant.home, by, token_id=new_id(), now=now, lifetime=life)
        return self._tokens[by]


async def suspend_and_resume(load: Load, numbers: list[str], chance: random.Random) -> None:
    """A certification body suspends certificates and resumes them."""
    while not load.stopping.is_set():
        number = chance.choice(numbers)
        event: dict[str, Any] = {"effective_on": "2024-08-01", "published_on": "2024-08-01"}
        if number in _suspended:
            event |= {"change": "resume", "ground": "rectified"}
        else:
            event |= {"change": "suspend", "ground": "follow_up_nonconformity", "suspend_until": "2024-10-01"}
        _suspended.symmetric_difference_update({number})
        body = cast.body_contact(number[4:6])
        await load.act("status event", "registry", f"/v1/certificates/{number}/status-events", body, event)
        await asyncio.sleep(0.02)


async def declare(load: Load, serials: Iterator[int]) -> None:
    """Producers declare conformity themselves."""
    for serial in serials:
        if load.stopping.is_set():
            return
        producer = {
            "name": f"模拟电气{serial}有限公司",
            "uscc": uscc_of("350102", serial),
            "division": "350102",
            "address": "模拟路1号",
        }
        body = {
            "declaration_no": f"SD-2024-{serial:08d}",
            "declared_on": "2024-08-01",
            "expires_on": "2034-07-31",
            "product_category_code": "0301",
            "product_name": "低压成套开关设备",
            "models": ["GGD"],
            "producer": producer,
        }
        await load.act("declaration", "registry", "/v1/self-declarations", REGISTRAR, body)
        await asyncio.sleep(0.05)


async def plan_campaigns(load: Load, serials: Iterator[int]) -> None:
    """The bureau plans campaigns, approves, publishes and closes them."""
    for serial in serials:
        if load.stopping.is_set():
            return
        made = await load.act("campaign", "sampling", "/v1/campaigns", cast.PLANNER, {"code": f"F-{serial}"})
        path = f"/v1/campaigns/{made['id']}"
        await load.act("approval", "sampling", f"{path}/approval", cast.APPROVER)
        await load.act("publication", "sampling", f"{path}/publication", cast.PLANNER)
        await load.act("closure", "sampling", f"{path}/closure", cast.PLANNER)


_suspended: set[str] = set()
_serials = itertools.count(700_000)


@asynccontextmanager
async def working(plant: Plant, numbers: list[str], seed: int, officials: int = 3) -> AsyncIterator[Load]:
    """The load, for as long as the context lasts; then every act under way comes to its end."""
    clients = {name: open_client(url, seconds=ANSWER_SECONDS) for name, url in plant.urls.items()}
    load = Load(plant, clients, seed)
    shares = [numbers[place::officials] for place in range(officials)]
    tasks = [
        asyncio.create_task(suspend_and_resume(load, share, random.Random(seed + place))) for place, share in enumerate(shares)
    ]
    tasks += [asyncio.create_task(each(load, _serials)) for each in (declare, plan_campaigns)]
    try:
        yield load
        load.stopping.set()
        await asyncio.wait_for(asyncio.gather(*tasks), 120)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def asking(plant: Plant) -> AsyncIterator[Load]:
    """The same without work of its own, to ask single acts."""
    clients = {name: open_client(url, seconds=60) for name, url in plant.urls.items()}
    yield Load(plant, clients, 0)
    for client in clients.values():
        await client.aclose()


def begin_anew() -> None:
    """Another plant has other certificates."""
    _suspended.clear()


async def prepare(plant: Plant) -> list[str]:
    """Fill the registry with a small province; returns certificates that can be suspended."""
    made = province.generate(2024_215, province.SMALLEST)
    with TemporaryDirectory() as directory:
        written = files.write(made, Path(directory))
        content = written.certificates.read_bytes()
    async with connected(plant.urls, plant.home, 1) as api:
        await api.move_clock(SystemClock().now().replace(year=2024, month=8, day=1, hour=1))
        await api.post("registry", "/v1/catalogue-publications", cast.PLANNER)
        done = await import_file(api, cast.PLANNER, content, XLSX, kind="certificates")
        assert done["state"] == "completed", done
        listed = await api.all("registry", "/v1/certificates", cast.PLANNER, status="valid")
    return [one["certificate_no"] for one in listed if one["certificate_no"].isdigit()]

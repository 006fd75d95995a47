"""What officials do all day under load: every service acts, every act that emits an event is repeated without an end."""

import asyncio
import itertools
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from deploy.demo import cast
from deploy.demo.province.identifiers import uscc_of
from deploy.demo.stages.report import INTERIM, TEXTS
from shared.web.http_client import open_client
from tests.faults.cluster import Cluster
from tests.faults.fixture import Fixture
from tests.faults.load import ANSWER_SECONDS, Load

OFFICIALS = 3
"""Contacts of certification bodies that are at work at the same time."""
PAUSE_SECONDS, LONGEST_PAUSE, REST = 0.1, 1.0, 3
"""An official rests a few times as long as the work took, within limits: a slow machine is not kept from recovering."""
Work = Callable[[Load, Fixture], Awaitable[None]]
_serials = itertools.count(700_000)


async def suspend_and_resume(load: Load, fixture: Fixture, numbers: Sequence[str], chance: random.Random) -> None:
    """A certification body suspends a certificate, or resumes it."""
    number = chance.choice(numbers)
    event: dict[str, Any] = {"effective_on": fixture.today, "published_on": fixture.today}
    if number in fixture.suspended:
        event |= {"change": "resume", "reason_code": "rectified"}
    else:
        event |= {"change": "suspend", "reason_code": "follow_up_nonconformity", "suspend_until": "2024-10-01"}
    fixture.suspended.symmetric_difference_update({number})
    body = cast.body_contact(number[4:6])
    await load.act("status event", "registry", f"/v1/certificates/{number}/status-events", body, event)


async def declare(load: Load, fixture: Fixture) -> None:
    """A producer declares conformity itself."""
    serial = next(_serials)
    producer = {
        "name": f"模拟电气{serial}有限公司",
        "uscc": uscc_of("350102", serial),
        "division": "350102",
        "address": "模拟路1号",
    }
    body = {
        "declaration_no": f"SD-2024-{serial:08d}",
        "declared_on": fixture.today,
        "expires_on": "2034-07-31",
        "product_category_code": "0301",
        "product_name": "低压成套开关设备",
        "models": ["GGD"],
        "producer": producer,
    }
    await load.act("declaration", "registry", "/v1/self-declarations", cast.PLANNER, body)


async def plan_campaign(load: Load, _ground: Fixture) -> None:
    """The bureau plans a campaign, approves, publishes and closes it."""
    made = await load.act("campaign", "sampling", "/v1/campaigns", cast.PLANNER, {"code": f"F-{next(_serials)}"})
    path = f"/v1/campaigns/{made['id']}"
    await load.act("approval", "sampling", f"{path}/approval", cast.APPROVER)
    await load.act("publication", "sampling", f"{path}/publication", cast.PLANNER)
    await load.act("closure", "sampling", f"{path}/closure", cast.PLANNER)


async def notify(load: Load, fixture: Fixture) -> None:
    """A city changes the day of an inspection, so that the object has to be notified again."""
    visit = next(fixture.visits)
    by, day = cast.lead(visit.city), {"inspection_on": fixture.tomorrow}
    await load.act("schedule", "inspection", f"{visit.path}/schedule", by, day, method="PUT")
    notice = {"channel": "sms", "recipient": "企业联系人(模拟)"}
    await load.act("notice", "inspection", f"{visit.path}/notice", by, notice)


async def report_and_return(load: Load, fixture: Fixture) -> None:
    """A city reports a matter of qualification, and the province returns it."""
    matter = next(fixture.matters)
    path, opinion = f"/v1/qualification-matters/{matter['id']}", {"opinion": "建议总局核查该认证机构工厂检查的真实性"}
    await load.act("matter report", "cases", f"{path}/submission", cast.lead(matter["city"]), opinion)
    await load.act("matter return", "cases", f"{path}/return", cast.APPROVER, {"ground": "请补充工厂检查记录"})


async def summarise(load: Load, fixture: Fixture) -> None:
    """A city computes its summary and submits it, and the province returns it."""
    city = next(fixture.cities)
    asked = {"campaign_id": fixture.campaign, "round": INTERIM, "city": city} | TEXTS
    made = await load.act("summary", "reporting", "/v1/summaries", cast.clerk(city), asked)
    path = f"/v1/summaries/{made['summary_id']}"
    await load.act("summary submission", "reporting", f"{path}/submission", cast.lead(city))
    await load.act("summary return", "reporting", f"{path}/return", cast.APPROVER, {"ground": "请补充问题原因分析"})


REGISTERING: tuple[Work, ...] = (declare, plan_campaign)
ALONE: tuple[Work, ...] = (*REGISTERING, notify, report_and_return, summarise)
"""Each is done by one official, one after the other: the next begins when the last has its answer."""


async def repeat(load: Load, work: Callable[[], Awaitable[None]], pause: float) -> None:
    """Do it until the load ends; what was begun is brought to its end."""
    while not load.stopping.is_set():
        begun = time.monotonic()
        await work()
        await asyncio.sleep(min(LONGEST_PAUSE, max(pause, REST * (time.monotonic() - begun))))


@asynccontextmanager
async def working(cluster: Cluster, fixture: Fixture, seed: int, pause: float = PAUSE_SECONDS) -> AsyncIterator[Load]:
    """The load, for as long as the context lasts; then every act under way comes to its end."""
    clients = {name: open_client(url, seconds=ANSWER_SECONDS) for name, url in cluster.urls.items()}
    load = Load(cluster, clients, seed)
    tasks = [asyncio.create_task(repeat(load, work, pause)) for work in _works(load, fixture)]
    try:
        yield load
        load.stopping.set()
        await asyncio.wait_for(asyncio.gather(*tasks), 120)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for client in clients.values():
            await client.aclose()


def _works(load: Load, fixture: Fixture) -> Iterator[Callable[[], Awaitable[None]]]:
    for number in range(OFFICIALS):
        share, chance = fixture.numbers[number::OFFICIALS], random.Random(load.seed + number)
        yield partial(suspend_and_resume, load, fixture, share, chance)
    for work in ALONE if fixture.campaign else REGISTERING:
        yield partial(work, load, fixture)

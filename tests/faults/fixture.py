"""What the load works on: a province with a small campaign, lived through by the stages of the demo up to its inspections."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.progress import Progress

from deploy import SERVICES
from deploy.cli.errors import ApiError
from deploy.demo import cast, province, scenarios
from deploy.demo.agenda import Agenda
from deploy.demo.client import Api, connected
from deploy.demo.journey import Journey, Size
from deploy.demo.province import files
from deploy.demo.scenarios import Visit
from deploy.demo.show import Show
from deploy.demo.stages import draw, inspect, match, prepare
from deploy.demo.timeline import Timeline
from tests.faults.cluster import Cluster

INSPECTED_ON, TODAY, TOMORROW = date(2024, 8, 20), date(2024, 8, 21), date(2024, 8, 22)
"""The first inspections; the day on which the load works; the day of the inspections whose objects it notifies."""
MATTERS = 3


@dataclass
class Fixture:
    """Certificates that can be suspended, inspections that can be announced, matters and cities that can report."""

    campaign: str
    numbers: list[str]
    visits: Iterator[Visit]
    matters: Iterator[dict[str, Any]]
    cities: Iterator[str]
    today: str = TODAY.isoformat()
    tomorrow: str = TOMORROW.isoformat()
    suspended: set[str] = field(default_factory=set)

    @property
    def publishers(self) -> tuple[str, ...]:
        """The services that publish under load."""
        return SERVICES if self.campaign else ("registry", "sampling")

    @property
    def consumers(self) -> tuple[str, ...]:
        """The services that consume under load."""
        return SERVICES if self.campaign else ("sampling", "inspection", "cases", "reporting")


async def prepare_load(cluster: Cluster, *, campaign: bool = True) -> Fixture:
    """Live through the campaign on a new cluster, up to a day on which every service has something to publish; or import only."""
    timeline = Timeline.of()
    made = province.generate(timeline.seed, province.SMALLEST)
    with TemporaryDirectory() as directory:
        written = files.write(made, Path(directory))
        async with connected(cluster.urls, cluster.home, timeline.seed) as api:
            show = Show(Progress(disable=True))
            agenda = Agenda(api.move_clock, timeline.day(0), show.reached)
            journey = Journey(api, agenda, show, made, written, Path(directory), Size(province.SMALLEST))
            await prepare.prepare(journey)
            return await _live(journey) if campaign else await _imported(journey)


async def _imported(journey: Journey) -> Fixture:
    await journey.reach(TODAY, 12)
    return Fixture("", await _numbers(journey), cycle(()), cycle(()), cycle(()))


async def _numbers(journey: Journey) -> list[str]:
    listed = await journey.api.all("registry", "/v1/certificates", cast.PLANNER, status="valid")
    return [row["certificate_no"] for row in listed if row["certificate_no"].isdigit()]


async def _live(journey: Journey) -> Fixture:
    await draw.draw(journey)
    for city in await match._cities(journey):
        await match._draw_teams(journey, city, journey.timeline.day(7), journey.timeline.last_inspection)
    await journey.reach(inspect.scheduled_on(journey), 8)
    visits = await _visits(journey)
    found = await _inspect(journey, visits[:MATTERS])
    numbers = await _numbers(journey)
    free = [visit for visit in visits[MATTERS:] if await _can_be_notified(journey.api, visit)]
    cities = sorted({visit.city for visit in visits})
    return Fixture(journey.campaign, numbers, cycle(free), cycle(found), cycle(cities))


async def _visits(journey: Journey) -> list[Visit]:
    assignments = await journey.alive()
    inspections = await inspect._inspections(journey, [assignment["id"] for assignment in assignments])
    (scenario,) = (
        scenario for scenario in scenarios.special(journey.timeline) if scenario.name == "qualification matter through to SAMR"
    )
    return [
        Visit(assignment, replace(scenario, on=INSPECTED_ON), INSPECTED_ON, inspections[assignment["id"]])
        for assignment in assignments
    ]


async def _inspect(journey: Journey, visits: list[Visit]) -> list[dict[str, Any]]:
    """Inspect objects and find what their certification bodies did: a matter of qualification each."""
    for visit in visits:
        await inspect._schedule(journey, visit)
    await journey.reach(inspect.scheduled_on(journey), 10)
    for visit in visits:
        await inspect._notify(journey, visit)
    await journey.reach(INSPECTED_ON, 10)
    for visit in visits:
        await inspect._visit(journey, visit)
    await journey.reach(TODAY, 12)
    for visit in visits:
        await inspect._review(journey, visit)
    return await journey.api.all("cases", "/v1/qualification-matters", cast.PLANNER)


async def _can_be_notified(api: Api, visit: Visit) -> bool:
    """Whether the whole team is there on the day."""
    body = {"inspection_on": TOMORROW.isoformat()}
    try:
        await api.put("inspection", f"{visit.path}/schedule", cast.lead(visit.city), body, visit.listed)
    except ApiError:
        return False
    return True

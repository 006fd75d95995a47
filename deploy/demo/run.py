"""The campaign from its first day to its last."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from deploy.demo import province, verify
from deploy.demo.agenda import Agenda
from deploy.demo.client import Api, connected
from deploy.demo.journey import Journey, Size
from deploy.demo.province import files
from deploy.demo.show import Show
from deploy.demo.stages import collect, draw, inspect, match, prepare, report
from deploy.demo.timeline import Timeline
from deploy.local.home import Home


async def run(urls: Mapping[str, str], home: Home, output: Path, scale: int, show: Show, timeline: Timeline) -> Journey:
    """Live through the campaign on the services at `urls`; files go to `output`."""
    made = province.generate(timeline.seed, scale, timeline.year)
    with tempfile.TemporaryDirectory() as directory:
        written = files.write(made, Path(directory))
        async with connected(urls, home, timeline.seed) as api:
            journey = Journey(api, _agenda(api, show, timeline), show, made, written, output, Size(scale), timeline)
            await _live(journey)
            journey.figures["requests"] = api.calls
    return journey


def _agenda(api: Api, show: Show, timeline: Timeline) -> Agenda:
    return Agenda(api.move_clock, timeline.day(0), show.reached)


async def _live(journey: Journey) -> None:
    await prepare.prepare(journey)
    await draw.draw(journey)
    await match.match(journey)
    visits = await inspect.plan(journey)
    report.plan(journey)
    await journey.agenda.run()
    await collect.collect(journey, visits)
    journey.verdicts = verify.draws(journey.output / "draws") + verify.dates(journey.output / "deadlines")

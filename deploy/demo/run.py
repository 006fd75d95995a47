"""The campaign from its first day to its last."""

import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from deploy.demo import province, verify
from deploy.demo.agenda import Agenda
from deploy.demo.client import Api, connected
from deploy.demo.journey import Journey, Size
from deploy.demo.province import files
from deploy.demo.show import Show
from deploy.demo.stages import collect, draw, inspect, match, prepare, report
from deploy.local.home import Home

SEED = 2024_215
FIRST_DAY = date(2024, 8, 1)


async def run(urls: Mapping[str, str], home: Home, output: Path, scale: int, show: Show) -> Journey:
    """Live through the campaign on the services at `urls`; files go to `output`."""
    made = province.generate(SEED, scale)
    with tempfile.TemporaryDirectory() as directory:
        written = files.write(made, Path(directory))
        async with connected(urls, home, SEED) as api:
            journey = Journey(api, _agenda(api, show), show, made, written, output, Size(scale))
            await _live(journey)
            journey.figures["requests"] = api.calls
    return journey


def _agenda(api: Api, show: Show) -> Agenda:
    return Agenda(api.move_clock, FIRST_DAY, show.reached)


async def _live(journey: Journey) -> None:
    await prepare.prepare(journey)
    await draw.draw(journey)
    await match.match(journey)
    visits = await inspect.plan(journey)
    report.plan(journey)
    await journey.agenda.run()
    await collect.collect(journey, visits)
    journey.verdicts = verify.draws(journey.output / "draws") + verify.dates(journey.output / "deadlines")

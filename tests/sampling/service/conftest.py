import pytest

from shared.testing.world import World
from tests.sampling.service.province import Stage, province


@pytest.fixture
async def stage(world: World) -> Stage:
    """A province of eighteen organisations in two cities, a published campaign, eight inspectors a city."""
    await world.publish(*province())
    opened = Stage(world)
    await opened.campaign_published()
    await opened.staff("3501")
    await opened.staff("3502")
    return opened

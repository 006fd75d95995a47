"""A reporting service whose replica holds a whole small campaign."""

import pytest

from shared.testing.world import World
from tests.reporting.story import whole_story


@pytest.fixture
async def replicated(world: World) -> World:
    world.on("2024-09-02")
    await world.publish(*whole_story())
    world.on("2024-10-25")
    return world

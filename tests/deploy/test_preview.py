"""`ccc calendar preview` at an installation reached by address: the deadlines of every service that it would move."""

import json
from datetime import date
from pathlib import Path

from deploy import SERVICES
from shared.testing.world import Issuer, World
from shared.vocabulary import Role
from tests.deploy.reached import Away, reachable
from tests.shared.deadline_records.records import a_case
from tests.shared.deadline_records.test_calendars import with_a_day_off


async def test_a_preview_asks_every_service_and_names_the_days(tmp_path: Path, world: World, issuer: Issuer) -> None:
    away, token = Away(tmp_path), issuer.token(Role.PROV_ADMIN, "35", "planner")
    world.on("2024-09-09")
    await a_case(world)
    async with reachable(world, *SERVICES) as urls:
        file = away.file("calendar.json", json.dumps(with_a_day_off(date(2024, 9, 24))))
        proposed = await away.ccc("calendar", "propose", str(file), "--url", urls["registry"], "--token", token)
        assert proposed.code == 0, proposed.err
        await world.settle()
        addresses = "".join(f'{name} = "{url}"\n' for name, url in urls.items())
        away.file("ccc/planner.token", token)
        away.profiles(
            f'[profiles.all]\nauth = {{kind = "token", token_file = "planner.token"}}\n[profiles.all.urls]\n{addresses}'
        )
        done = await away.ccc("calendar", "preview", "2026.2", "--profile", "all", "--json")
    assert done.code == 0, done.err
    (move,) = json.loads(done.out)
    assert (move["service"], move["deadline"], move["due"], move["new"]) == ("cases", "K05", "2024-09-30", "2024-10-08")
    assert move["reason"] == "2024-09-24"

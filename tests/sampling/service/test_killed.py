"""SIGKILL at every step of the ceremony, before its commit and after it: each step has one effect, and the draw can go on."""

from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from shared.core.clock import TestClock
from shared.testing.world import Issuer
from tests.sampling.service.killing import Ceremony, ceremony
from tests.sampling.service.province import Stage
from tests.sampling.service.verifier import verified


async def step(running: Ceremony, path: str, body: Any, who: dict[str, Any]) -> Any:
    await running.killed_before_commit(path, body, who)
    return (await running.killed_after_commit(path, body, who)).json()


async def test_a_process_killed_at_any_step_leaves_a_draw_that_goes_on_with_one_effect_of_each(
    stage: Stage, postgres: URL, issuer: Issuer, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    TestClock(clock).set(stage.world.clock.now())
    async with ceremony(stage.world.sampling.database.writing.url, postgres, clock, issuer) as running:
        draw = await step(running, "/v1/draws", {"campaign_id": stage.campaign, "kind": "object"}, stage.lead)
        path = f"/v1/draws/{draw['id']}"
        await step(running, f"{path}/freeze", None, stage.lead)
        sealed = await step(running, f"{path}/seal", None, stage.lead)
        await step(running, f"{path}/contributions", {"source": "witness", "value": "1"}, stage.watch)
        executed = await step(running, f"{path}/execute", None, stage.lead)
        assert executed["commitment_digest"] == sealed["commitment_digest"]
        await step(running, f"{path}/abort-request", {"ground": "名录有误"}, stage.second)
        await step(running, f"{path}/abort", None, stage.watch)
        again = await step(running, f"{path}/redraw", None, stage.lead)
        assert (again["attempt"], again["supersedes"]) == (2, draw["id"])
        path = f"/v1/draws/{again['id']}"
        await stage.post(f"{path}/freeze", **stage.lead)
        await stage.post(f"{path}/seal", **stage.lead)
        await stage.post(f"{path}/contributions", {"source": "witness", "value": "2"}, **stage.watch)
        await stage.post(f"{path}/execute", **stage.second)
        await step(running, f"{path}/release", None, stage.lead)
    ledger = await stage.get("/v1/ledger")
    assert [entry["kind"] for entry in ledger["entries"]] == [
        *("seal", "contribution", "execution", "supersession"),
        *("seal", "contribution", "execution", "release"),
    ]
    assert len(await stage.assignments()) == 8
    for one in (draw["id"], again["id"]):
        verified(await stage.get(f"/v1/draws/{one}/transcript", **stage.watch), tmp_path, ledger)

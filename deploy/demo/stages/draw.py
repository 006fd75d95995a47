"""The province draws the objects: plan, freeze, a refused seal, seal, witness, execution, release under embargo."""

from typing import Any

from deploy.cli.credentials import Person
from deploy.demo import cast
from deploy.demo.journey import Journey, Record
from deploy.demo.province.reference import local
from shared.core.province import province

WITNESSES = [{"source": "witness", "kind": "witness", "person": cast.WITNESS.subject}]


async def draw(journey: Journey) -> None:
    """From the campaign's draft to the lists of the cities."""
    await _publish_campaign(journey)
    await _know_all_objects(journey)
    draw_id = await _plan(journey)
    await _raise_sample(journey, draw_id)
    await _execute(journey, draw_id)
    await _release(journey, draw_id)


async def _publish_campaign(journey: Journey) -> None:
    line = journey.show.line("campaign 专项检查")
    line.expect(3)
    await journey.reach(journey.timeline.day(1), 9)
    campaign = await journey.api.post("sampling", "/v1/campaigns", cast.PLANNER, _parameters(journey))
    journey.campaign = campaign["id"]
    line.done()
    await journey.reach(journey.timeline.day(2), 9)
    for number, (act, person) in enumerate((("approval", cast.APPROVER), ("publication", cast.PLANNER))):
        await journey.reach(journey.timeline.day(2), 10 + number)
        await journey.api.post("sampling", f"/v1/campaigns/{journey.campaign}/{act}", person)
        line.done()
    special = ", ".join(str(province().division(code)["name_en"]) for code in province().special_units)
    journey.note(f"campaign published, {special} takes part", campaign["document_no"])


def _parameters(journey: Journey) -> Record:
    return {
        "code": journey.timeline.code,
        "planned_sample": journey.size.planned,
        "minimum_ratio": list(journey.size.ratio),
        "floor": journey.size.floor,
        "participating_cities": list(province().cities),
        "embargo_until": str(journey.timeline.embargo_until),
    }


async def _know_all_objects(journey: Journey) -> None:
    """Sampling knows organisations and certificates from the registry's events alone."""
    line, expected = journey.show.line("object library 对象库"), journey.size.scale
    line.expect(expected)
    reached = 0

    async def known() -> bool:
        nonlocal reached
        counts = await journey.api.get("sampling", "/v1/objects/counts", cast.PLANNER)
        line.done(min(counts["organisations"], expected) - reached)
        reached = min(counts["organisations"], expected)
        return bool(counts["organisations"] >= expected and counts["certificates"] >= len(journey.province.certificates))

    await journey.wait("all certified organisations in the object library", known, len(journey.province.certificates))


async def _plan(journey: Journey) -> str:
    await journey.reach(journey.timeline.day(3), 9)
    plan = {"campaign_id": journey.campaign, "kind": "object", "snapshot_on": str(journey.today()), "sources": WITNESSES}
    planned = await journey.api.post("sampling", "/v1/draws", cast.PLANNER, plan)
    draw_id: str = planned["id"]
    await act(journey, draw_id, "freeze", cast.SEALER)
    return draw_id


async def _raise_sample(journey: Journey, draw_id: str) -> None:
    """A tenth of the frame is more than was planned: the seal is refused until an approver raises the number."""
    sealing = journey.api.post("sampling", f"/v1/draws/{draw_id}/seal", cast.SEALER, {})
    refused = await journey.rejection(sealing, "minimum-sample")
    await journey.reach(journey.timeline.day(4), 9)
    raised = {"sample_size": journey.size.required}
    await act(journey, draw_id, "sample-size", cast.APPROVER, raised)
    trace = f"planned {journey.size.planned}, required {journey.size.required}: {refused.code}, then raised"
    journey.note("seal refused until an approver raised the sample", trace)


async def _execute(journey: Journey, draw_id: str) -> None:
    await journey.reach(journey.timeline.day(4), 10)
    sealed = await act(journey, draw_id, "seal", cast.SEALER)
    await journey.reach(journey.timeline.day(5), 9)
    await act(journey, draw_id, "contributions", cast.WITNESS, {"source": "witness", "value": _witnessed(journey)})
    await journey.reach(journey.timeline.day(5), 10)
    await act(journey, draw_id, "execute", cast.DRAWER)
    journey.draws.append(draw_id)
    journey.note("objects drawn by the protocol, after a witness's value", f"commitment {sealed['commitment_digest'][:16]}…")


async def _release(journey: Journey, draw_id: str) -> None:
    await journey.reach(journey.timeline.day(6), 9)
    await act(journey, draw_id, "release", cast.PLANNER, {"audience": "entitled"})
    drawn = len(await journey.selected(draw_id))
    journey.figures["objects drawn"] = drawn
    journey.note("lists released to the cities under embargo", f"{drawn} objects, embargo until {journey.timeline.embargo_until}")


def _witnessed(journey: Journey) -> str:
    """What the witness says: words of the place, and the year in Chinese digits."""
    return str(local()["witness"]) + "".join("〇一二三四五六七八九"[int(digit)] for digit in str(journey.timeline.year))


async def act(journey: Journey, draw_id: str, step: str, by: Person, body: Record | None = None) -> Any:
    """One step of a draw."""
    line = journey.show.line("draws 抽取")
    line.expect(1)
    answer = await journey.api.post("sampling", f"/v1/draws/{draw_id}/{step}", by, body)
    line.done()
    return answer

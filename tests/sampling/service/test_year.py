"""A campaign of another year: its own notice, its own failed samplings, and what was planned once stays as it was."""

from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter

from services.sampling.rules import reference_data
from shared.core.ids import new_id
from shared.events.registry import SamplingFailureRecorded
from shared.testing.world import World
from shared.vocabulary import ObjectKind, SelectionBasis
from tests.sampling.service.province import Stage, province, uscc


def failed(year: int, number: int, level: str | None = None) -> SamplingFailureRecorded:
    return SamplingFailureRecorded(
        failure_id=new_id(),
        year=year,
        uscc=uscc("3501", number),
        name="x",
        kind=ObjectKind.CERTIFIED_ORG,
        product_name="x",
        product_category_code=None,
        failed_on=None,
        level=level,
    )


async def opened(world: World, day: str, **changes: Any) -> Stage:
    world.on(day)
    await world.publish(*province(), failed(2023, 3), failed(2024, 4))
    stage = Stage(world)
    await stage.campaign_published(**changes)
    return stage


@pytest.mark.parametrize(
    ("year", "who", "rules"), [(2024, 3, "campaign_2024_215"), (2025, 4, "campaign_2025")], ids=["2024", "2025"]
)
async def test_the_failed_samplings_of_the_year_before_form_the_stratum_of_the_campaign(
    world: World, year: int, who: int, rules: str
) -> None:
    changes = {"code": f"CCC-{year}-1", "embargo_until": f"{year}-12-01"}
    stage = await opened(world, f"{year}-08-05", **changes)
    campaign = await stage.get(f"/v1/campaigns/{stage.campaign}", **stage.lead)
    assert (campaign["window_from"], campaign["plan"]["ruleset"]["code"]) == (f"{year}-08-01", rules)
    assert campaign["plan"]["failed_sampling"] == {"stratum": f"FAILED_{year - 1}", "years": [year - 1], "levels": []}
    draw = await stage.released()
    (one,) = [one for one in await stage.assignments() if one["basis"] == "targeted_failed_sampling"]
    assert one["uscc"] == uscc("3501", who)
    document = await stage.get(f"/v1/draws/{draw}/transcript", **stage.watch)
    strata = {entry["stratum"].split("/")[1] for entry in document["frame"]}
    assert {name for name in strata if name.startswith("FAILED")} == {f"FAILED_{year - 1}"}


async def test_a_later_notice_changes_nothing_of_a_campaign_that_was_planned(world: World) -> None:
    stage = await opened(world, "2024-08-05")
    before = await stage.get(f"/v1/campaigns/{stage.campaign}", **stage.lead)
    world.on("2025-08-05")
    await stage.released()
    assert await stage.get(f"/v1/campaigns/{stage.campaign}", **stage.lead) == before
    (one,) = [one for one in await stage.assignments() if one["basis"] == "targeted_failed_sampling"]
    assert one["uscc"] == uscc("3501", 3)


async def test_the_province_names_the_years_and_the_stratum_itself(world: World) -> None:
    both = {"stratum": "FAILED_TWICE", "years": [2023, 2024]}
    stage = await opened(world, "2025-08-05", failed_sampling=both, multipliers={"FAILED_TWICE": 2}, embargo_until="2025-12-01")
    await stage.released()
    targeted = {one["uscc"] for one in await stage.assignments() if one["basis"] == "targeted_failed_sampling"}
    assert targeted == {uscc("3501", 3), uscc("3501", 4)}


async def test_only_samplings_of_the_named_levels_count_and_none_of_an_unknown_one(world: World) -> None:
    levels = {"stratum": "FAILED_2024", "years": [2024], "levels": ["省级监督抽查"]}
    await world.publish(failed(2024, 5, "省级监督抽查"), failed(2024, 6, "国家监督抽查"))
    stage = await opened(world, "2025-08-05", failed_sampling=levels, embargo_until="2025-12-01")
    await stage.released()
    targeted = {one["uscc"] for one in await stage.assignments() if one["basis"] == "targeted_failed_sampling"}
    assert targeted == {uscc("3501", 5)}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"multipliers": {"FAILED_2023": 2}}, "/"),
        ({"failed_sampling": {"stratum": "FIRE", "years": [2024]}}, "/"),
        ({"failed_sampling": {"stratum": "FAILED", "years": []}}, "/failed_sampling/years"),
        ({"minimum_ratio": [3, 2]}, "/"),
        ({"interim_cutoff_on": "2024-10-25"}, "/"),
    ],
)
async def test_parameters_that_do_not_fit_the_notice_of_the_day_are_refused(world: World, body: Any, pointer: str) -> None:
    world.on("2025-08-05")
    stage = Stage(world)
    refused = await stage.post("/v1/campaigns", {"code": "CCC-2025-1"} | body, expect=422, **stage.lead)
    assert (refused["code"], [one["pointer"] for one in refused["errors"]]) == ("invalid-request", [pointer])


def test_the_newest_notice_in_force_holds_and_a_province_without_one_is_not_served() -> None:
    assert reference_data.ruleset("35", date(2024, 12, 31)).code == "campaign_2024_215"
    assert reference_data.ruleset("35", date(2026, 6, 1)).code == "campaign_2025"
    assert reference_data.ruleset("44", date(2023, 1, 1)).code == "campaign_2024_44"
    assert reference_data.ruleset("44", date(2025, 1, 1)).parameters["team_size"] == 2
    with pytest.raises(LookupError, match="99"):
        reference_data.ruleset("99", date(2025, 1, 1))


def test_an_event_that_still_names_the_year_is_read() -> None:
    basis = TypeAdapter(SelectionBasis).validate_json
    assert basis('"targeted_2023_failed"') is SelectionBasis.TARGETED_FAILED_SAMPLING
    for unknown in ('"targeted_failed"', '"targeted_20x3_failed"', "7"):
        with pytest.raises(ValueError, match="Input should be"):
            basis(unknown)

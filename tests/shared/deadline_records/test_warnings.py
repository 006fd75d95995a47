"""Each warning is published once, in order, whatever the clock does; what is overdue concerns the superior organisation."""

from datetime import timedelta
from uuid import UUID

import pytest

from shared.database.session import transaction
from shared.deadline_records.sweep import sweep
from shared.testing.world import World
from shared.vocabulary import DeadlineState
from tests.cases.acting import LEAD, OFFICER
from tests.shared.deadline_records.records import a_case, published, record, rows, thresholds

ALL = ["50%", "80%", "1wd", "due", "overdue"]


@pytest.fixture
def services() -> tuple[str, ...]:
    return ("cases",)


async def test_each_threshold_is_published_at_its_instant_and_once(world: World) -> None:
    world.on("2024-09-09")
    await a_case(world)
    deadline = await record(world.cases.database, "K05")
    assert deadline["warning_thresholds"] == ALL
    for count, at in enumerate(deadline["warn_at"], start=1):
        world.clock.set(at - timedelta(seconds=1))
        await world.pass_time()
        assert await thresholds(world.cases.database, deadline["id"]) == ALL[: count - 1]
        world.clock.set(at)
        await world.pass_time()
        await world.pass_time()
        assert await thresholds(world.cases.database, deadline["id"]) == ALL[:count]
    assert (await record(world.cases.database, "K05"))["state"] == DeadlineState.OVERDUE


async def test_a_clock_that_jumps_publishes_all_that_was_missed_in_order(world: World) -> None:
    world.on("2024-09-09")
    await a_case(world)
    deadline = await record(world.cases.database, "K05")
    world.on("2024-12-01")
    await world.pass_time()
    assert await thresholds(world.cases.database, deadline["id"]) == ALL
    (event,) = await published(world.cases.database)
    assert (event["office"], event["superior"]) == ("3501", "35")
    instants = [row["at"] for row in event["deadlines"]]
    assert instants == sorted(instants)
    query = """SELECT content ->> 'threshold' AS threshold FROM deadline_history
               WHERE deadline_id = $1 AND act = 'warned' ORDER BY id"""
    assert [row["threshold"] for row in await rows(world.cases.database, query, deadline["id"])] == ALL


async def test_an_act_that_comes_before_the_scheduler_publishes_first_what_was_missed(world: World) -> None:
    world.on("2024-09-09")
    case = await a_case(world)
    deadline = await record(world.cases.database, "K05")
    world.on("2024-10-08")
    await case.must("non-filing", LEAD, {"ground": "minor", "explanation": "轻微"})
    assert await thresholds(world.cases.database, deadline["id"]) == ALL
    met = await record(world.cases.database, "K05")
    assert (met["state"], met["late"], met["next_at"]) == (DeadlineState.MET, True, None)
    ((closing,),) = [event["deadlines"] for event in await published(world.cases.database, "OverdueDeadlinesClosed")]
    assert (closing["code"], closing["state"]) == ("K05", "met")
    await world.pass_time()
    assert await thresholds(world.cases.database, deadline["id"]) == ALL


async def test_what_is_done_in_time_is_not_published_as_overdue(world: World) -> None:
    world.on("2024-09-09")
    case = await a_case(world)
    deadline = await record(world.cases.database, "K05")
    world.on("2024-09-27")
    await case.must("non-filing", LEAD, {"ground": "minor", "explanation": "轻微"})
    world.on("2024-12-01")
    await world.pass_time()
    assert await thresholds(world.cases.database, deadline["id"]) == ["50%", "80%"]
    assert not (await record(world.cases.database, "K05"))["late"]


async def test_a_sweep_that_fails_before_its_commit_has_published_nothing_and_removed_nothing(world: World) -> None:
    world.on("2024-09-09")
    await a_case(world)
    deadline = await record(world.cases.database, "K05")
    world.on("2024-12-01")

    async def dies() -> None:
        async with transaction(world.cases.database) as session:
            assert await sweep(session)
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await dies()
    assert await thresholds(world.cases.database, deadline["id"]) == []
    await world.pass_time()
    assert await thresholds(world.cases.database, deadline["id"]) == ALL


async def test_a_second_process_leaves_alone_what_another_is_processing(world: World) -> None:
    world.on("2024-09-09")
    await a_case(world)
    world.on("2024-12-01")
    async with transaction(world.cases.database) as first:
        assert await sweep(first)
        async with transaction(world.cases.database) as second:
            assert await sweep(second) == 0


async def test_the_history_rejects_every_change(world: World) -> None:
    world.on("2024-09-09")
    await a_case(world)
    for statement in ("UPDATE deadline_history SET act = 'x'", "DELETE FROM deadline_history"):
        with pytest.raises(Exception, match=r"append-only|permission denied"):
            await rows(world.cases.database, statement)


async def test_an_unpaid_fine_begins_to_grow_by_itself(world: World) -> None:
    world.on("2024-09-09")
    case = await a_case(world)
    await case.until("")
    await case.must("service", OFFICER, {"receipt": "送达回证", "method": "direct"})
    payment = await record(world.cases.database, "K17")
    world.clock.set(payment["overdue_from"])
    await world.pass_time()
    surcharge = await record(world.cases.database, "K18")
    assert (surcharge["state"], surcharge["trigger"]) == (DeadlineState.RUNNING, payment["due_on"].isoformat())
    history = (await case.client.get(f"{case.path}/history", as_=OFFICER, org="3501")).json()
    assert history[-1]["event"] == "surcharge_begun"
    assert UUID(history[-1]["content"]["deadline_id"]) == payment["id"]

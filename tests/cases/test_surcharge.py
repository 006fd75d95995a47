"""The surcharge on a fine: 3 % a day after the last day of payment, up to the fine, not in review or suit, until it is paid."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.cases.rules.surcharge import remedy_pauses, surcharge_of
from shared.database.session import driver, transaction
from shared.deadlines import Pause
from shared.testing.world import World
from shared.vocabulary import Role
from tests.cases.acting import DECISION, LEAD, NOTICE, OFFICER, Acting, the_case
from tests.cases.builders import a_finding

DUE = date(2024, 9, 24)
"""Fifteen days after the service on 9 September."""
FEN = 5_000_000
DOCUMENT = {"document": "受理通知书〔2024〕1号"}


@pytest.fixture
async def case(world: World) -> Acting:
    """A case decided and served on 9 September, with a fine of 50,000 yuan."""
    case = await new_case(world)
    await case.until("")
    await case.must("service", OFFICER, {"receipt": "送达回证", "method": "direct"})
    return case


async def surcharge(case: Acting, query: str = "", **how: Any) -> dict[str, Any]:
    answer = await case.client.get(f"{case.path}/surcharge{query}", **({"as_": OFFICER, "org": "3501"} | how))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_it_grows_by_three_per_cent_a_day_from_the_day_after_the_last_day_of_payment_up_to_the_fine(case: Acting) -> None:
    expected = {DUE: (0, 0, False), DUE + timedelta(1): (1, 150_000, False), DUE + timedelta(33): (33, 4_950_000, False)}
    expected |= {DUE + timedelta(34): (34, FEN, True), DUE + timedelta(500): (500, FEN, True), date(2024, 9, 10): (0, 0, False)}
    for day, result in expected.items():
        owed = await surcharge(case, f"?on={day}")
        assert (owed["days"], owed["surcharge_fen"], owed["capped"]) == result, day
        assert (owed["on"], owed["fine_fen"], owed["due_on"], owed["paid_on"]) == (str(day), FEN, str(DUE), None)
        assert owed["rule"] == "K18@2022-09-29"


async def test_without_a_day_it_is_that_of_today(world: World, case: Acting) -> None:
    world.on("2024-09-27")
    owed = await surcharge(case)
    assert (owed["on"], owed["days"], owed["surcharge_fen"]) == ("2024-09-27", 3, 450_000)


async def test_it_rests_during_review_even_one_that_began_before_the_last_day_of_payment(world: World, case: Acting) -> None:
    world.on("2024-09-20")
    await case.must("acts/apply_for_review", OFFICER, DOCUMENT)
    assert (await surcharge(case, "?on=2024-12-31"))["surcharge_fen"] == 0
    world.on("2024-10-08")
    await case.must("acts/conclude_remedy", OFFICER, DOCUMENT)
    assert (await surcharge(case, "?on=2024-10-07"))["days"] == 0
    assert (await surcharge(case, "?on=2024-10-09"))["days"] == 2


async def test_a_deferral_moves_its_first_day(case: Acting) -> None:
    later = {"approver": "agency_head", "document": "延期缴纳审批表", "until": "2024-12-02"}
    await case.must("deadlines/K17/extension", LEAD, later)
    owed = await surcharge(case, "?on=2024-12-03")
    assert (owed["due_on"], owed["days"], owed["surcharge_fen"]) == ("2024-12-02", 1, 150_000)


async def test_it_ends_with_the_payment_of_the_whole(world: World, case: Acting) -> None:
    await case.must("publication", OFFICER, {"platform": "国家企业信用信息公示系统"})
    await case.must("execution", OFFICER)
    await case.must("payment", OFFICER, {"amount_fen": 1})
    world.on("2024-09-26")
    assert (await surcharge(case))["surcharge_fen"] == 300_000
    await case.must("payment", OFFICER, {"amount_fen": FEN - 1})
    owed = await surcharge(case, "?on=2024-11-30")
    assert (owed["on"], owed["paid_on"], owed["surcharge_fen"]) == ("2024-09-26", "2024-09-26", 300_000)


async def no_fine_owed(case: Acting) -> bool:
    answer = await case.client.get(f"{case.path}/surcharge", as_=OFFICER, org="3501")
    return (answer.status_code, answer.json().get("code")) == (409, "no-fine-owed")


async def new_case(world: World, **finding: Any) -> Acting:
    world.on("2024-09-09")
    event = a_finding(**finding)
    await world.publish(event)
    return await the_case(world, event.finding_id)


async def test_before_the_decision_is_served_no_fine_is_owed(world: World) -> None:
    case = await new_case(world)
    await case.until("decision")
    assert await no_fine_owed(case)
    await case.must("decision", LEAD, DECISION)
    assert await no_fine_owed(case)
    await case.must("service", OFFICER, {"receipt": "送达回证", "method": "direct"})
    assert not await no_fine_owed(case)


async def test_a_fine_whose_payment_was_waived_is_not_owed(case: Acting) -> None:
    head: dict[str, Any] = {"as_": LEAD, "org": "3501"}
    deadlines = (await case.client.get("/v1/deadlines?code=K17", **head)).json()["items"]
    waiver = {"ground": "法院裁定终结执行", "document": "裁定书〔2024〕1号"}
    waived = await case.client.post(f"/v1/deadlines/{deadlines[0]['id']}/waiver", waiver, **head)
    assert waived.json()["state"] == "waived"
    assert await no_fine_owed(case)


async def test_a_decision_without_a_fine_bears_no_surcharge(world: World) -> None:
    case = await new_case(world, violation_type="SAMPLING_NOT_RECTIFIED")
    criticism = [{"kind": "criticism", "amount_fen": None}]
    await case.until("notice")
    await case.must("notice", OFFICER, NOTICE | {"penalties": criticism})
    await case.must("rights-conclusion", OFFICER, {"waived": True})
    await case.must("decision", LEAD, DECISION | {"penalties": criticism})
    await case.must("service", OFFICER, {"receipt": "送达回证", "method": "direct"})
    assert await no_fine_owed(case)


async def test_it_is_read_within_the_jurisdiction_and_the_reading_is_audited(world: World, case: Acting) -> None:
    await surcharge(case, "?on=2024-10-01", as_=Role.AUDITOR, org="35")
    for role, org in ((OFFICER, "3502"), (LEAD, "3502")):
        assert (await case.client.get(f"{case.path}/surcharge", as_=role, org=org)).status_code == 404
    assert (await case.client.get(f"{case.path}/surcharge", as_=Role.OBJECT_CONTACT)).status_code == 403
    async with transaction(world.cases.database) as session:
        rows = await (await driver(session)).fetch(
            "SELECT object_id, details::text FROM audit_log WHERE action = 'surcharge.read'"
        )
    assert [row["object_id"] for row in rows] == [case.path.rpartition("/")[2]]
    assert "2024-10-01" in rows[0]["details"]


def test_review_and_suit_that_overlap_count_once_and_one_concluded_at_once_not_at_all() -> None:
    steps = [("apply_for_review", date(2024, 9, 26)), ("sue", date(2024, 9, 28)), ("conclude_remedy", date(2024, 10, 1))]
    assert remedy_pauses(steps, DUE) == [
        Pause(date(2024, 9, 26), date(2024, 9, 30), "review"),
        Pause(date(2024, 9, 28), date(2024, 9, 30), "litigation"),
    ]
    assert surcharge_of(10_000, DUE, date(2024, 10, 1), steps)[:2] == (2, 600)
    assert remedy_pauses([("sue", DUE), ("conclude_remedy", DUE)], DUE) == []
    assert remedy_pauses([("sue", date(2024, 9, 1)), ("conclude_remedy", date(2024, 9, 20))], DUE) == []

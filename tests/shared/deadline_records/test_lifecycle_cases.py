"""Every deadline of a case and of a criminal transfer: opened by its act, warned of, over, with its consequence."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from shared.testing.world import World
from tests.cases.acting import FINE, HANDLERS, LEAD, NOTICE, OFFICER, POLICE, Acting, only
from tests.cases.builders import a_forged_mark
from tests.shared.deadline_records.lifecycle import reaches_its_end
from tests.shared.deadline_records.records import a_case, record

BODY = {"document": "文书〔2024〕1号"}
Opening = Callable[[Acting], Awaitable[object]]


@pytest.fixture
def services() -> tuple[str, ...]:
    return ("cases",)


def acts(*nouns: str, after: str = "investigation-end") -> Opening:
    """Acts on record, one after the other, once the case has come to the step before `after`."""

    async def opening(case: Acting) -> None:
        await case.until(after)
        for noun in nouns:
            head = noun in {"dispute_jurisdiction", "refer_jurisdiction", "change_decision"}
            await case.must(f"acts/{noun}", LEAD if head else OFFICER, BODY)

    return opening


def until(step: str) -> Opening:
    return lambda case: case.until(step)


async def informed(case: Acting) -> None:
    await case.must("non-filing", LEAD, {"ground": "minor", "explanation": "轻微", "named_informant": True})


async def served(case: Acting, **how: Any) -> None:
    await case.until("")
    await case.must("service", OFFICER, {"receipt": "送达回证", "method": "direct"} | how)


async def sent_across(case: Acting) -> None:
    await served(case, cross_province=True)


async def received_across(case: Acting) -> None:
    await sent_across(case)
    await case.must("acts/send_penalty_data", OFFICER, BODY)


async def published(case: Acting) -> None:
    await served(case)
    await case.must("publication", OFFICER, {"platform": "国家企业信用信息公示系统"})


async def changed(case: Acting) -> None:
    await published(case)
    await case.must("acts/change_decision", LEAD, BODY)


async def demanded(case: Acting) -> None:
    await published(case)
    await case.must("execution", OFFICER)
    await case.must("acts/demand_performance", OFFICER, BODY)


async def closed(case: Acting) -> None:
    await published(case)
    await case.must("execution", OFFICER)
    await case.must("payment", OFFICER, {"amount_fen": FINE["amount_fen"]})
    await case.must("closure", LEAD)


async def on_the_spot(case: Acting) -> None:
    small = {"penalties": [{"kind": "fine", "amount_fen": 200_000}], "explanation": "当场处罚"}
    await case.must("on-the-spot-decision", OFFICER, small)


OPENED: dict[str, Opening] = {
    "K05": until("verification"),
    "K06": informed,
    "K07": acts("dispute_jurisdiction"),
    "K07/superior": acts("dispute_jurisdiction", "refer_jurisdiction"),
    "K08": acts("take_urgent_measure"),
    "K09": acts("preserve"),
    "K10": acts("seize"),
    "K11": acts("ask_assistance"),
    "K12": until("review"),
    "K13": until("rights-conclusion"),
    "K15": until("investigation"),
    "K16": until(""),
    "K16/public_notice": acts("announce_service", after=""),
    "K17": served,
    "K19": demanded,
    "K19/court": demanded,
    "K20": closed,
    "K21": served,
    "K21/cross_send": sent_across,
    "K21/cross_publish": received_across,
    "K22": changed,
    "K23": published,
    "K24": on_the_spot,
    "K33": until("verification"),
    "K33/harm": acts("establish_harm", after="verification"),
    "K35": served,
    "K35/suit": served,
}
SENT = {
    "materials": ["transfer_letter", "investigation_report", "goods_list"],
    "procuratorate_copied": True,
    "police": "福州市公安局",
}
DECLINED = {"document": "不予立案通知书", "ground": "证据不足"}
TRANSFER: list[tuple[str, Any, Any, tuple[str, ...]]] = [
    ("team", OFFICER, {"members": HANDLERS}, ()),
    ("report", OFFICER, {"report": "移送报告"}, ("K25",)),
    ("approval", LEAD, {}, ("K26",)),
    ("sending", OFFICER, SENT, ("K27", "K28")),
    ("acceptance", POLICE, {"receipt": "回执"}, ()),
    ("police-rejection", POLICE, DECLINED, ("K29",)),
    ("reconsideration", OFFICER, {}, ("K29/answer",)),
    ("police-rejection", POLICE, DECLINED, ("K29/procuratorate",)),
    ("procuratorate-advice", OFFICER, {}, ()),
    ("police-filing", POLICE, {"document": "立案决定书"}, ("K30",)),
]
OF_TRANSFERS = [code for *_, codes in TRANSFER for code in codes]


@pytest.mark.parametrize("code", OPENED)
async def test_a_deadline_of_a_case_runs_from_its_act_to_its_consequence(world: World, code: str) -> None:
    world.on("2024-09-09")
    case = await a_case(world)
    await OPENED[code](case)
    await reaches_its_end(world, world.cases, code)


@pytest.mark.parametrize("code", OF_TRANSFERS)
async def test_a_deadline_of_a_transfer_runs_from_its_act_to_its_consequence(world: World, code: str) -> None:
    world.on("2024-09-09")
    await world.publish(a_forged_mark())
    found = await only(world, "/v1/criminal-transfers")
    transfer = Acting(world.cases, f"/v1/criminal-transfers/{found['id']}")
    for noun, role, body, codes in TRANSFER:
        await transfer.must(noun, role, body)
        if code in codes:
            break
    await reaches_its_end(world, world.cases, code)


async def test_the_surcharge_grows_to_its_cap(world: World) -> None:
    world.on("2024-09-09")
    await served(await a_case(world))
    world.clock.set((await record(world.cases.database, "K17"))["overdue_from"])
    await world.pass_time()
    await reaches_its_end(world, world.cases, "K18")


async def test_a_hearing_announced_too_late_is_put_off_and_one_in_time_meets_its_deadline(world: World) -> None:
    world.on("2024-09-09")
    case = await a_case(world)
    await case.until("notice")
    heavy = [FINE | {"amount_fen": 12_000_000}]
    await case.must("notice", OFFICER, NOTICE | {"penalties": heavy, "hearing_right_notified": True})
    await case.must("hearing", OFFICER, {"request": "要求听证"})
    late = await case("hearing-notice", OFFICER, {"held_on": "2024-09-18", "place": "市局"})
    assert late.json()["guard"] == "hearing_notice_in_time"
    await case.must("hearing-notice", OFFICER, {"held_on": "2024-09-25", "place": "市局"})
    met = await record(world.cases.database, "K14")
    assert (met["state"], met["late"], str(met["due_on"])) == ("met", False, "2024-09-13")


async def test_mere_criticism_is_public_for_three_months(world: World) -> None:
    world.on("2024-09-09")
    case = await a_case(world, violation_type="SAMPLING_NOT_RECTIFIED")
    criticism = [{"kind": "criticism", "amount_fen": None}]
    await case.until("notice")
    await case.must("notice", OFFICER, NOTICE | {"penalties": criticism})
    await case.must("rights-conclusion", OFFICER, {"waived": True})
    decision = {
        "outcome": "penalty_decided",
        "decision_no": "榕市监处罚〔2024〕9号",
        "penalties": criticism,
        "explanation": "通报",
    }
    await case.must("decision", LEAD, decision)
    await case.must("service", OFFICER, {"receipt": "送达回证", "method": "direct"})
    await case.must("publication", OFFICER, {"platform": "国家企业信用信息公示系统"})
    await reaches_its_end(world, world.cases, "K23/short")

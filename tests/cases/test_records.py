"""Lists, history and audit: what others can rely on later."""

import pytest
from asyncpg import PostgresError

from shared.database.session import driver, transaction
from shared.testing.world import World
from shared.vocabulary import Role
from tests.cases.acting import LEAD, NOTICE, OFFICER, POLICE, only, the_case
from tests.cases.builders import FUZHOU, a_finding, a_forged_mark


@pytest.mark.parametrize("change", ["UPDATE step SET event = 'x'", "DELETE FROM step", "TRUNCATE step"])
async def test_the_history_of_a_case_cannot_be_rewritten(world: World, change: str) -> None:
    await world.publish(a_finding())
    with pytest.raises(PostgresError):
        async with transaction(world.cases.database) as session:
            await (await driver(session)).execute(change)


async def test_cases_come_in_pages_that_neither_repeat_nor_skip(world: World) -> None:
    for _ in range(5):
        await world.publish(a_finding())
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await world.cases.get(f"/v1/cases?limit=2{cursor}", as_=OFFICER, org="3501")).json()
        seen += [case["clue_no"] for case in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == [f"XS-3501-2024-{number:04d}" for number in range(1, 6)]


async def test_a_party_knows_of_its_case_from_the_notice_on_and_no_more_than_the_notice(world: World) -> None:
    finding, party = a_finding(), {"as_": Role.OBJECT_CONTACT, "org": FUZHOU.uscc}
    await world.publish(finding)
    case = await the_case(world, finding.finding_id)
    await case.until("notice")
    assert (await world.cases.get("/v1/cases", **party)).status_code == 403
    assert (await world.cases.get("/v1/penalty-notices", **party)).json()["items"] == []
    assert (await case("statement", Role.OBJECT_CONTACT, {"text": "x"}, org=FUZHOU.uscc)).json()["code"] == "case-not-found"
    await case.must("notice", OFFICER, NOTICE)
    served = await only(world, "/v1/penalty-notices", **party)
    assert served["notice"]["penalties"] == NOTICE["penalties"]
    assert served.keys() == {"id", "case_no", "office", "state", "notice", "answer_due_on"}
    said = await case.must("statement", Role.OBJECT_CONTACT, {"text": "情节轻微"}, org=FUZHOU.uscc)
    assert said == served | {"state": "statement"}


async def test_a_stranger_neither_reads_nor_answers_a_notice_and_a_statement_is_answered(world: World) -> None:
    finding, stranger = a_finding(), {"as_": Role.OBJECT_CONTACT, "org": "91350200MA00000235"}
    await world.publish(finding)
    case = await the_case(world, finding.finding_id)
    await case.until("rights-conclusion")
    assert (await world.cases.get("/v1/penalty-notices", **stranger)).json()["items"] == []
    assert (await case("statement", Role.OBJECT_CONTACT, {"text": "x"}, org=stranger["org"])).status_code == 404
    await case.must("statement", Role.OBJECT_CONTACT, {"text": "情节轻微"}, org=FUZHOU.uscc)
    assert (await case("rights-conclusion", OFFICER)).json()["guard"] == "statement_answered"
    await case.must("rights-conclusion", OFFICER, {"answer": "不予采纳"})


async def test_who_reads_criminal_transfers_and_who_was_refused_stands_in_the_audit(world: World) -> None:
    await world.publish(a_forged_mark())
    transfer = await only(world, "/v1/criminal-transfers", as_=POLICE, org="3501")
    refused = await world.cases.get(f"/v1/criminal-transfers/{transfer['id']}", as_=LEAD, org="3502")
    assert refused.json()["code"] == "criminal-transfer-not-found"
    audit = (await world.cases.get("/v1/operations/audit", as_=Role.AUDITOR)).json()["items"]
    noted = {(row["action"], row["role"], row["org"]) for row in audit}
    assert ("transfers.listed", "police_liaison", "3501") in noted
    assert ("access.denied", "city_lead", "3502") in noted

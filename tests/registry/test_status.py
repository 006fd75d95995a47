"""Certification bodies report what they did; the status of any day is read from the history."""

from typing import Any

from shared.database.session import reading
from shared.events.registry import CertificateStatusChanged
from shared.testing.world import World
from shared.vocabulary import Role
from tests.registry.sheet_files import NUMBER, code, imported, row

SUSPEND = {
    "change": "suspend",
    "effective_on": "2024-08-03",
    "published_on": "2024-08-03",
    "reason_code": "follow_up_nonconformity",
    "suspend_until": "2024-11-02",
}
RESUME = {"change": "resume", "effective_on": "2024-09-10", "reason_code": "rectified"}
REVOKE = {"change": "revoke", "effective_on": "2024-09-20", "published_on": "2024-09-20", "reason_code": "not_rectified"}


async def report(world: World, *bodies: dict[str, Any], number: str = NUMBER) -> Any:
    for body in bodies:
        how = {"as_": Role.CERT_BODY_CONTACT, "org": "01"}
        answer = await world.registry.post(f"/v1/certificates/{number}/status-events", body, **how)
    return answer


async def supply(world: World, day: str, model: str | None = None) -> tuple[bool, str]:
    params = {"on": day} | ({"model": model} if model else {})
    path = f"/v1/certificates/{NUMBER}/may-supply"
    found = (await world.registry.get(path, as_=Role.CITY_LEAD, org="3501", params=params)).json()
    return found["may_supply"], found["status"]


async def test_what_may_be_supplied_is_answered_for_the_day_asked(world: World) -> None:
    await imported(world, row())
    world.on("2024-09-20")
    assert (await report(world, SUSPEND, RESUME, REVOKE)).status_code == 201
    days = {
        "2022-02-28": (False, None),
        "2024-08-02": (True, "valid"),
        "2024-08-03": (False, "suspended"),
        "2024-09-09": (False, "suspended"),
        "2024-09-10": (True, "valid"),
        "2024-09-20": (False, "revoked"),
        "2027-03-02": (False, "revoked"),
    }
    assert {day: await supply(world, day) for day in days} == days


async def test_a_list_of_a_day_and_the_history_agree(world: World) -> None:
    await imported(world, row())
    world.on("2024-09-20")
    await report(world, SUSPEND, RESUME)
    for day in ("2022-02-28", "2024-08-02", "2024-08-03", "2024-09-10", "2027-03-01", "2027-03-02"):
        listed = (await world.registry.get(f"/v1/certificates?on={day}", as_=Role.PROV_ADMIN)).json()["items"]
        status = (await world.registry.get(f"/v1/certificates/{NUMBER}/status?on={day}", as_=Role.PROV_ADMIN)).json()
        assert [item["status"] for item in listed] == [status["status"]]


async def test_expiry_is_derived(world: World) -> None:
    await imported(world, row())
    assert [await supply(world, day) for day in ("2027-03-01", "2027-03-02")] == [(True, "valid"), (False, "expired")]


async def test_a_model_can_be_suspended_alone(world: World) -> None:
    await imported(world, row())
    await report(world, SUSPEND | {"affected_models": ["A-2"]})
    assert await supply(world, "2024-08-04") == (True, "valid")
    assert await supply(world, "2024-08-04", "A-1") == (True, "valid")
    assert await supply(world, "2024-08-04", "A-2") == (False, "suspended")
    assert await supply(world, "2024-08-04", "Z") == (False, "valid")
    status = (await world.registry.get(f"/v1/certificates/{NUMBER}/status", as_=Role.PROV_ADMIN)).json()
    assert status["affected_models"] == ["A-2"]


async def test_a_renewal_in_its_window_gives_a_new_edition(world: World) -> None:
    await imported(world, row())
    world.on("2027-02-01")
    renewal = {"change": "renew", "effective_on": "2027-02-01", "expires_on": "2032-02-29"}
    assert (await report(world, renewal)).json()["edition"] == "01"
    assert await supply(world, "2032-02-29") == (True, "valid")
    found = (await world.registry.get(f"/v1/certificates/{NUMBER}", as_=Role.PROV_ADMIN)).json()
    assert (found["edition"], found["expires_on"], found["issued_on"]) == ("01", "2032-02-29", "2027-02-01")


async def test_a_renewal_is_not_for_longer_than_the_law_allows(world: World) -> None:
    await imported(world, row())
    world.on("2027-02-01")
    answer = await report(world, {"change": "renew", "effective_on": "2027-02-01", "expires_on": "2042-02-28"})
    assert answer.json()["code"] == "validity-too-long"


async def test_a_change_of_models_does_not_reach_back(world: World) -> None:
    await imported(world, row())
    change = {"change": "change", "effective_on": "2024-08-04", "reason_code": "models_without_safety_change", "models": ["A-1"]}
    await report(world, change)
    assert await supply(world, "2024-08-03", "A-2") == (True, "valid")
    assert await supply(world, "2024-08-04", "A-2") == (False, "valid")


FORBIDDEN: list[tuple[dict[str, Any], str]] = [
    (RESUME | {"effective_on": "2024-08-04"}, "status-transition-forbidden"),
    ({"change": "expire", "effective_on": "2024-08-04"}, "status-transition-forbidden"),
    ({"change": "issue", "effective_on": "2024-08-04"}, "status-transition-forbidden"),
    (SUSPEND | {"suspend_until": None}, "status-event-incomplete"),
    (SUSPEND | {"reason_code": None}, "status-event-incomplete"),
    (SUSPEND | {"reason_code": "fraud"}, "reason-unknown"),
    (SUSPEND | {"suspend_until": "2024-11-04"}, "suspension-too-long"),
    (SUSPEND | {"suspend_until": "2024-08-03"}, "suspension-too-long"),
    (SUSPEND | {"effective_on": "2024-08-06"}, "effective-in-future"),
    (SUSPEND | {"effective_on": "2022-02-01"}, "status-event-out-of-order"),
    (SUSPEND | {"affected_models": ["Z"]}, "models-unknown"),
    ({"change": "change", "effective_on": "2024-08-04", "reason_code": "other", "affected_models": ["A-1"]}, "scope-forbidden"),
    ({"change": "renew", "effective_on": "2024-08-04", "expires_on": "2029-08-04"}, "renewal-window"),
    ({"change": "suspend"}, "invalid-request"),
]


async def test_a_status_event_that_is_not_allowed_is_rejected_and_leaves_no_trace(world: World) -> None:
    await imported(world, row())
    for body, expected in FORBIDDEN:
        assert (await report(world, body)).json()["code"] == expected, body
    history = (await world.registry.get(f"/v1/certificates/{NUMBER}/status-events", as_=Role.PROV_ADMIN)).json()["items"]
    assert [item["change"] for item in history] == ["issue"]


async def test_nothing_follows_a_revocation(world: World) -> None:
    await imported(world, row())
    world.on("2024-10-01")
    cancel = {"change": "cancel", "effective_on": "2024-09-30", "published_on": "2024-09-30", "reason_code": "request"}
    rejected = (await report(world, REVOKE, cancel)).json()
    assert (rejected["code"], rejected["status"], rejected["certificate_status"]) == (
        "status-transition-forbidden",
        409,
        "revoked",
    )


async def test_a_suspension_whose_term_is_over_cannot_be_lifted(world: World) -> None:
    await imported(world, row())
    world.on("2024-11-04")
    answer = await report(world, SUSPEND, RESUME | {"effective_on": "2024-11-03"})
    assert answer.json()["code"] == "status-transition-forbidden"


async def test_another_body_finds_no_such_certificate(world: World) -> None:
    await imported(world, row())
    for org in ("02", "CNCA-R-2002-002", "35"):
        how: dict[str, Any] = {"as_": Role.CERT_BODY_CONTACT, "org": org}
        assert (await world.registry.post(f"/v1/certificates/{NUMBER}/status-events", SUSPEND, **how)).status_code == 404
        assert (await world.registry.get(f"/v1/certificates/{NUMBER}", **how)).status_code == 404


async def test_a_city_does_not_report_status_events(world: World) -> None:
    await imported(world, row())
    how = {"as_": Role.CITY_LEAD, "org": "3501"}
    assert (await world.registry.post(f"/v1/certificates/{NUMBER}/status-events", SUSPEND, **how)).status_code == 403


async def test_a_suspension_is_published_once_with_its_certificate_as_key(world: World) -> None:
    await imported(world, row())
    await report(world, SUSPEND)
    async with reading(world.registry.database) as session:
        query = "SELECT aggregate, sequence, data ->> 'status' FROM outbox WHERE type = 'ccc.registry.CertificateStatusChanged'"
        rows = await (await session.connection()).exec_driver_sql(query)
        assert [tuple(item) for item in rows] == [(NUMBER, 2, "suspended")]


async def declared(world: World, number: str, day: str = "2024-08-01", category: str = "0101") -> Any:
    producer = {"name": "福州模拟电缆有限公司", "uscc": code(1), "division": "350102", "address": "鼓楼区模拟路1号"}
    body = {"declaration_no": number, "declared_on": day, "expires_on": "2034-07-31", "product_category_code": category}
    product = {"product_name": "电线组件", "models": ["A-1"], "producer": producer}
    return await world.registry.post("/v1/self-declarations", body | product, as_=Role.PROV_ADMIN)


async def test_a_certificate_is_converted_to_a_registered_declaration_of_its_product_alone(world: World) -> None:
    await imported(world, row())
    convert = {"change": "convert", "effective_on": "2024-08-04", "reason_code": "self_declared"}
    assert (await report(world, convert)).json()["code"] == "status-event-incomplete"
    assert (await declared(world, "SD-2024-00000002", category="0301")).status_code == 201
    for number in ("SD-2024-00000001", "SD-2024-00000002", NUMBER):
        rejected = (await report(world, convert | {"declaration_no": number})).json()
        assert (rejected["status"], rejected["code"]) == (422, "declaration-unknown"), number
    assert (await declared(world, "SD-2024-00000001")).status_code == 201
    done = (await report(world, convert | {"declaration_no": "SD-2024-00000001"})).json()
    assert (done["status"], done["declaration_no"]) == ("cancelled", "SD-2024-00000001")


async def test_a_revocation_bars_its_producer_from_declaring_the_product_for_six_months(world: World) -> None:
    await imported(world, row())
    world.on("2025-03-21")
    assert (await report(world, SUSPEND, REVOKE)).status_code == 201
    for day in ("2024-09-20", "2025-03-19"):
        rejected = (await declared(world, "SD-2024-00000001", day)).json()
        assert (rejected["status"], rejected["code"], rejected["until"]) == (409, "reapplication-barred", "2025-03-20")
    assert (await declared(world, "SD-2024-00000002", "2024-09-20", category="0301")).status_code == 201
    assert (await declared(world, "SD-2024-00000001", "2025-03-20")).status_code == 201


def test_events_published_under_the_earlier_field_name_can_still_be_replayed() -> None:
    earlier: dict[str, Any] = {
        "certificate_no": "2024010101000001",
        "status": "valid",
        "change": "resume",
        "reason_code": None,
        "effective_on": "2024-09-01",
        "suspend_until": None,
        "affected_models": [],
        "body_code": "01",
        "organisation_uscc": "91350100MA0000000X",
    }
    event = CertificateStatusChanged.model_validate(earlier)
    assert event.enterprise_uscc == "91350100MA0000000X"
    assert event == CertificateStatusChanged.model_validate_json(event.model_dump_json())
    assert "organisation_uscc" not in event.model_dump()

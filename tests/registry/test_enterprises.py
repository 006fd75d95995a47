"""Organisations, reference data and declarations, and who may see them."""

from datetime import date
from typing import Any

import pytest

from services.registry.rules.catalogue import is_obligated, obligation
from shared.core.ids import new_id
from shared.events.inspection import InspectionCompleted
from shared.events.value_objects import InspectedObject, ProductOfCertificate
from shared.testing.world import World
from shared.vocabulary import CertificateStatus, FollowUp, InspectionMethod, InspectionResult, ObjectState, Role
from tests.registry.sheet_files import NUMBER, code, imported, row

DECLARATION: dict[str, Any] = {
    "declaration_no": "SD-2024-00000001",
    "declared_on": "2024-08-01",
    "expires_on": "2034-07-31",
    "product_category_code": "0301",
    "product_name": "低压成套开关设备",
    "models": ["GGD"],
    "producer": {"name": "福州模拟电气有限公司", "uscc": code(3), "division": "350102", "address": "模拟路1号"},
}


async def test_another_region_does_not_see_an_organisation_or_its_certificates(world: World) -> None:
    await imported(world, row())
    for role, org in ((Role.CITY_LEAD, "3502"), (Role.COUNTY_LEAD, "350103"), (Role.CITY_LEAD, "350128")):
        for path in (f"enterprises/{code(1)}", f"certificates/{NUMBER}", f"certificates/{NUMBER}/status"):
            assert (await world.registry.get(f"/v1/{path}", as_=role, org=org)).status_code == 404
        for path in ("enterprises", "certificates", f"certificates/{NUMBER}/events"):
            assert (await world.registry.get(f"/v1/{path}", as_=role, org=org)).json()["items"] == []


FINDS = ["", "name=模拟电缆", "name=缆", f"uscc={code(1)}", "city=3501", "priority_group=WIRE_CABLE"]


@pytest.mark.parametrize(("role", "org"), [(Role.CITY_LEAD, "3501"), (Role.COUNTY_LEAD, "350102"), (Role.AUDITOR, "35")])
async def test_an_organisation_and_its_certificate_are_found_in_their_own_region(world: World, role: Role, org: str) -> None:
    await imported(world, row())
    for query in FINDS:
        for path, key, value in (("enterprises", "uscc", code(1)), ("certificates", "certificate_no", NUMBER)):
            found = (await world.registry.get(f"/v1/{path}?{query}", as_=role, org=org)).json()["items"]
            assert [one[key] for one in found] == [value], query


async def test_what_does_not_fit_the_search_is_not_listed(world: World) -> None:
    await imported(world, row())
    for query in ("number=2022010102", "body=02", "status=suspended", "name=无此名", "category=0104", "city=3502"):
        assert (await world.registry.get(f"/v1/certificates?{query}", as_=Role.PROV_ADMIN)).json()["items"] == [], query


async def test_a_correction_needs_the_version_it_is_based_on_and_is_told(world: World) -> None:
    await imported(world, row())
    path, edit = f"/v1/enterprises/{code(1)}", {"division": "350203", "in_business": False}
    how = {"as_": Role.PROV_ADMIN}
    assert (await world.registry.patch(path, edit, **how)).status_code == 428
    assert (await world.registry.patch(path, edit, version=2, **how)).status_code == 412
    assert (await world.registry.patch(path, {"division": "440100"}, version=1, **how)).status_code == 404
    corrected = await world.registry.patch(path, edit, version=1, **how)
    assert (corrected.json()["city"], corrected.headers["etag"]) == ("3502", '"2"')
    assert (await world.registry.get(path, as_=Role.CITY_LEAD, org="3502")).json()["in_business"] is False
    assert (await world.registry.patch(path, edit, version=2, as_=Role.CITY_LEAD, org="3502")).status_code == 403


def inspected(uscc: str, day: date) -> InspectionCompleted:
    product = ProductOfCertificate(
        certificate_no=NUMBER,
        status=CertificateStatus.VALID,
        product_category_code="0101",
        product_name="电线组件",
        body_code="01",
        body_name="中国质量认证中心有限公司",
    )
    return InspectionCompleted(
        inspection_id=new_id(),
        assignment_id=new_id(),
        campaign_id=new_id(),
        task_no="CCC-2024-215-3501-001",
        object=InspectedObject(uscc=uscc, name="福州模拟电缆有限公司", city="3501", county="350102"),
        certificate=product,
        inspected_on=day,
        submitted_on=day,
        reviewed_on=day,
        result=next(iter(InspectionResult)),
        methods=(next(iter(InspectionMethod)),),
        object_state=ObjectState.ACTIVE,
        follow_up=FollowUp.NONE,
        findings=0,
        members=(),
        experts=(),
        refused_to_sign=False,
        entry_due_on=day,
    )


async def test_the_last_inspection_is_remembered_even_when_it_is_heard_of_first_and_twice(world: World) -> None:
    await world.publish(inspected(code(1), date(2024, 9, 18)), inspected(code(1), date(2024, 9, 4)), twice=True)
    await imported(world, row())
    found = (await world.registry.get(f"/v1/enterprises/{code(1)}", as_=Role.PROV_ADMIN)).json()
    assert (found["last_inspected_on"], found["certificates"]) == ("2024-09-18", 1)


async def test_the_catalogue_is_told_once(world: World) -> None:
    first = (await world.registry.post("/v1/catalogue-publications", as_=Role.PROV_ADMIN)).json()
    again = (await world.registry.post("/v1/catalogue-publications", as_=Role.PROV_ADMIN)).json()
    assert (first["published"], again["published"], again["unchanged"]) == (120, 0, 120)
    assert (await world.registry.post("/v1/catalogue-publications", as_=Role.CITY_LEAD, org="3501")).status_code == 403


def test_an_e_bike_helmet_is_advice_in_september_2024_and_an_obligation_from_july_2025() -> None:
    assert (obligation("1190", date(2024, 9, 10)).advice_only, is_obligated("1190", date(2024, 9, 10))) == (True, False)
    assert is_obligated("1190", date(2025, 6, 30)) is False
    assert is_obligated("1190", date(2025, 7, 1)) is True
    assert (obligation("1190", date(2024, 6, 30)).in_catalogue, is_obligated("0000", date(2024, 9, 10))) == (False, False)


async def test_reference_data_is_that_of_the_day_asked_for(world: World) -> None:
    how = {"as_": Role.CITY_LEAD, "org": "3501"}
    retired = (await world.registry.get("/v1/divisions/350182?on=2024-08-05", **how)).json()
    assert (retired["current"], retired["valid_to"]) == ("350112", "2017-12-31")
    counties = (await world.registry.get("/v1/divisions?level=county&on=2024-08-05", **how)).json()["items"]
    assert len(counties) == 84
    cities = (await world.registry.get("/v1/regulators?level=prefecture", **how)).json()["items"]
    assert len(cities) == 10
    assert (await world.registry.get("/v1/certification-bodies/01", **how)).json()["cnca_no"] == "CNCA-R-2002-001"
    helmet = (await world.registry.get("/v1/catalogue/1190?on=2024-09-10", **how)).json()
    assert (helmet["obligated"], helmet["advice_only"]) == (False, True)
    for path in ("divisions/999999", "certification-bodies/99", "catalogue/0000"):
        assert (await world.registry.get(f"/v1/{path}", **how)).status_code == 404
    assert (await world.registry.get("/v1/divisions")).status_code == 401


async def test_a_self_declaration_is_a_certificate_of_its_own_route(world: World) -> None:
    answer = await world.registry.post("/v1/self-declarations", DECLARATION, as_=Role.PROV_ADMIN)
    assert answer.status_code == 201, answer.text
    listed = (await world.registry.get("/v1/certificates?route=self_declaration", as_=Role.CITY_LEAD, org="3501")).json()
    assert [one["certificate_no"] for one in listed["items"]] == [DECLARATION["declaration_no"]]
    again = await world.registry.post("/v1/self-declarations", DECLARATION, as_=Role.PROV_ADMIN)
    assert again.json()["code"] == "certificate-number-taken"


async def test_a_self_declaration_outside_the_province_is_refused(world: World) -> None:
    elsewhere = DECLARATION | {"producer": DECLARATION["producer"] | {"division": "440100"}}
    answer = await world.registry.post("/v1/self-declarations", elsewhere, as_=Role.PROV_ADMIN)
    assert answer.json()["code"] == "row-refused"

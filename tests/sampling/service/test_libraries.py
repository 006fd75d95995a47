from datetime import date
from typing import Any

import pytest

from shared.core.ids import new_id
from shared.events.registry import CertificateStatusChanged, SamplingFailureRecorded
from shared.testing.world import World
from shared.vocabulary import CertificateStatus, ObjectKind, PriorityGroup, Role, StatusEvent
from tests.sampling.service.province import Stage, certificate, inspector, organisation, province, uscc

AUDITOR: dict[str, Any] = {"as_": Role.AUDITOR}


async def test_the_object_library_follows_the_registry_and_an_event_published_twice_counts_once(world: World) -> None:
    stage = Stage(world)
    await world.publish(*province(size=2), twice=True)
    assert await stage.get("/v1/objects/counts", **stage.lead) == {"organisations": 4, "certificates": 4, "failures": 0}
    mine = (await stage.get("/v1/objects", **stage.city("3501")))["items"]
    assert [(one["uscc"], one["certificates"]) for one in mine] == [(uscc("3501", 0), 1), (uscc("3501", 1), 1)]
    own = {"organisations": 2, "certificates": 2, "failures": 0}
    assert await stage.get("/v1/objects/counts", **stage.city("3502")) == own
    county: dict[str, Any] = {"as_": Role.COUNTY_LEAD, "org": "350203", "sub": "county"}
    assert await stage.get("/v1/objects/counts", **county) == {"organisations": 0, "certificates": 0, "failures": 0}


@pytest.mark.parametrize("path", ["/v1/objects", "/v1/inspectors", "/v1/assignments"])
async def test_the_list_of_another_city_does_not_exist_and_asking_for_it_is_audited(world: World, path: str) -> None:
    stage = Stage(world)
    for how in (stage.city("3501"), {"as_": Role.COUNTY_LEAD, "org": "350102", "sub": "county"}):
        assert (await stage.get(path, params={"city": "3501"}, **how))["items"] == []
        refused = await stage.get(path, params={"city": "3502"}, expect=404, **how)
        assert refused["code"] == "not-found"
        trail = await stage.get("/v1/operations/audit", params={"action": "access.denied", "subject": how["sub"]}, **AUDITOR)
        assert [(row["object_id"], row["details"]["query"]) for row in trail["items"]] == [(path, "city=3502")]


async def test_who_may_not_be_drawn_stands_in_the_exclusions_with_the_reason(stage: Stage) -> None:
    world = stage.world
    gone = certificate("3501", 1, PriorityGroup.FIRE)
    change = CertificateStatusChanged(
        certificate_no=gone.certificate_no,
        change=StatusEvent.CANCEL,
        status=CertificateStatus.CANCELLED,
        effective_on=date(2023, 8, 4),
        reason_code=None,
        suspend_until=None,
        affected_models=(),
        body_code="01",
        enterprise_uscc=uscc("3501", 1),
    )
    await world.publish(organisation("3501", 0, in_business=False), change, organisation("3503", 0), organisation("3502", 99))
    draw = await stage.executed()
    document = await stage.get(f"/v1/draws/{draw}/transcript", **stage.watch)
    assert {one["unit_id"]: one["reason"] for one in document["exclusions"]} == {
        uscc("3501", 0): "OUT_OF_BUSINESS",
        uscc("3501", 1): "NO_IN_SCOPE_CERTIFICATE",
        uscc("3503", 0): "NOT_PARTICIPATING",
        uscc("3502", 99): "NO_IN_SCOPE_CERTIFICATE",
    }


async def test_those_that_failed_the_2023_sampling_form_a_stratum_of_their_own(stage: Stage) -> None:
    failed = SamplingFailureRecorded(
        failure_id=new_id(),
        year=2023,
        uscc=uscc("3501", 4),
        name="x",
        kind=ObjectKind.CERTIFIED_ORG,
        product_name="x",
        product_category_code=None,
        failed_on=None,
    )
    await stage.world.publish(failed, twice=True)
    await stage.released()
    (one,) = [one for one in await stage.assignments() if one["basis"] == "targeted_failed_sampling"]
    assert one["uscc"] == uscc("3501", 4)


async def test_a_city_keeps_its_own_inspectors_and_cannot_touch_anothers(stage: Stage) -> None:
    foreign = {"inspectors": [inspector("3502", 50)]}
    assert (await stage.post("/v1/inspectors", foreign, expect=404, **stage.city("3501")))["code"] == "not-found"
    known = {"inspectors": [inspector("3501", 50), inspector("3501", 0)]}
    refused = await stage.post("/v1/inspectors", known, expect=409, **stage.city("3501"))
    assert (refused["code"], refused["ids"]) == ("person-exists", ["FJ350100"])
    await stage.get("/v1/inspectors/FJ350150", expect=404, **stage.city("3501"))
    await stage.get("/v1/inspectors/FJ350200", expect=404, **stage.city("3501"))
    listed = (await stage.get("/v1/inspectors", **stage.city("3501")))["items"]
    assert {one["city"] for one in listed} == {"3501"}


async def test_an_edit_is_based_on_the_version_that_was_read(stage: Stage) -> None:
    path, me = "/v1/inspectors/FJ350100", stage.city("3501")
    body = {name: value for name, value in inspector("3501", 0, workload_cap=1).items() if name != "inspector_id"}
    changed = await stage.world.sampling.put(path, body, version=1, **me)
    assert (changed.status_code, changed.headers["etag"], changed.json()["workload_cap"]) == (200, '"2"', 1)
    assert (await stage.world.sampling.put(path, body, version=1, **me)).json()["code"] == "stale-version"
    assert (await stage.world.sampling.put(path, body, **me)).json()["code"] == "version-required"


async def test_a_conflict_is_registered_once_and_by_the_inspectors_own_bureau(stage: Stage) -> None:
    wanted = {"person": "FJ350100", "uscc": uscc("3501", 0), "reason": "kinship"}
    foreign = await stage.post("/v1/conflicts", wanted, expect=404, **stage.city("3502"))
    assert foreign["code"] == "inspector-not-found"
    await stage.post("/v1/conflicts", wanted, expect=201, **stage.city("3501"))
    assert (await stage.post("/v1/conflicts", wanted, expect=409, **stage.city("3501")))["code"] == "conflict-declared"
    assert len((await stage.get("/v1/conflicts", **stage.city("3501")))["items"]) == 1
    assert (await stage.get("/v1/conflicts", **stage.city("3502")))["items"] == []
    await stage.get("/v1/conflicts", expect=403, as_=Role.SYSADMIN, sub="root")


@pytest.mark.parametrize(
    "fault",
    [
        {"county": "350203"},
        {"org": "350102"},
        {"certificate_to": "2020-01-01"},
        {"fields": []},
        {"fields": ["防爆"]},
        {"leaves": [{"from": "2024-08-02", "to": "2024-08-01"}]},
        {"certificate_from": "0001-01-01"},
        {"inspector_id": "a/b"},
        {"salary": 1},
    ],
)
async def test_a_malformed_inspector_is_refused_and_nobody_of_the_list_is_entered(world: World, fault: dict[str, Any]) -> None:
    stage = Stage(world)
    people = {"inspectors": [inspector("3501", 1), inspector("3501", 2, **fault)]}
    refused = await stage.post("/v1/inspectors", people, expect=422, **stage.lead)
    assert refused["code"] == "invalid-request"
    assert all(error["pointer"].startswith("/inspectors/1") for error in refused["errors"])
    assert (await stage.get("/v1/inspectors", **stage.lead))["items"] == []

"""A read of sensitive data leaves a row in the audit trail: who, what, with which filters; a denied one leaves the denial."""

from typing import Any

from sqlalchemy import select

from shared.core.ids import new_id
from shared.database.session import reading
from shared.security.audit import audit_log
from shared.testing.world import World
from shared.vocabulary import Role

READER = {"as_": Role.AUDITOR, "sub": "auditor"}


async def noted(world: World) -> list[tuple[Any, ...]]:
    columns = (audit_log.c.subject, audit_log.c.action, audit_log.c.object_id, audit_log.c.details)
    async with reading(world.registry.database) as session:
        return [tuple(row) for row in await session.execute(select(*columns).order_by(audit_log.c.id))]


async def test_reading_a_list_is_noted_with_its_filters_under_the_organisation_of_the_reader(world: World) -> None:
    answer = await world.registry.get("/v1/operations/audit?action=case.read&limit=7", **READER)
    assert answer.json() == {"items": [], "next": None}
    assert await noted(world) == [("auditor", "audit.read", "35", {"action": "case.read", "limit": "7"})]


async def test_reading_what_does_not_exist_is_audited_as_denied_only(world: World) -> None:
    path = f"/v1/imports/{new_id()}/rejections"
    assert (await world.registry.get(path, **READER)).status_code == 404
    assert await noted(world) == [("auditor", "access.denied", path, {"method": "GET", "code": "not-found"})]


async def test_a_read_under_a_wrong_role_is_audited_as_denied_only(world: World) -> None:
    assert (await world.registry.get("/v1/operations/audit", as_=Role.EXPERT)).status_code == 403
    assert [row[1] for row in await noted(world)] == ["access.denied"]


async def test_a_malformed_read_is_not_noted(world: World) -> None:
    assert (await world.registry.get("/v1/operations/audit?limit=0", **READER)).status_code == 422
    assert await noted(world) == []

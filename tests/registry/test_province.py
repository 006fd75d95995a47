"""A whole province is imported: every bad row is reported, every good one is registered and published."""

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.province import generate
from deploy.demo.province.files import Files, write
from deploy.demo.province.shapes import Province
from shared.database.session import reading
from shared.testing.world import World
from shared.vocabulary import Role
from tests.registry.sheet_files import XLSX, run_of, send


@pytest.fixture(scope="module")
def province() -> Province:
    return generate(20240731, 150)


@pytest.fixture(scope="module")
def files(province: Province, tmp_path_factory: pytest.TempPathFactory) -> Files:
    return write(province, tmp_path_factory.mktemp("province"))


async def imported(world: World, file: Path, query: str, media: str) -> dict[str, Any]:
    return await run_of(world, await send(world, await asyncio.to_thread(file.read_bytes), query, media))


async def published(world: World) -> Counter[str]:
    async with reading(world.registry.database) as session:
        rows = await (await session.connection()).exec_driver_sql("SELECT type FROM outbox")
        return Counter(row[0].rpartition(".")[2] for row in rows)


async def test_every_bad_row_is_reported_and_every_good_one_registered(world: World, province: Province, files: Files) -> None:
    run = await imported(world, files.certificates, "kind=certificates", XLSX)
    assert run["state"] == "completed"
    assert (run["rows_rejected"], run["rows_new"]) == (37, len(province.certificates))
    assert run["enterprises_new"] == len(province.organizations)
    await world_holds(world, province)
    faults = await every(world, f"/v1/imports/{run['id']}/rejections?severity=error")
    for expected in json.loads(files.expected_rejections.read_text("utf-8")):
        codes = {fault["code"] for fault in faults if fault["line"] == expected["line"]}
        assert codes & set(expected["codes"]), expected


async def world_holds(world: World, province: Province) -> None:
    counts = await published(world)
    assert counts["EnterpriseRegistered"] == len(province.organizations)
    assert counts["CertificateRegistered"] == len(province.certificates)
    listed = await every(world, "/v1/certificates?on=2024-07-31")
    assert {row["certificate_no"]: row["status"] for row in listed} == {c.number: c.status for c in province.certificates}
    assert {row["enterprise_uscc"] for row in listed} == {c.holder.uscc for c in province.certificates}


async def every(world: World, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor = ""
    while True:
        more = "&" if "?" in path else "?"
        page = (await world.registry.get(f"{path}{more}limit=200{cursor}", as_=Role.PROV_ADMIN)).json()
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = f"&cursor={page['next']}"


async def test_the_same_file_again_changes_nothing(world: World, files: Files) -> None:
    first = await imported(world, files.certificates, "kind=certificates", XLSX)
    before = await published(world)
    again = await imported(world, files.certificates, "kind=certificates", XLSX)
    assert (again["id"], again["repeated"]) == (first["id"], True)
    assert await published(world) == before


@pytest.mark.parametrize("encoding", ["failures", "failures_gb18030"])
async def test_the_failed_samplings_of_2023_are_recorded_with_their_sellers(
    world: World, province: Province, files: Files, encoding: str
) -> None:
    run = await imported(world, getattr(files, encoding), "kind=sampling-failures&year=2023", "text/csv")
    assert (run["rows_new"], run["rows_rejected"]) == (len(province.failures), 0)
    assert await published(world) == {"SamplingFailureRecorded": 40, "EnterpriseRegistered": 40}
    sellers = await every(world, "/v1/enterprises?kind=seller")
    assert {row["uscc"] for row in sellers} == {f.organization.uscc for f in province.failures if f.organization.kind == "seller"}

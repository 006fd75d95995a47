"""A new calendar: previewed, published by a second person, then in force: it moves the right deadlines and no other."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shared import deadlines
from shared.core.ids import new_id
from shared.database.session import transaction
from shared.deadline_records import Subject, open_deadline
from shared.deadline_records.opening import Term
from shared.deadlines.errors import YearNotCovered
from shared.deadlines.verifiers.verify_date import verify
from shared.testing.world import World
from shared.vocabulary import Role
from tests.cases.acting import LEAD
from tests.shared.deadline_records.records import a_case, published, record, rows

FILE = Path(deadlines.__file__).parent / "data" / "calendar-cn-2026.1.json"
ADMIN: dict[str, Any] = {"as_": Role.PROV_ADMIN, "org": "35"}
HEAD: dict[str, Any] = {"as_": LEAD, "org": "3501"}


@pytest.fixture
def services() -> tuple[str, ...]:
    return ("registry", "cases")


def calendar(version: str = "2026.2", **changed: Any) -> dict[str, Any]:
    """The delivered calendar as a later version."""
    file: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return file | {"version": version} | changed


def with_a_day_off(day: date, version: str = "2026.2") -> dict[str, Any]:
    """The same with row working day more off, by the notice of that year."""
    file = calendar(version)
    year = next(row for row in file["years"] if row["year"] == day.year)
    year["working_days"] -= 1
    notice = year["arrangements"][0]["notice"]
    extra = {"name_zh": "防台风停工", "name_en": "Typhoon", "notice": notice, "off": [day.isoformat()], "worked": []}
    year["arrangements"].append(extra)
    return file


async def propose(world: World, file: dict[str, Any], sub: str = "admin-1") -> Any:
    return await world.registry.post("/v1/calendars", file, sub=sub, **ADMIN)


async def publish(world: World, version: str = "2026.2", sub: str = "admin-2") -> Any:
    return await world.registry.post(f"/v1/calendars/{version}/publication", sub=sub, **ADMIN)


async def test_a_new_calendar_moves_the_right_deadlines_and_each_says_why(world: World) -> None:
    world.on("2024-09-09")
    await a_case(world)
    off = date(2024, 9, 24)
    assert (await propose(world, with_a_day_off(off))).status_code == 201
    await world.settle()
    preview = (await world.cases.get("/v1/calendars/2026.2/moves", **HEAD)).json()["items"]
    assert [(row["code"], row["due_on"], row["new_due_on"]) for row in preview] == [("K05", "2024-09-30", "2024-10-08")]
    assert [(row["day"], row["was"], row["becomes"]) for row in preview[0]["reason"]] == [("2024-09-24", "working", "holiday")]
    assert (await record(world.cases.database, "K05"))["due_on"] == date(2024, 9, 30)

    assert (await publish(world)).status_code == 200
    await world.settle()
    await world.pass_time()
    moved, untouched = await record(world.cases.database, "K05"), await record(world.cases.database, "K33")
    assert (moved["due_on"], moved["calendar"]) == (date(2024, 10, 8), "2026.2")
    assert untouched["calendar"] == deadlines.dataset().calendar.version
    (history,) = await rows(world.cases.database, "SELECT * FROM deadline_history WHERE act = 'moved'")
    reason = history["content"]["reason"]
    assert [row["day"] for row in reason] == ["2024-09-24"]
    assert history["by_subject"] == "admin-2"
    (event,) = await published(world.cases.database, "DeadlinesMoved")
    assert [(row["reason"], row["before"], row["due_on"], row["days"]) for row in event["deadlines"]] == [
        ("calendar", "2024-09-30", "2024-10-08", ["2024-09-24"])
    ]
    explained = (await world.cases.get(f"/v1/deadlines/{moved['id']}/explanation", **HEAD)).json()
    assert (explained["calendar"]["version"], explained["result"]["due_day"]) == ("2026.2", "2024-10-08")
    assert "due 届满 2024-10-08" in verify(json.dumps(explained, ensure_ascii=False).encode())


async def test_published_twice_it_changes_nothing(world: World) -> None:
    world.on("2024-09-09")
    await a_case(world)
    await propose(world, with_a_day_off(date(2024, 9, 24)))
    await publish(world)
    await world.settle()
    await world.pass_time()
    before = await rows(world.cases.database, "SELECT * FROM deadline ORDER BY id")
    again = await publish(world, sub="admin-3")
    assert (again.status_code, again.json()["code"]) == (409, "calendar-already-published")
    assert (await propose(world, calendar())).json()["code"] == "calendar-already-published"
    await world.settle()
    await world.pass_time()
    assert await rows(world.cases.database, "SELECT * FROM deadline ORDER BY id") == before
    assert len(await published(world.cases.database, "DeadlinesMoved")) == 1


async def test_what_is_opened_afterwards_is_computed_by_the_new_calendar(world: World) -> None:
    world.on("2024-09-09")
    await propose(world, with_a_day_off(date(2024, 9, 24)))
    await publish(world)
    await world.settle()
    await a_case(world)
    assert (await record(world.cases.database, "K05"))["due_on"] == date(2024, 10, 8)
    asked = {"queries": [{"rule": "K05", "trigger": "2024-09-09"}]}
    assert (await world.registry.post("/v1/deadline-calculations", asked, **ADMIN)).json()["items"][0]["due_on"] == "2024-10-08"


async def test_what_is_closed_keeps_its_date(world: World) -> None:
    world.on("2024-09-09")
    case = await a_case(world)
    await case.must("non-filing", LEAD, {"ground": "minor", "explanation": "轻微"})
    await propose(world, with_a_day_off(date(2024, 9, 24)))
    await publish(world)
    await world.settle()
    await world.pass_time()
    closed = await record(world.cases.database, "K05")
    assert closed["due_on"] == date(2024, 9, 30)
    explained = (await world.cases.get(f"/v1/deadlines/{closed['id']}/explanation", **HEAD)).json()
    assert explained["calendar"]["version"] == deadlines.dataset().calendar.version


async def test_a_calendar_that_nobody_proposed_is_not_found(world: World) -> None:
    response = await publish(world)
    assert (response.status_code, response.json()["code"]) == (404, "calendar-not-found")


async def test_nobody_publishes_what_he_proposed(world: World) -> None:
    await propose(world, calendar())
    response = await publish(world, sub="admin-1")
    assert (response.status_code, response.json()["code"]) == (403, "calendar-needs-second-person")
    versions = (await world.registry.get("/v1/calendars", **ADMIN)).json()
    assert [(row["version"], row["in_force"]) for row in versions] == [("2026.1", True), ("2026.2", False)]


def _without_national_day(file: dict[str, Any]) -> None:
    year = file["years"][-1]
    for group in year["arrangements"]:
        group["off"] = [day for day in group["off"] if not day.endswith("-10-01")]


def _doubled(file: dict[str, Any]) -> None:
    group = file["years"][-1]["arrangements"][0]
    group["off"] = [*group["off"], group["off"][0]]


def _february(file: dict[str, Any]) -> None:
    file["years"][-1]["arrangements"][0]["off"].append("2026-02-31")


@pytest.mark.parametrize(
    ("spoil", "code", "pointer"),
    [
        (_without_national_day, "calendar-file-refused", "/years/22"),
        (_doubled, "calendar-file-refused", "/years/22/arrangements/0/off/"),
        (_february, "calendar-file-refused", "/years/22/arrangements/0/off/"),
        (lambda file: file.update(version="2026.1"), "calendar-not-newer", "/version"),
        (lambda file: file.update(version="next"), "calendar-not-newer", "/version"),
        (lambda file: file["years"].pop(), "calendar-not-newer", "/years"),
    ],
)
async def test_a_wrong_file_is_rejected_with_the_place_and_changes_nothing(
    world: World, spoil: Any, code: str, pointer: str
) -> None:
    file = calendar()
    spoil(file)
    problem = (await propose(world, file)).json()
    assert problem["code"] == code
    assert problem["errors"][0]["pointer"].startswith(pointer)
    assert await rows(world.registry.database, "SELECT * FROM working_calendar") == []


async def test_readiness_warns_ninety_days_before_the_calendar_ends(world: World) -> None:
    scheduler = world.registry.app.state.deadline_scheduler
    scheduler.database = world.registry.database
    world.on("2026-09-30")
    assert scheduler.detail() == {"calendar": "2026.1", "ends_on": "2026-12-31", "ends_soon": False}
    world.on("2026-10-10")
    assert scheduler.detail()["ends_soon"] is True


async def test_a_term_that_may_wait_begins_where_the_calendar_ends_and_another_is_rejected(world: World) -> None:
    world.on("2026-12-01")
    subject = Subject("case", new_id(), "C-1", "350100000000", "3501")
    async with transaction(world.cases.database) as session:
        await open_deadline(session, subject, "K35")
        with pytest.raises(YearNotCovered):
            await open_deadline(session, subject, "K05", Term(date(2026, 12, 15)))
    assert (await record(world.cases.database, "K35"))["due_on"] is None

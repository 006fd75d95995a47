"""The type of evidence is detected from its content; it is stored for good, and every step of its custody recorded."""

import hashlib
import io
import zipfile
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.inspection import clients
from services.inspection.rules.filetype import detect_type
from shared.database.session import transaction
from shared.testing.world import World
from tests.inspection.visit import FIRST, LEAD, OBJECT, PDF, Visit, ok, problem_of, published


async def test_a_file_is_kept_with_its_digests_and_its_reading_is_noted(world: World) -> None:
    visit = await Visit.begun(world)
    found = ok(await visit.upload(captured_at="2024-09-18T01:30:00Z", captured_by="王一", device="执法记录仪"))
    assert found["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert (found["media_type"], found["size"], found["no"]) == ("application/pdf", len(PDF), 1)
    assert [step["event"] for step in found["custody"]] == ["captured", "uploaded"]
    path = f"/v1/evidence/{found['id']}"
    content = await world.inspection.get(f"{path}/content", **LEAD)
    assert content.content == PDF
    handed = ok(await world.inspection.post(f"{path}/custody-events", {"event": "handed_over", "to": "证据室"}, **FIRST))
    assert handed["custody"][-1]["to"] == "证据室"
    async with world.inspection.database.reading.connect() as connection:
        noted = await connection.scalar(text("SELECT count(*) FROM audit_log WHERE action = 'evidence.downloaded'"))
    assert noted == 1
    problem_of(await world.inspection.get(f"{path}/content", **{**LEAD, "org": "3502"}), "evidence-not-found")
    problem_of(await world.inspection.get(f"{path}/content", **OBJECT), "forbidden")


async def test_an_object_shows_its_correction_before_it_reports_it(world: World) -> None:
    visit = await Visit.signed(world, findings=[{}], C09="NONCONFORM")
    ok(await visit.submit("ISSUE_CORRECTED"))
    ok(await visit.review())
    order = f"/v1/rectifications/{ok(await world.inspection.get('/v1/rectifications', **OBJECT))['items'][0]['id']}"

    async def show(content: bytes, **by: Any) -> Response:
        params, octets = {"kind": "documentary", "file_name": "改正照片.pdf"}, {"Content-Type": "application/octet-stream"}
        return await world.inspection.post(f"{order}/evidence", params=params, content=content, headers=octets, **by)

    stranger = {**OBJECT, "org": "91350200MA00000235"}
    problem_of(await show(PDF, **stranger), "rectification-not-found")
    problem_of(await show(PDF, **FIRST), "forbidden")
    problem_of(await show(b"MZ" + bytes(200), **OBJECT), "evidence-type-not-accepted")
    shown = ok(await show(PDF, **OBJECT))
    assert (shown["no"], shown["sha256"]) == (2, hashlib.sha256(PDF).hexdigest())
    for reader in (OBJECT, LEAD, FIRST):
        assert [item["id"] for item in ok(await world.inspection.get(f"{order}/evidence", **reader))["items"]] == [shown["id"]]
    problem_of(await world.inspection.get(f"{order}/evidence", **stranger), "rectification-not-found")
    ok(await world.inspection.post(f"{order}/report", {"report": "已改正"}, **OBJECT))
    problem_of(await show(PDF, **OBJECT), "transition-forbidden")
    assert (await published(world))[-1][1]["evidence_ids"] == [shown["id"]]


@pytest.mark.parametrize(
    ("content", "other", "code"),
    [
        (b"MZ\x90\x00\x03" + bytes(200), {}, "evidence-type-not-accepted"),
        (b"", {}, "evidence-type-not-accepted"),
        (PDF, {"kind": "audiovisual"}, "evidence-type-not-accepted"),
        (PDF, {"original": "verified_copy"}, "evidence-metadata-missing"),
        (b'{"a":1}', {"kind": "electronic_data"}, "evidence-metadata-missing"),
        (PDF, {"kind": "rumour"}, "invalid-request"),
    ],
)
async def test_a_file_that_is_not_what_its_kind_needs_is_rejected(
    world: World, content: bytes, other: dict[str, str], code: str
) -> None:
    visit = await Visit.begun(world)
    problem_of(await visit.upload(content, **other), code)
    assert ok(await visit.get("evidence"))["items"] == []


async def test_a_file_over_the_limit_is_rejected_and_nothing_of_it_stored(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = await Visit.begun(world)
    from services.inspection.rules import reference_data  # noqa: PLC0415

    monkeypatch.setitem(reference_data.evidence_rules().max_bytes, "default", 20)
    discarded: list[str] = []
    discard = clients.discard

    async def noted(key: str) -> None:
        discarded.append(key)
        await discard(key)

    monkeypatch.setattr(clients, "discard", noted)
    problem_of(await visit.upload(), "body-too-large")
    assert len(discarded) == 1


async def test_a_file_larger_than_other_bodies_may_be_is_taken_in(world: World) -> None:
    visit = await Visit.begun(world)
    large = PDF + bytes(3 * 1024 * 1024)
    assert ok(await visit.upload(large))["size"] == len(large)


async def test_evidence_cannot_be_changed_even_by_the_service(world: World) -> None:
    visit = await Visit.begun(world)
    ok(await visit.upload())
    with pytest.raises(DBAPIError, match="permission denied"):
        async with transaction(world.inspection.database) as session:
            await (await session.connection()).execute(text("UPDATE evidence SET sha256 = ''"))


def _zip(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PDF, "pdf"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(20), "png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(20), "jpg"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "mp4"),
        (b"ID3\x03\x00\x00\x00\x00" + bytes(20), "mp3"),
        (_zip("[Content_Types].xml", "word/document.xml"), "docx"),
        (_zip("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (_zip("OFD.xml"), "ofd"),
        (_zip("photo.jpg"), "zip"),
        ("编号,数量\n1,2\n".encode("gb18030"), "csv"),
        (b' {"a": 1}', "json"),
        (bytes(40), None),
    ],
)
def test_the_type_is_detected_from_the_content(content: bytes, expected: str | None) -> None:
    every = ("pdf", "ofd", "jpg", "png", "docx", "xlsx", "mp4", "mov", "mp3", "m4a", "wav", "csv", "json", "zip")
    assert detect_type(content[:8192], content[-65536:], every) == expected

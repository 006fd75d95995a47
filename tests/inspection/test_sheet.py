"""Annex 2 on paper: complete, Chinese, and the same bytes for the same content."""

import io
import time

import pypdf

from shared.testing.world import World
from shared.vocabulary import Role
from tests.inspection import facts
from tests.inspection.visit import LEAD, OBJECT, Visit, ok, refused


async def test_the_sheet_prints_what_was_found_and_who_signed_and_twice_the_same_bytes(world: World) -> None:
    await world.publish(facts.campaign(), facts.certificate())
    visit = await Visit.signed(world, findings=[{}], C09="NONCONFORM")
    first = await visit.get("confirmation-sheet.pdf")
    began = time.perf_counter()
    second = await visit.get("confirmation-sheet.pdf", **OBJECT)
    assert time.perf_counter() - began < 1
    assert first.headers["content-type"] == "application/pdf"
    assert first.content == second.content
    words = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(first.content)).pages)
    printed = "".join(words.split())
    for expected in ("问题确认表", "闽市监认证〔2024〕215号", "福州合成电缆有限公司", "CCC-2024-215-3501-001-P01",
                     "王一（35010001）", "包装标注型号与证书不一致", "第23条", "无异议", "厂长", "2024年9月18日"):  # fmt: skip
        assert expected in printed, expected
    digest = ok(await visit.get("confirmation-sheet"))["content_hash"]
    assert digest in printed


async def test_a_stranger_cannot_print_it(world: World) -> None:
    visit = await Visit.begun(world)
    refused(await visit.get("confirmation-sheet.pdf", **{**LEAD, "org": "3509"}), "inspection-not-found")
    refused(await visit.get("confirmation-sheet.pdf", as_=Role.SYSADMIN), "forbidden")

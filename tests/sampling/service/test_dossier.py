"""The dossier: a stranger unpacks it and checks the draw with what is in it, and nothing else."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pypdf

from deploy.demo.page import PageProgram
from shared.database.session import reading
from shared.security.audit import audit_log
from tests.sampling.service.province import Stage, uscc

FILES = ["transcript.json", "ledger.json", "verify_draw.py", "verify_draw.html", "README.md", "record.pdf", "SHA256SUMS"]


async def downloaded(stage: Stage, path: str, **who: Any) -> bytes:
    answer = await stage.world.sampling.get(path, **who)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    return answer.content


def unpacked(packed: bytes, directory: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == FILES
        archive.extractall(directory)
        return {name: archive.read(name) for name in FILES}


def words(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "").replace("\u200b", "")


def holds(directory: Path, *arguments: str) -> None:
    command = [sys.executable, "-I", "verify_draw.py", *arguments]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


async def test_the_dossier_of_a_draw_checks_itself_and_is_printed_for_people(stage: Stage, tmp_path: Path) -> None:
    draw = await stage.released()
    packed = await downloaded(stage, f"/v1/draws/{draw}/dossier", **stage.watch)
    files = unpacked(packed, tmp_path)
    sums = [line.split("  ") for line in files["SHA256SUMS"].decode().splitlines()]
    assert [name for _, name in sums] == FILES[:-1]
    assert all(hashlib.sha256(files[name]).hexdigest() == digest for digest, name in sums)
    holds(tmp_path, "transcript.json", "--ledger", "ledger.json")
    holds(tmp_path, "ledger.json")
    page = PageProgram(tmp_path / "verify_draw.html")
    assert page.says(files["transcript.json"].decode(), files["ledger.json"].decode()).status == "holds"
    transcript = json.loads(files["transcript.json"])
    said = words(files["record.pdf"])
    printed = [
        transcript["commitment_digest"],
        transcript["seed"],
        transcript["ledger"][-1]["digest"],
        transcript["commitment"]["frame_root"],
    ]
    printed += [hashlib.sha256(files[name]).hexdigest() for name in FILES[:5]]
    printed += [one["unit_id"] for one in transcript["result"]["selected"]] + ["prov-1", "sup-1", "8-16-23"]
    printed += ["制定方案", "冻结名录", "封存", "提交随机值", "执行抽取", "下发名单", "完整本", "如何核验"]
    assert [one for one in printed if one.replace(" ", "") not in said.replace(" ", "")] == []
    assert await downloaded(stage, f"/v1/draws/{draw}/dossier", **stage.watch) == packed


async def test_the_public_dossier_names_nobody_before_the_embargo_ends_and_then_of_those_drawn(
    stage: Stage, tmp_path: Path
) -> None:
    draw = await stage.released()
    drawn = {one["uscc"] for one in await stage.assignments()}
    everyone = {uscc(city, number) for city in ("3501", "3502") for number in range(9)}
    files = unpacked(await downloaded(stage, f"/v1/draws/{draw}/dossier/public"), tmp_path)
    holds(tmp_path, "transcript.json", "--ledger", "ledger.json")
    seen = words(files["record.pdf"]) + files["transcript.json"].decode() + files["ledger.json"].decode()
    assert "公开本（保密期内，不含结果）" in seen
    assert not {code for code in everyone if code in seen}
    assert "8-16-23" not in seen
    stage.world.on("2024-12-02")
    files = unpacked(await downloaded(stage, f"/v1/draws/{draw}/dossier/public"), tmp_path)
    holds(tmp_path, "transcript.json", "--ledger", "ledger.json")
    seen = words(files["record.pdf"]).replace(" ", "")
    assert {code for code in everyone if code in seen} == drawn


async def test_the_dossier_of_teams_names_them_and_says_how_their_distribution_arises(stage: Stage, tmp_path: Path) -> None:
    await stage.released()
    draw = await stage.matched("3501")
    files = unpacked(await downloaded(stage, f"/v1/draws/{draw}/dossier", **stage.city("3501")), tmp_path)
    holds(tmp_path, "transcript.json", "--ledger", "ledger.json")
    said = words(files["record.pdf"]).replace(" ", "")
    members = {who for team in json.loads(files["transcript.json"])["result"]["selected"] for who in team["members"]}
    assert all(who in said for who in members)
    assert "检查组是在约束条件下随机产生的" in said


async def test_only_those_entitled_get_the_full_dossier_and_each_reading_is_logged(stage: Stage) -> None:
    draw = await stage.released()
    path = f"/v1/draws/{draw}/dossier"
    await stage.get(path, expect=404, **stage.city("3501"))
    await stage.get(path, expect=401)
    await downloaded(stage, path, **stage.watch)
    async with reading(stage.world.sampling.database) as session:
        rows = (await (await session.connection()).execute(audit_log.select())).all()
    assert ("sup-1", "dossier.read") in [(row.subject, row.action) for row in rows]


async def test_a_draw_that_is_not_sealed_or_not_executed_has_no_dossier_of_that_kind(stage: Stage, tmp_path: Path) -> None:
    draw = await stage.planned()
    for path in (f"/v1/draws/{draw}/dossier", f"/v1/draws/{draw}/dossier/public"):
        assert (await stage.get(path, expect=409, **stage.watch))["code"] == "draw-state"
    await stage.post(f"/v1/draws/{draw}/freeze", **stage.lead)
    await stage.post(f"/v1/draws/{draw}/seal", **stage.lead)
    await stage.get(f"/v1/draws/{draw}/dossier", expect=409, **stage.watch)
    unpacked(await downloaded(stage, f"/v1/draws/{draw}/dossier/public"), tmp_path)
    holds(tmp_path, "transcript.json", "--ledger", "ledger.json")

"""An explanation is verifiable alone: the verifier confirms it, rejects every change, and people can read it."""

import ast
import hashlib
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from shared import deadlines
from shared.core.canonical import fingerprint
from shared.deadlines import Pause
from shared.deadlines.explain import digest
from shared.deadlines.render_svg import calendar_chart
from shared.deadlines.render_text import explanation_text
from shared.deadlines.verifiers.verify_date import Refused, verify
from tests.shared.deadlines.agreement import by_the_page, cases, check
from tests.shared.deadlines.documents import changed, encoded, in_hours, paused_and_extended, places, redigested, rolled
from tests.shared.deadlines.page_program import PAGE, PageProgram

VERIFIER = Path(deadlines.__file__).with_name("verifiers") / "verify_date.py"
RELEASED = {
    215: "fab05ce06d0c07b860066674962019a29e80a8b5e96d6f0ef7c34eb87df26ee0",
    7: "e605ffab96bc31eb0a9895780c6a9adbd15a89c55a0afd44aa1134bfc8416a83",
}
"""Of 600 random dates by seed, the SHA-256 of what the first released version wrote; a change of law or calendar changes it."""


def test_the_engine_and_both_verifiers_agree_on_random_dates() -> None:
    program = PageProgram(PAGE)
    for deadline in cases(1500):
        check(deadline)
        by_the_page(program, deadline)


@pytest.mark.parametrize(("seed", "sha256"), RELEASED.items())
def test_explanations_texts_charts_and_warnings_are_byte_for_byte_those_first_released(seed: int, sha256: str) -> None:
    content = hashlib.sha256()
    for deadline in cases(600, seed):
        document = deadlines.explain(deadline)
        texts = [explanation_text(document, "zh"), explanation_text(document, "en")]
        charts = [calendar_chart(document, "zh"), calendar_chart(document, "en")]
        warnings = [[threshold, instant.isoformat()] for threshold, instant in deadlines.warnings(deadline)]
        for part in (json.dumps(document, ensure_ascii=False), *texts, *charts, json.dumps(warnings)):
            content.update(part.encode() + b"\0")
    assert content.hexdigest() == sha256


@pytest.mark.parametrize("make", [paused_and_extended, rolled, in_hours])
def test_no_value_can_be_changed(make: Any) -> None:
    document = make()
    verify(encoded(document))
    for path in places(document):
        with pytest.raises(Refused):
            verify(encoded(changed(document, path)))


@pytest.mark.parametrize("make", [paused_and_extended, rolled])
def test_a_forger_who_renews_the_digest_is_still_rejected_for_whatever_makes_the_date(make: Any) -> None:
    mutants = list(redigested(make()))
    assert len(mutants) > 100
    for mutant in mutants:
        with pytest.raises(Refused):
            verify(encoded(mutant))


@pytest.mark.parametrize(
    ("at", "change", "reason"),
    [
        (10, {"kind": "working"}, "no working day"),
        (5, {"kind": "weekend", "name_zh": "", "name_en": "", "notice": ""}, "no weekend day"),
        (5, {"notice": "2031"}, "no festival or notice"),
    ],
)
def test_a_day_cannot_be_passed_off_as_another_kind(at: int, change: dict[str, str], reason: str) -> None:
    document = deadlines.explain(deadlines.due("K05", date(2024, 9, 11)))
    document["days"][at].update(change)
    document["digest"] = digest(document)
    with pytest.raises(Refused, match=reason):
        verify(encoded(document))


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"a":1,"a":2}', b'{"a":1.5}', b'{"a":NaN}', b"[" * 9999])
def test_anything_else_is_rejected_and_never_crashes(content: bytes) -> None:
    with pytest.raises(Refused):
        verify(content)


def test_the_verifier_runs_alone_from_one_file(tmp_path: Path) -> None:
    alone = tmp_path / "verify_date.py"
    alone.write_bytes(VERIFIER.read_bytes())
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(encoded(rolled()))
    bad.write_bytes(encoded(changed(rolled(), ("result", "due_day"))))
    run = [sys.executable, "-I", "-S", str(alone)]
    confirmed = subprocess.run([*run, str(good)], capture_output=True, text=True, check=False)
    rejected = subprocess.run([*run, str(good), str(bad)], capture_output=True, text=True, check=False)
    assert (confirmed.returncode, rejected.returncode) == (0, 1)
    assert "2024-10-08" in confirmed.stdout
    assert "REFUSED" in rejected.stdout


def test_the_verifier_shares_no_code_and_the_engine_imports_only_vocabulary_and_pure_core() -> None:
    allowed = {"pydantic", "shared", *sys.stdlib_module_names}
    pure = ("shared.deadlines", "shared.vocabulary", *(f"shared.core.{name}" for name in ("errors", "legal_time", "months")))
    modules = [VERIFIER, *Path(deadlines.__file__).parent.glob("*.py")]
    assert len(modules) > 15
    for path in modules:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        imported |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
        ours = {name for name in imported if name.startswith("shared")}
        assert {name.split(".")[0] for name in imported} <= allowed, path
        assert all(name.startswith(pure) for name in ours), path
        assert path != VERIFIER or not ours


def test_every_day_from_trigger_to_result_is_there_with_its_reason() -> None:
    document = paused_and_extended()
    days = {row["day"]: row for row in document["days"]}
    assert list(days) == [
        date.fromordinal(n).isoformat() for n in range(date(2024, 9, 10).toordinal(), date(2024, 11, 6).toordinal())
    ]
    assert (days["2024-09-14"]["as"], days["2024-09-14"]["pause"]) == ("paused", 0)
    assert (days["2024-09-21"]["as"], days["2024-09-21"]["kind"]) == ("skipped", "weekend")
    assert (days["2024-10-03"]["as"], days["2024-10-03"]["name_zh"]) == ("skipped", "国庆节")
    assert (days["2024-10-12"]["as"], days["2024-10-12"]["kind"]) == ("counted", "working_weekend")
    assert days["2024-11-05"]["count"] == 30
    assert document["calendar"]["notices"][0]["number"] == "国办发明电〔2023〕7号"


def test_the_text_says_rule_days_and_result_in_both_languages() -> None:
    chinese, english = explanation_text(paused_and_extended(), "zh"), explanation_text(paused_and_extended(), "en")
    for part in (
        "第18条",
        "检测、检验",
        "检字〔2024〕7号",
        "机关负责人",
        "国庆节",
        "最后一日为2024-11-05",
        "2024-11-06 00:00（北京时间）",
    ):
        assert part in chinese
    assert "自2024-11-06 00:00（北京时间）起逾期" in chinese
    for part in ("art. 18", "testing", "head of the agency", "National Day", "the last day is 2024-11-05"):
        assert part in english
    assert "2024-10-08 00:00" not in explanation_text(rolled(), "en")
    assert "2024-10-02 – 2024-10-07  rolled" in explanation_text(rolled(), "en")
    assert "24 h 0 min" in explanation_text(in_hours(), "en")


@pytest.mark.parametrize("make", [paused_and_extended, rolled, in_hours])
def test_the_digest_is_that_of_the_canonical_form(make: Any) -> None:
    document = make()
    assert fingerprint("sha-256", {key: value for key, value in document.items() if key != "digest"}) == document["digest"]


def test_an_open_pause_is_stated_as_such() -> None:
    document = deadlines.explain(deadlines.due("K05", date(2024, 9, 9), pauses=[Pause(date(2024, 9, 11), None, "testing")]))
    assert document["result"]["held"] is True
    assert "no due day yet" in explanation_text(document, "en")
    assert "still open" in explanation_text(document, "en")
    assert "held by an open pause" in verify(encoded(document))


@pytest.mark.parametrize("make", [paused_and_extended, rolled, in_hours])
def test_the_chart_is_an_svg_with_a_title_for_each_day(make: Any) -> None:
    document = make()
    root = ET.fromstring(calendar_chart(document, "zh"))
    tips = [title.text or "" for title in root.iter("{http://www.w3.org/2000/svg}title")]
    days = [row.get("day") or "" for row in document["days"]] or ["2024-09-30T23:59Z"]
    assert all(any(day in tip for tip in tips) for day in days)
    assert document["rule"]["name_zh"] in tips[0]

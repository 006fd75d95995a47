"""The page as people meet it: Chromium, a file address, no network."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sampling.verifiers import issued, makers
from tests.sampling.verifiers.browser import Browser, chromium
from tests.sampling.verifiers.verdicts import PAGE, text

pytestmark = pytest.mark.browser
TAB, SPACE = "\ue004", " "


@pytest.fixture
def fresh() -> Iterator[Browser]:
    with chromium() as browser:
        browser.open(PAGE)
        yield browser


def write(folder: Path, name: str, document: Any) -> Path:
    file = folder / name
    file.write_bytes(text(document))
    return file


def test_a_transcript_and_its_ledger_are_shown_step_by_step_in_both_languages(fresh: Browser, tmp_path: Path) -> None:
    full, *_, chain = issued.object_issue(5)
    fresh.choose("transcript", write(tmp_path, "transcript.json", full))
    assert fresh.outcome() == ("holds", "")
    fresh.choose("ledger", write(tmp_path, "ledger.json", chain.export()))
    assert fresh.outcome() == ("holds", "")
    seen = {}
    for language in ("zh", "en"):
        fresh.run(f"document.querySelector('[data-language={language}]').click()")
        seen[language] = fresh.run("return document.body.innerText")
        assert fresh.run("return document.querySelectorAll('.steps > li[data-state=holds]').length") >= 15
        assert fresh.run("return document.querySelectorAll('.steps p:empty, .steps dd:empty, h3:empty').length") == 0
    assert "核验通过" in seen["zh"]
    assert "Verified" in seen["en"]
    assert full["commitment_digest"] in seen["en"]
    assert full["result"]["selected"][0]["unit_id"] in seen["zh"]


def test_a_ledger_is_examined_by_itself_and_against_a_head_that_was_kept(fresh: Browser, tmp_path: Path) -> None:
    *_, chain = issued.object_issue(5)
    ledger, kept = write(tmp_path, "ledger.json", chain.export()), write(tmp_path, "head.json", issued.signed(chain.head))
    fresh.choose("ledger", ledger)
    assert fresh.outcome() == ("holds", "")
    assert fresh.run("return document.getElementById('step-earlier').dataset.state") == "unchecked"
    fresh.choose("transcript", ledger)
    fresh.choose("ledger", kept)
    fresh.until("return document.getElementById('step-earlier').dataset.state === 'holds'")
    fresh.choose("ledger", write(tmp_path, "forged.json", chain.head | {"digest": "0" * 64}))
    fresh.until("return document.getElementById('report').dataset.status === 'fails'")
    assert fresh.outcome() == ("fails", "earlier")
    for language, words in (("zh", "与此前留存者一致"), ("en", "Consistent with what was kept")):
        fresh.run(f"document.querySelector('[data-language={language}]').click()")
        assert words in fresh.run("return document.body.innerText")


def test_the_first_step_that_does_not_hold_is_named_and_later_ones_are_not_reached(fresh: Browser, tmp_path: Path) -> None:
    document = makers.team_transcript(3)
    document["result"]["selected"][0]["tickets"][0] = "0" * 64
    fresh.choose("transcript", write(tmp_path, "transcript.json", document))
    assert fresh.outcome() == ("fails", "teams")
    assert fresh.run("return document.getElementById('step-teams').dataset.state") == "fails"
    assert fresh.run("return document.getElementById('step-ledger').dataset.state") == "unreached"


def test_text_in_a_file_is_shown_as_text(fresh: Browser, tmp_path: Path) -> None:
    document = makers.object_transcript(4)
    document["commitment"]["campaign"] = "<img src=x onerror=document.title='owned'>"
    fresh.choose("transcript", write(tmp_path, "transcript.json", issued.recommit(document)))
    assert fresh.outcome() == ("holds", "")
    assert fresh.run("return [document.querySelectorAll('#report img').length, document.title]")[0] == 0
    assert "<img" in fresh.run("return document.getElementById('report').innerText")


def test_keyboard_and_screen_reader_find_their_way(fresh: Browser, tmp_path: Path) -> None:
    reached = []
    for _ in range(6):
        fresh.keys(TAB)
        reached.append(fresh.run("const e = document.activeElement; return e.id || e.dataset.language || e.className"))
    assert reached == ["skip", "zh", "en", "transcript", "ledger", "key"]
    fresh.run("document.querySelector('[data-language=zh]').focus()")
    fresh.keys(SPACE)
    assert fresh.run("return document.documentElement.lang") == "zh-Hans"
    fresh.choose("transcript", write(tmp_path, "transcript.json", makers.object_transcript(2)))
    assert fresh.outcome() == ("holds", "")
    assert fresh.run("return document.activeElement.id") == "verdict-title"
    assert fresh.run("return document.getElementById('live').textContent") == "核验完成：通过。"
    sections = fresh.run("return [...document.querySelectorAll('section')].map((s) => s.getAttribute('aria-labelledby'))")
    assert sections
    assert all(fresh.run("return document.getElementById(arguments[0]) !== null", name) for name in sections)


def test_nothing_leaves_the_page_and_the_result_prints(fresh: Browser, tmp_path: Path) -> None:
    fresh.choose("transcript", write(tmp_path, "transcript.json", makers.object_transcript(2)))
    assert fresh.outcome() == ("holds", "")
    requests = fresh.run("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert [name for name in requests if not name.startswith("blob:")] == []
    printed = tmp_path / "result.pdf"
    fresh.pdf(printed)
    assert base64.b64encode(printed.read_bytes()[:4]) == base64.b64encode(b"%PDF")


def test_the_page_stays_responsive_over_many_units(fresh: Browser, tmp_path: Path) -> None:
    file = write(tmp_path, "transcript.json", makers.object_transcript(9, size=20000))
    fresh.run(
        "window.longest = 0; let last = performance.now();"
        "setInterval(() => { const now = performance.now();"
        " longest = Math.max(longest, now - last); last = now; }, 10);"
    )
    fresh.choose("transcript", file)
    assert fresh.outcome() == ("holds", "")
    assert fresh.run("return window.longest") < 1000

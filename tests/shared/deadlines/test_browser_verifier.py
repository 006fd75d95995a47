"""The page for a USB stick agrees with the engine and with the Python verifier, in a real browser without a network."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from shared import deadlines
from shared.vocabulary import DeadlineUnit
from tests.sampling.verifiers.browser import Browser, chromium
from tests.shared.deadlines.agreement import cases
from tests.shared.deadlines.documents import changed, encoded, in_hours, paused_and_extended, places, redigested, rolled

PAGE = Path(deadlines.__file__).with_name("verifiers") / "verify_date.html"
VERIFY = "return arguments[0].map((text) => { const v = Dates.verify(text); return [v.holds, v.due, v.reason]; })"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        opened.open(PAGE)
        yield opened


def verdicts(browser: Browser, documents: list[dict[str, Any]]) -> list[tuple[bool, str | None]]:
    results = browser.run(VERIFY, [encoded(document).decode() for document in documents])
    return [(holds, due) for holds, due, _ in results]


def test_page_and_engine_agree_on_random_dates(browser: Browser) -> None:
    made = cases(600)
    while batch := list(islice(made, 100)):
        documents = [deadlines.explain(deadline) for deadline in batch]
        hours = [deadline.rule.unit is DeadlineUnit.H for deadline in batch]
        due = [d["result"]["due_at" if by_hours else "due_day"] for d, by_hours in zip(documents, hours, strict=True)]
        assert verdicts(browser, documents) == [(True, day) for day in due]


@pytest.mark.parametrize("make", [paused_and_extended, rolled, in_hours])
def test_the_page_rejects_every_changed_value(browser: Browser, make: Any) -> None:
    document = make()
    mutants = [changed(document, path) for path in places(document)]
    assert verdicts(browser, [document])[0][0] is True
    assert [holds for holds, _ in verdicts(browser, mutants)] == [False] * len(mutants)


@pytest.mark.parametrize("make", [paused_and_extended, rolled])
def test_the_page_rejects_a_forger_who_renews_the_digest(browser: Browser, make: Any) -> None:
    mutants = list(redigested(make()))
    assert len(mutants) > 100
    assert [holds for holds, _ in verdicts(browser, mutants)] == [False] * len(mutants)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"a":1,"a":2}', '{"a":1.5}', '{"a":NaN}', "[" * 9999, '{"a":1}x', '"\\x"'])
def test_the_page_rejects_anything_else(browser: Browser, text: str) -> None:
    assert browser.run(VERIFY, [text])[0][0] is False


def test_a_chosen_file_is_shown_with_its_verdict_and_its_days(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "date.json"
    file.write_text(json.dumps(deadlines.explain(deadlines.due("K05", date(2024, 9, 9))), ensure_ascii=False))
    browser.open(PAGE)
    browser.choose("file", file)
    report = browser.until("const box = document.getElementById('report'); return !box.hidden && box.innerText;")
    assert "核验通过: 届满 2024-09-30" in report
    assert "国办发明电〔2023〕7号" in report
    assert "2024-09-16" in report

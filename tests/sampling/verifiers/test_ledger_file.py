"""A ledger by itself, and the head that somebody kept: both verifiers say the same, and name the same step."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.sampling.verifiers import issued
from tests.sampling.verifiers.browser import Browser
from tests.sampling.verifiers.issued import PERIODS, Chain
from tests.sampling.verifiers.verdicts import page_says, program, python_says, text

pytestmark = pytest.mark.browser
HOLDS = ("holds", "")


def digest_of(number: int) -> str:
    return f"{number:064x}"


def seal(chain: Chain, number: int, attempt: int = 1, supersedes: int | None = None) -> None:
    body = {"attempt": attempt, "commitment_digest": digest_of(number), "exclusions_digest": digest_of(0)}
    replaced = None if supersedes is None else digest_of(supersedes)
    chain.add("seal", f"draw-{number}", "sealer", PERIODS[0], {**body, "supersedes": replaced})


def give_up(chain: Chain, number: int) -> None:
    body = {"approved_by": "second", "commitment_digest": digest_of(number), "ground": "名录有误"}
    chain.add("abort", f"draw-{number}", "first", PERIODS[1], body)


def redrawn() -> Chain:
    """A draw, given up, and the next attempt."""
    chain = Chain()
    seal(chain, 1)
    give_up(chain, 1)
    seal(chain, 2, attempt=2, supersedes=1)
    return chain


def both(page: Browser, document: Any, earlier: Any = None) -> tuple[str, str]:
    raw, kept = text(document), None if earlier is None else text(earlier)
    mine, (theirs,) = python_says(raw, kept), page_says(page, [(raw, kept)])
    assert mine == theirs
    return mine


def test_a_ledger_with_every_attempt_holds_and_says_how_many_there_were(page: Browser) -> None:
    assert both(page, redrawn().export()) == HOLDS
    report = program.verify(text(redrawn().export())).as_json()
    said = {step["step"]: step["recomputed"]["en"] for step in report["steps"]}
    assert said["attempts"] == "1 draw(s) sealed; 1 draw(s) aborted"
    assert report["not_checked"] == ["earlier"]


def twice() -> Chain:
    chain = redrawn()
    seal(chain, 3, attempt=2, supersedes=1)
    return chain


def not_given_up() -> Chain:
    chain = Chain()
    seal(chain, 1)
    seal(chain, 2, attempt=2, supersedes=1)
    return chain


def wrong_attempt() -> Chain:
    chain = Chain()
    seal(chain, 1)
    give_up(chain, 1)
    seal(chain, 2, attempt=3, supersedes=1)
    return chain


def fresh_start() -> Chain:
    chain = Chain()
    seal(chain, 1, attempt=2)
    return chain


def sealed_twice() -> Chain:
    chain = Chain()
    seal(chain, 1)
    body = chain.entries[0]["body"]
    chain.add("seal", "draw-2", "sealer", PERIODS[2], body)
    return chain


def executed_after_abort() -> Chain:
    chain = Chain()
    seal(chain, 1)
    give_up(chain, 1)
    execution = {name: digest_of(9) for name in ("ranking_root", "reserves_digest", "seed", "selected_digest")}
    chain.add("execution", "draw-1", "drawer", PERIODS[3], {**execution, "commitment_digest": digest_of(1)})
    return chain


@pytest.mark.parametrize("made", [twice, not_given_up, wrong_attempt, fresh_start, sealed_twice, executed_after_abort])
def test_a_redraw_that_hides_something_is_refused_in_a_well_chained_ledger(made: Callable[[], Chain], page: Browser) -> None:
    assert both(page, made().export()) == ("fails", "attempts")


def test_a_ledger_goes_on_from_every_head_and_ledger_that_was_kept(page: Browser) -> None:
    chain, now = Chain(), redrawn()
    for entry in now.entries:
        chain.entries.append(entry)
        assert both(page, now.export(), issued.signed(chain.head)) == HOLDS
        assert both(page, now.export(), chain.export()) == HOLDS


def forged(head: Any) -> Any:
    return {**head, "digest": "0" * 64}


def moved(head: Any) -> Any:
    return {**head, "seq": head["seq"] - 1}


def unsigned_change(head: Any) -> Any:
    return {**issued.signed(head), "seq": 1}


@pytest.mark.parametrize("change", [forged, moved, unsigned_change])
def test_a_head_that_was_never_published_is_refused(change: Callable[[Any], Any], page: Browser) -> None:
    assert both(page, redrawn().export(), change(redrawn().head)) == ("fails", "earlier")


def test_an_old_ledger_shown_again_to_one_who_kept_a_later_head_is_refused(page: Browser) -> None:
    old = redrawn()
    old.entries.pop()
    assert both(page, old.export(), redrawn().head) == ("fails", "earlier")
    assert both(page, old.export(), redrawn().export()) == ("fails", "earlier")


def test_a_rewritten_past_is_refused_whatever_was_chained_after_it(page: Browser) -> None:
    kept = issued.signed(redrawn().head)
    other = Chain()
    seal(other, 7)
    give_up(other, 7)
    seal(other, 8, attempt=2, supersedes=7)
    seal(other, 9)
    assert both(page, other.export()) == HOLDS
    assert both(page, other.export(), kept) == ("fails", "earlier")


def test_an_entry_taken_out_of_the_middle_is_refused(page: Browser) -> None:
    cut = copy.deepcopy(redrawn().export())
    del cut["entries"][1]
    assert both(page, cut) == ("fails", "ledger")

"""Valid documents are accepted and every mutation is refused, by both verifiers alike, with the same step."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.page import PageProgram
from tests.sampling.verifiers import issued, makers, mutations
from tests.sampling.verifiers.agreement import agree
from tests.sampling.verifiers.browser import Browser
from tests.sampling.verifiers.verdicts import PAGE, page_says, python_says, text

VECTOR_FILE = Path(__file__).parents[1] / "draw" / "draw-vectors.json"
VECTORS = json.loads(VECTOR_FILE.read_text(encoding="utf-8"))["transcripts"]
RUNS = int(os.environ.get("DRAW_AGREEMENT_RUNS", "150"))
# Mutations tried of each document in one run, spread evenly over it; set it high to try them all.
MUTATIONS = int(os.environ.get("DRAW_MUTATIONS", "600"))
HOLDS = ("holds", "")
# Where a change is first seen, by the part of the document that was changed.
SEEN = {
    "commitment": {"form", "commitment", "file"},
    "commitment_digest": {"form", "commitment"},
    "contributions": {"form", "contributions", "secret", "seed"},
    "exclusions": {"form", "exclusions", "ledger", "signature"},
    "exclusions_digest": {"form", "ledger"},
    "distribution": {"form", "signature"},
    "entries": {"form", "ledger", "attempts", "signature"},
    "frame": {"form", "frame"},
    "head": {"form", "ledger"},
    "leaves": {"form", "frame"},
    "ledger": {"form", "ledger", "replacements", "signature"},
    "membership": {"form", "inclusion", "rank"},
    "replacements": {"form", "replacements"},
    "result": {"form", "inclusion", "selection", "reserves", "certificates", "teams", "ledger", "replacements"},
    "revealed": {"form", "inclusion"},
    "seed": {"form", "seed"},
    "signature": {"form", "signature"},
}


def documents() -> dict[str, Any]:
    full, public, rank, chain = issued.object_issue(5)
    team, public_team, _ = issued.team_issue(3)
    return {
        **{vector["name"]: vector["transcript"] for vector in VECTORS},
        "object": full,
        "ledger": chain.export(),
        "redacted object": public,
        "rank": rank,
        "team": team,
        "redacted team": public_team,
        "sealed": issued.signed(issued.sealed_only(full)),
    }


DOCUMENTS = documents()


@pytest.mark.browser
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_true_document_holds(name: str, page: Browser) -> None:
    raw = text(DOCUMENTS[name])
    assert python_says(raw) == HOLDS
    assert page_says(page, [(raw, None)]) == [HOLDS]


@pytest.mark.browser
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_mutation_is_refused_by_both_at_the_same_step(name: str, page: Browser) -> None:
    # Taking the whole signature or ledger away from an unsigned document leaves a true document that says less.
    changed = [
        (at, kind, raw) for at, kind, raw in mutations.mutants(DOCUMENTS[name]) if (at, kind) != (("signature",), "removed")
    ]
    changed = changed[:: -(-len(changed) // MUTATIONS)]
    raws = [text(raw) for _, _, raw in changed]
    mine, theirs = [python_says(raw) for raw in raws], page_says(page, [(raw, None) for raw in raws])
    accepted = [(at, kind) for (at, kind, _), verdict in zip(changed, mine, strict=True) if verdict == HOLDS]
    assert accepted == []
    differ = [(at, kind, one, other) for (at, kind, _), one, other in zip(changed, mine, theirs, strict=True) if one != other]
    assert differ[:5] == []
    steps = Counter((at[0], step) for (at, kind, _), (_, step) in zip(changed, mine, strict=True) if len(at) > 1)
    assert {(part, step) for part, step in steps if step not in SEEN[str(part)]} == set()
    assert len(changed) > 200


def test_the_service_and_both_verifiers_agree_on_random_draws_and_on_random_changes_of_them() -> None:
    program = PageProgram(PAGE)
    covered = Counter(what for number in range(RUNS) for what in agree(program, number))
    assert covered >= Counter(
        ["weighted", "targeted", "attempt above 1", "replacement of a member", "sha-256", "sm3", "changed: fails"]
    )


@pytest.mark.browser
def test_both_accept_random_transcripts(page: Browser) -> None:
    made = [make(number) for number in range(RUNS) for make in (makers.object_transcript, makers.team_transcript)]
    raws = [text(document) for document in made]
    refused = [number for number, raw in enumerate(raws) if python_says(raw) != HOLDS]
    assert refused == []
    assert [number for number, verdict in enumerate(page_says(page, [(raw, None) for raw in raws])) if verdict != HOLDS] == []


@pytest.mark.browser
def test_both_accept_random_issued_documents_with_their_ledger(page: Browser) -> None:
    files: list[tuple[bytes, bytes | None]] = []
    for number in range(RUNS // 5):
        *shown, chain = issued.object_issue(number)
        full, public, team_chain = issued.team_issue(number)
        files += [(text(document), text(chain.export())) for document in shown]
        files += [(text(document), text(team_chain.head)) for document in (full, public)]
    assert {python_says(*pair) for pair in files} == {HOLDS}
    assert set(page_says(page, files)) == {HOLDS}

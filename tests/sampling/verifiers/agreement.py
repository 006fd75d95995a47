"""Random draws of every kind, on which the service, the verifiers and a slow maker that tries everything must agree.

    python -m tests.sampling.verifiers.agreement [runs] [first number]

Each number is the seed of one draw: run it again with `1 NUMBER`. Beside each true document stands one with a random change,
of which both verifiers must say the same.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from deploy.demo.page import PageProgram
from services.sampling.draw import ledger, membership, redaction, signatures, transcript
from tests.sampling.verifiers import issued, makers, mutations
from tests.sampling.verifiers.verdicts import PAGE, python_says

Json = dict[str, Any]
Files = list[tuple[Json, Json | None]]
KINDS = ("objects", "teams", "object replacements", "team replacements", "redraw", "sealed")
HOLDS = ("holds", "")
SIGNED_EVERY = 7
"""The draws whose files keep their signatures: signatures alone would take most of the time."""


class Disagreement(AssertionError):
    """Two who should agree do not; names the seed."""


def same(number: int, what: str, one: Any, other: Any) -> None:
    """Fail with the seed where two differ."""
    if one != other:
        raise Disagreement(f"seed {number}: {what}: {str(one)[:400]} / {str(other)[:400]}")


def served(number: int, document: Json) -> Json:
    """The core as the service makes it of the same commitment, frame and values; its result must be the maker's."""
    parts = [document[name] for name in ("commitment", "frame", "contributions", "exclusions")]
    core = transcript.transcript(*parts)
    for name in ("commitment_digest", "seed", "result"):
        same(number, f"{name} of the service", core[name], document[name])
    return core


def made(number: int) -> tuple[Files, list[Json]]:
    """The files of one draw with the ledger beside them, and the full documents that the service must make alike."""
    kind = KINDS[number % len(KINDS)]
    if kind == "objects":
        document = makers.object_transcript(number)
        return [(document, None)], [document]
    if kind == "teams":
        document = makers.team_transcript(number)
        return [(document, None)], [document]
    if kind == "object replacements":
        full, public, rank, chain = issued.object_issue(number)
        _alike(number, full, public, rank)
        return [(full, chain.export()), (public, chain.head), (rank, chain.export()), (chain.export(), chain.head)], [full]
    if kind == "team replacements":
        full, public, chain = issued.team_issue(number)
        return [(full, chain.export()), (public, chain.export())], [full, *full["replacements"]]
    if kind == "redraw":
        full, chain = issued.redraw_issue(number)
        return [(full, chain.export()), (chain.export(), chain.head)], [full]
    document = makers.object_transcript(number) if number % 4 == 1 else makers.team_transcript(number)
    return [(issued.signed(issued.sealed_only(document)), None)], [document]


def _alike(number: int, full: Json, public: Json, rank: Json) -> None:
    """The service redacts, proves and signs as the maker does."""
    core, redacted, proof = (
        {name: value for name, value in document.items() if name not in ("ledger", "signature")}
        for document in (full, public, rank)
    )
    used = [entry["unit_id"] for entry in public["result"]["reserves"]]
    same(number, "redacted transcript", redaction.redacted(core, used), redacted)
    same(number, "proof of rank", membership.membership(core, proof["membership"]["unit"]["unit_id"]), proof)
    ledger.check(full["ledger"])
    signatures.check_signature(full)


def ask(page: PageProgram, document: Any, beside: Any) -> tuple[tuple[str, str], tuple[str, str]]:
    """What each verifier says."""
    raw = json.dumps(document, ensure_ascii=False)
    other = None if beside is None else json.dumps(beside, ensure_ascii=False)
    said = page.says(raw, other)
    return python_says(raw.encode(), None if other is None else other.encode()), (said.status, said.step)


def agree(page: PageProgram, number: int) -> Iterator[str]:
    """Check one draw; yields what it covered.

    Raises:
        Disagreement: names the seed.
    """
    files, full = made(number)
    if number % SIGNED_EVERY:
        files = [(_unsigned(document), _unsigned(beside)) for document, beside in files]
    for document in full:
        served(number, document)
        yield from _covers(document)
    rng = random.Random(number)
    for document, beside in files:
        for verdict in ask(page, document, beside):
            same(number, "a true document", verdict, HOLDS)
    document, beside = rng.choice(files)
    at, kind, changed = mutations.any_mutant(document, rng)
    mine, theirs = ask(page, changed, beside)
    same(number, f"{kind} at {at}", mine, theirs)
    if "signature" in document and (at, kind) != (("signature",), "removed"):
        same(number, f"{kind} at {at}: accepted", mine == HOLDS, False)
    yield f"changed: {mine[0]}"


def _unsigned(document: Any) -> Any:
    return document and {name: value for name, value in document.items() if name != "signature"}


def _covers(document: Json) -> Iterator[str]:
    commitment, parameters = document["commitment"], document["commitment"]["parameters"]
    yield commitment["hash"]
    yield commitment["kind"]
    if any(unit["weight"] > 1 for unit in document["frame"]):
        yield "weighted"
    if any("multiplier" in row or "floor" in row for row in parameters.get("allocation", [])):
        yield "targeted"
    if commitment["attempt"] > 1:
        yield "attempt above 1"
    if "replaces" in parameters:
        yield "replacement of a member"


def main(runs: int = 100_000, first: int = 0) -> None:
    """Run and report."""
    page, covered, began = PageProgram(PAGE), Counter[str](), time.monotonic()
    for done, number in enumerate(range(first, first + runs), start=1):
        covered.update([KINDS[number % len(KINDS)], *agree(page, number)])
        if done % 1000 == 0 or done == runs:
            sys.stdout.write(f"{done} draws agree after {time.monotonic() - began:.0f} s\n")
            sys.stdout.flush()
    report = {"draws": runs, "first": first, "covered": dict(sorted(covered.items()))}
    sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""Files made to deceive or to choke a verifier are refused by both, with status and step alike."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.sampling.verifiers import issued, makers
from tests.sampling.verifiers.browser import Browser
from tests.sampling.verifiers.verdicts import PROGRAM, page_says, program, python_says, text

GOOD = text(makers.object_transcript(1))
UNREADABLE = ("unreadable", "file")
FILES = {
    "empty": b"",
    "not JSON": b"PK\x03\x04",
    "not UTF-8": GOOD.replace("骰".encode(), b"\xff\xfe"),
    "byte order mark": b"\xef\xbb\xbf" + GOOD,
    "trailing text": GOOD + b"x",
    "duplicate key": GOOD.replace(b'"seed":', b'"seed": "", "seed":'),
    "duplicate key by escape": GOOD.replace(b'"seed":', b'"se\\u0065d": "", "seed":'),
    "float": GOOD.replace(b'"attempt": ', b'"attempt": 1.0, "x": '),
    "exponent": GOOD.replace(b'"attempt": ', b'"x": 1e3, "attempt": '),
    "big integer": GOOD.replace(b'"attempt": ', b'"x": 9007199254740992, "attempt": '),
    "huge integer": GOOD.replace(b'"attempt": ', b'"x": ' + b"9" * 100000 + b', "attempt": '),
    "minus zero": GOOD.replace(b'"attempt": ', b'"x": -0, "attempt": '),
    "NaN": GOOD.replace(b'"attempt": ', b'"x": NaN, "attempt": '),
    "infinity": GOOD.replace(b'"attempt": ', b'"x": -Infinity, "attempt": '),
    "leading zero": GOOD.replace(b'"attempt": ', b'"x": 01, "attempt": '),
    "lone surrogate": GOOD.replace("骰".encode(), b"\\ud83c"),
    "control character": GOOD.replace("骰".encode(), b"\n"),
    "deep": b'{"commitment":' + b"[" * 33 + b"]" * 33 + b"}",
    "very deep": b"[" * 1000000,
    "other protocol": GOOD.replace(b"ccc-draw/1", b"ccc-draw/2"),
    "no commitment": b"{}",
    "an array": b"[]",
    "prototype": b'{"__proto__":{"commitment":{"protocol":"ccc-draw/1"}}}',
}


@pytest.mark.browser
def test_what_is_no_strict_json_transcript_is_unreadable(page: Browser) -> None:
    says = page_says(page, [(raw, None) for raw in FILES.values()])
    for (name, raw), theirs in zip(FILES.items(), says, strict=True):
        assert (name, python_says(raw)) == (name, UNREADABLE)
        assert (name, theirs) == (name, UNREADABLE)


def forged(change: Callable[[Any], None]) -> bytes:
    """A draw that was made wrong and whose digest and seed were then computed to match."""
    document = copy.deepcopy(makers.object_transcript(7))
    change(document)
    return text(issued.recommit(document))


def frame_of(*units: Any) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        hash_ = makers.hasher(document["commitment"]["hash"])
        document["frame"] = list(units) or document["frame"][:-1]
        document["commitment"]["frame_root"] = makers.root(makers.leaves_of(document["frame"], hash_), hash_).hex()
        document["commitment"]["frame_size"] = len(document["frame"])

    return change


def move_quota(document: Any) -> None:
    rows = document["commitment"]["parameters"]["allocation"]
    giver = next(row for row in rows if row["quota"])
    taker = next(row for row in rows if row is not giver and row["quota"] + row["reserves"] < row["units"])
    giver["quota"] -= 1
    taker["quota"] += 1


UNITS = makers.object_transcript(7)["frame"]
FORGERIES: dict[str, tuple[Callable[[Any], None], str]] = {
    "a unit taken out before sealing differs from the strata": (frame_of(), "allocation"),
    "a unit twice": (frame_of(UNITS[0], UNITS[0], *UNITS[1:]), "frame"),
    "units out of order": (frame_of(*reversed(UNITS)), "frame"),
    "weight beyond the bound": (frame_of({**UNITS[0], "weight": 1001}, *UNITS[1:]), "frame"),
    "no certificate": (frame_of({**UNITS[0], "items": []}, *UNITS[1:]), "frame"),
    "decomposed identifier": (frame_of({**UNITS[0], "unit_id": "e\u0301"}), "frame"),
    "quotas exchanged": (move_quota, "allocation"),
    "first attempt that supersedes": (lambda d: d["commitment"].update(attempt=1, supersedes="0" * 64), "redraw"),
    "public value known at sealing": (
        lambda d: d["commitment"]["entropy_plan"][2].update(not_before=d["commitment"]["sealed_at"]),
        "entropy",
    ),
    "no outside source": (
        lambda d: d["commitment"].update(entropy_plan=d["commitment"]["entropy_plan"][:1]),
        "entropy",
    ),
    "source twice": (lambda d: d["commitment"]["entropy_plan"][2].update(source="server"), "entropy"),
    "another secret": (lambda d: d["contributions"][0].update(value="0" * 64), "secret"),
    "two values of one source": (lambda d: d["contributions"].append(d["contributions"][1]), "contributions"),
    "excluded and in the frame": (
        lambda d: d["exclusions"].append({"reason": "x", "unit_id": d["frame"][0]["unit_id"]}),
        "exclusions",
    ),
}


@pytest.mark.browser
def test_a_forgery_with_matching_digests_is_named_by_its_step(page: Browser) -> None:
    made = {name: (forged(change), step) for name, (change, step) in FORGERIES.items()}
    says = page_says(page, [(raw, None) for raw, _ in made.values()])
    for (name, (raw, step)), theirs in zip(made.items(), says, strict=True):
        assert (name, python_says(raw)) == (name, ("fails", step))
        assert (name, theirs) == (name, ("fails", step))


def ledgers() -> dict[str, tuple[Any, str]]:
    """Ledgers beside a true transcript that contradict it."""
    *_, chain = issued.object_issue(5)
    *_, other = issued.object_issue(6)
    export = chain.export()
    cut = {**export, "entries": [*export["entries"][:3], *export["entries"][4:]]}
    tail = {**chain.head, "digest": "0" * 64}
    return {
        "another ledger": (other.export(), "ledger"),
        "an entry cut out": (cut, "ledger"),
        "forged head": (tail, "ledger"),
    }


@pytest.mark.browser
def test_a_forged_cut_or_foreign_ledger_is_refused(page: Browser) -> None:
    full = text(issued.object_issue(5)[0])
    made = {name: (text(ledger), step) for name, (ledger, step) in ledgers().items()}
    says = page_says(page, [(full, raw) for raw, _ in made.values()])
    for (name, (raw, step)), theirs in zip(made.items(), says, strict=True):
        assert (name, python_says(full, raw)) == (name, ("fails", step))
        assert (name, theirs) == (name, ("fails", step))


def test_another_published_key_is_refused() -> None:
    full = text(issued.object_issue(5)[0])
    assert program.verify(full, None, bytes.fromhex(issued.PUBLIC)).status == "holds"
    assert program.verify(full, None, bytes(32)).failure[0] == "signature"


@pytest.mark.parametrize(("raw", "status"), [(GOOD, 0), (GOOD.replace(b'"rank": 1,', b'"rank": 2,', 1), 1), (b"{", 2)])
def test_the_exit_status_distinguishes_holds_fails_and_unreadable(raw: bytes, status: int, tmp_path: Any) -> None:
    file = tmp_path / "transcript.json"
    file.write_bytes(raw)
    done = subprocess.run([sys.executable, "-I", str(PROGRAM), str(file), "--json"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (status, b"")
    assert json.loads(done.stdout)["status"] == ("holds", "fails", "unreadable")[status]


def test_a_missing_file_is_unreadable(tmp_path: Any) -> None:
    assert program.main([str(tmp_path / "absent.json")]) == 2

"""What checking a draw costs beside what it cannot avoid.

    python tests/benchmarks/verifier_bench.py [units] [units in the browser]

Python: `verify_draw.py` over a transcript, as a process, beside (a) hashing its ids once with hashlib and (b) the bare work
that the protocol asks of any verifier: parse the file, and for each unit hash its canonical text, one node of the tree and its
ticket. The first bar is out of reach for any verifier: reading the file alone takes longer than hashing the ids in it.
Browser: the page in Chromium from its file, network off; seconds, values of its progress bar, longest time without an answer.
Prints JSON.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.sampling.draw import commitment, parameters, transcript
from services.sampling.draw.allocation import Stratum
from services.sampling.draw.frame import units_per_stratum
from tests.benchmarks.draw_bench import best_of, frame_of, hash_all
from tests.sampling.verifiers.browser import chromium
from tests.sampling.verifiers.verdicts import PAGE, PROGRAM

WATCH = """
window.longest = 0; window.shares = new Set();
let last = performance.now();
setInterval(() => {
  const now = performance.now();
  longest = Math.max(longest, now - last); last = now;
  if (!document.getElementById("working").hidden) shares.add(document.getElementById("progress").value);
}, 10);
"""


def document_of(size: int) -> dict[str, Any]:
    """A full transcript over `size` organisations, of which a thousandth are drawn."""
    frame, secret = frame_of(size), bytes(32)
    strata = [Stratum(name, units) for name, units in units_per_stratum(frame).items()]
    sample = max(len(strata), size // 1000)
    terms = {
        "allocation": parameters.allocation(strata, sample, 5),
        "minimum_ratio": [0, 1],
        "sample_size": sample,
        "waiver": None,
    }
    act = commitment.Act("draw", "campaign", "sealer", datetime(2024, 8, 5, 1, tzinfo=UTC), None)
    sealed = commitment.commit(act, "object", frame, terms, secret, [{"kind": "witness", "source": "witness"}])
    values = [{"source": "server", "value": secret.hex()}, {"source": "witness", "value": "8-16-23"}]
    return transcript.transcript(sealed, frame, values, [])


def bare(file: Path) -> None:
    """What nobody who checks this file can leave out, without a single comparison."""
    document = json.loads(file.read_bytes())
    sha, prefix, node = hashlib.sha256, bytes(40), bytes(65)
    for unit in document["frame"]:
        text = (
            f'{{"items":["{unit["items"][0]}"],"salt":"{unit["salt"]}","stratum":"{unit["stratum"]}",'
            f'"unit_id":"{unit["unit_id"]}","weight":{unit["weight"]}}}'
        )
        sha(b"\x00" + text.encode()).digest()
        sha(node).digest()
        sha(prefix + unit["unit_id"].encode()).digest()


def check(file: Path) -> None:
    """Run the verifier as anyone would."""
    subprocess.run([sys.executable, "-I", str(PROGRAM), str(file)], check=True, capture_output=True)


def python(size: int, file: Path) -> dict[str, Any]:
    """Time the Python verifier."""
    document = document_of(size)
    file.write_text(json.dumps(document, ensure_ascii=False))
    ids = [unit["unit_id"] for unit in document["frame"]]
    hashing, least, checking = best_of(3, lambda: hash_all(ids)), best_of(3, lambda: bare(file)), best_of(3, lambda: check(file))
    return {
        "units": size,
        "file_mb": round(file.stat().st_size / 1e6, 1),
        "hash_ids_s": round(hashing, 3),
        "bare_work_s": round(least, 3),
        "verify_s": round(checking, 3),
        "ratio_to_hashing_ids": round(checking / hashing, 1),
        "ratio_to_bare_work": round(checking / least, 2),
    }


def browser(size: int, file: Path) -> dict[str, Any]:
    """Time the page."""
    file.write_text(json.dumps(document_of(size), ensure_ascii=False))
    with chromium() as page:
        page.open(PAGE)
        page.run(WATCH)
        started = time.perf_counter()
        page.choose("transcript", file)
        outcome = page.outcome()
        seconds = time.perf_counter() - started
        longest, shares = page.run("return [window.longest, window.shares.size]")
    return {
        "units": size,
        "outcome": outcome[0],
        "seconds": round(seconds, 2),
        "progress_values": shares,
        "longest_ms": round(longest),
    }


if __name__ == "__main__":
    units, shown = (*map(int, sys.argv[1:]), *(1_000_000, 100_000)[len(sys.argv) - 1 :])
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "transcript.json"
        report = {"python": python(units, path), "browser": browser(shown, path)}
    sys.stdout.write(json.dumps(report, indent=1) + "\n")

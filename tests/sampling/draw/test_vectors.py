"""The worked examples of the protocol, byte for byte."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.sampling.draw.allocation import Stratum, allocate
from services.sampling.draw.commitment import commitment_digest
from services.sampling.draw.transcript import transcript
from shared.core.canonical import canonical

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("draw-vectors.json").read_text(encoding="utf-8"))
TRANSCRIPTS = {vector["name"]: vector["transcript"] for vector in VECTORS["transcripts"]}


@pytest.mark.parametrize("vector", VECTORS["allocations"], ids=lambda vector: f"n={vector['n']}")
def test_an_allocation_is_the_one_of_the_worked_example(vector: dict[str, Any]) -> None:
    assert allocate([Stratum(**stratum) for stratum in vector["strata"]], vector["n"]) == vector["quota"]


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_a_transcript_is_the_worked_example_byte_for_byte(name: str) -> None:
    expected = TRANSCRIPTS[name]
    given = [expected[part] for part in ("commitment", "frame", "contributions", "exclusions")]
    assert canonical(transcript(*given)) == canonical(expected)


def test_the_worked_examples_cover_both_kinds_and_both_hashes() -> None:
    covered = {(t["commitment"]["kind"], t["commitment"]["hash"]) for t in TRANSCRIPTS.values()}
    assert covered == {("object", "sha-256"), ("object", "sm3"), ("inspector", "sha-256")}


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_the_digest_of_a_commitment_is_that_of_the_worked_example(name: str) -> None:
    assert commitment_digest(TRANSCRIPTS[name]["commitment"]) == TRANSCRIPTS[name]["commitment_digest"]

"""The engine against the table that was derived without it, and the delivered data against the texts they come from."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from shared import deadlines
from shared.deadlines import Extension, Moment, Pause
from tests.shared.deadlines import derive_vectors

ROWS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))


def moment(text: str) -> Moment:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['rule']}-{row['trigger']}-{row['extension']}")
def test_the_engine_agrees_with_the_derived_table(row: dict[str, Any]) -> None:
    pauses = [Pause(moment(first), moment(last), "testing") for first, last in row["pauses"]]
    extensions = [Extension("agency_head")] if row["extension"] else []
    deadline = deadlines.due(row["rule"], moment(row["trigger"]), pauses=pauses, extensions=extensions)
    assert deadline.ends == moment(row["result"]), row["derivation"]


def test_the_table_is_what_its_derivation_gives_and_covers_every_rule() -> None:
    assert json.loads(json.dumps(list(derive_vectors.rows()))) == ROWS
    assert len(ROWS) >= 150
    assert {row["rule"] for row in ROWS} == set(deadlines.dataset().rules) - {"K04"}
    assert all(row["derivation"] for row in ROWS)

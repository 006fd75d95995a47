import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from shared.terms import Role
from tests.sampling.service.province import Stage

VERIFIER = Path(__file__).parents[3] / "services" / "sampling" / "verifiers" / "verify_draw.py"


def verified(document: dict[str, Any], tmp_path: Path, ledger: dict[str, Any] | None = None) -> str:
    """The offline verifier's words on a document that the service handed out; it must hold."""
    (tmp_path / "document.json").write_text(json.dumps(document))
    extra = []
    if ledger is not None:
        (tmp_path / "ledger.json").write_text(json.dumps(ledger))
        extra = ["--ledger", str(tmp_path / "ledger.json")]
    command = [sys.executable, str(VERIFIER), str(tmp_path / "document.json"), "--lang", "en", *extra]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


async def test_a_released_object_draw_gives_each_city_its_list_and_holds_before_the_verifier(stage: Stage, tmp_path: Path) -> None:
    draw = await stage.released()
    listed = await stage.assignments()
    assert len(listed) == 8
    assert {one["city"] for one in listed} == {"3501", "3502"}
    assert {one["task_no"] for one in listed if one["city"] == "3501"} == {
        f"CCC-2024-215-3501-{number:03d}" for number in range(1, 1 + sum(one["city"] == "3501" for one in listed))
    }
    assert {one["match_due_on"] for one in listed} == {"2024-08-07"}
    transcript = await stage.get(f"/v1/draws/{draw}/transcript", **stage.watch)
    assert [one["unit_id"] for one in transcript["result"]["selected"]] == [
        one["uscc"] for one in sorted(listed, key=lambda one: (one["city"], one["basis"], one["rank"]))
    ] or {one["unit_id"] for one in transcript["result"]["selected"]} == {one["uscc"] for one in listed}
    verified(transcript, tmp_path, await stage.get("/v1/ledger"))

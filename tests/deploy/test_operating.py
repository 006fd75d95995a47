"""Every command of the runbook is carried out on a running installation, in the order in which the runbook names them."""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from typer.testing import CliRunner, Result

from deploy import SERVICES, cli
from deploy.local import state
from deploy.local.home import Home
from shared.core.ids import new_id
from shared.messaging import metrics
from tests.registry.sheet_files import row, sheet
from tests.shared.deadline_records.test_calendars import calendar

pytestmark = [pytest.mark.journey]

RUNBOOK = (Path(metrics.__file__).parent / "runbook.md").read_text()
COMMANDS = [match.split() for match in re.findall(r"`ccc (events [^`]+)`", RUNBOOK)]


def ccc(home: Home, *arguments: str) -> Result:
    """Run the command in this process; it may set variables as a process of its own would."""
    kept = dict(os.environ)
    try:
        return CliRunner().invoke(cli.assembled(), [*arguments, "--home", str(home.directory)])
    finally:
        os.environ.clear()
        os.environ.update(kept)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    place = Home.at(tmp_path_factory.mktemp("operated"))
    program = [sys.executable, "-m", "deploy.cli"]
    subprocess.run([*program, "up", "--detach", "--home", str(place.directory)], check=True, capture_output=True, timeout=240)
    yield place
    subprocess.run([*program, "down", "--home", str(place.directory)], check=True, capture_output=True, timeout=120)


async def _send_an_event_that_no_handler_knows(bootstrap: str) -> None:
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(new_id()),
        "ce_source": "/ccc/registry",
        "ce_type": "ccc.registry.Unknown",
        "ce_time": "2024-08-01T00:00:00+00:00",
        "ce_subject": "stray",
        "ce_dataschemaversion": "1",
        "ce_sequence": "1",
    }
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    await producer.send_and_wait(
        "ccc.registry", b"{}", b"stray", headers=[(name, text.encode()) for name, text in headers.items()]
    )
    await producer.stop()


def failed_letter(home: Home, seconds: float = 60) -> dict[str, Any]:
    """The failed dead letter of sampling."""
    deadline = time.monotonic() + seconds
    while True:
        rows: list[dict[str, Any]] = json.loads(ccc(home, "events", "dead-letters", "sampling", "--json").stdout)
        if rows and rows[0]["reason"] == "failed":
            return rows[0]
        assert time.monotonic() < deadline, rows
        time.sleep(0.3)


def test_every_command_of_the_runbook_does_what_it_says(home: Home) -> None:
    now = state.running(home)
    assert now is not None
    asyncio.run(_send_an_event_that_no_handler_knows(now.kafka))
    letter_id = failed_letter(home)["id"]
    words = {"SERVICE": "sampling", "ID": letter_id, "KEY": "stray", "TEXT": "no service published it"}
    seen = set()
    for command in COMMANDS:
        arguments = [words.get(word, word) for word in command]
        if arguments[1] == "drop":
            failed_letter(home)  # it was retried in vain
            arguments += [] if "--reason" in arguments else ["--operator", "operator-2"]
        done = ccc(home, *arguments)
        assert done.exit_code == 0, (arguments, done.output, done.exception)
        seen.add(arguments[1])
    rows = json.loads(ccc(home, "events", "lag", "--json").stdout)
    assert [list(row) for row in rows] == [["service", "unpublished", "oldest_s", "lag", "dead_letters"]] * len(SERVICES)
    assert seen == {"lag", "dead-letters", "show", "verify", "retry", "drop", "replay", "rebuild"}
    assert json.loads(ccc(home, "events", "dead-letters", "sampling", "--json").stdout) == []


def test_on_the_embedded_runtime_two_persons_are_at_hand_to_publish_a_calendar(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "calendar.json"
    file.write_text(json.dumps(calendar()))
    same = ("calendar", "publish", "2026.2", "--person", "planner-1")
    for arguments, code in [
        (("calendar", "propose", str(file)), 0),
        (same, 1),
        (("calendar", "publish", "2026.2"), 0),
    ]:
        done = ccc(home, *arguments)
        assert done.exit_code == code, (arguments, done.output, done.exception)


def test_on_the_embedded_runtime_a_file_is_imported(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "certificates.csv"
    file.write_bytes(sheet(row(), row(证书编号="1999010101000001")))
    (found,) = json.loads(ccc(home, "import", str(file), "--json").stdout)
    assert (found["state"], found["rows_accepted"], found["rows_rejected"]) == ("completed", 1, 1)

"""A whole campaign on a small province, through running services: `ccc demo --scale 100`, and what it leaves."""

import io
import re
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest

from deploy.demo import scenarios
from deploy.demo.timeline import Timeline
from deploy.local.home import Home
from tests.journeys.conftest import lived_through

pytestmark = [pytest.mark.journey]

ROOT = Path(__file__).resolve().parents[2]

REQUIRED = 25
OTHER_SCENARIOS = (
    "campaign published, Pingtan takes part",
    "seal refused until an approver raised the sample",
    "an object moved away, replaced from the reserve",
    "an inspector recused, the successor drawn",
    "an expert allotted for each Ex-electrical object",
    "a notice earlier than the day before",
    "uncertified e-bike helmet in September 2024",
    "interim province merged",
    "final province merged",
    "the drawn list before the end of the embargo",
    "draw disclosed after the embargo",
    "campaign closed",
)
SILENT = {
    "uncertified e-bike helmet: advice",
    "notice before the October holiday",
    "inspected on the working Saturday",
    "notice on the working Saturday",
}
"""Scenarios that leave no line of their own in the table."""


def figures(campaign: dict[str, Any]) -> dict[str, Any]:
    return {row["figure"]: row["value"] for row in campaign["figures"]}


def test_every_scenario_was_lived_through(campaign: dict[str, Any]) -> None:
    done = {row["done"] for row in campaign["done"]}
    special = {scenario.name for scenario in scenarios.special(Timeline.of())} - SILENT
    assert special | set(OTHER_SCENARIOS) <= done


def test_every_drawn_object_was_announced_inspected_and_counted(campaign: dict[str, Any]) -> None:
    counted = figures(campaign)
    assert counted["objects drawn"] == counted["inspections"] == counted["notices on the day before"] == REQUIRED


def test_the_report_of_the_import_names_thirty_seven_rows(output: Path) -> None:
    lines = (output / "import" / "rejected_rows.csv").read_text("utf-8-sig").splitlines()
    assert len({line.split(",")[0] for line in lines[1:]}) == 37


def test_the_verifiers_accept_every_transcript_and_every_date(campaign: dict[str, Any]) -> None:
    verdicts = {(row["program"], row["file"]): row["holds"] for row in campaign["verified"]}
    assert len(verdicts) > 10
    assert all(verdicts.values())
    by_program = {program: {file for one, file in verdicts if one == program} for program, _ in verdicts}
    assert by_program["verify_draw.py"] == by_program["verify_draw.html"]
    assert "ledger.json" in by_program["verify_draw.py"]


def test_a_stranger_checks_a_draw_with_the_commands_of_the_readme(output: Path) -> None:
    (block,) = re.findall(r"^```shell\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    script = "set -euo pipefail\n" + block.replace(".ccc/demo", str(output))
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Verified: everything the file states holds.") == 2


def test_annex_2_is_a_pdf_of_the_task(output: Path) -> None:
    sheets = sorted((output / "annex-2").glob("*.pdf"))
    assert sheets
    for sheet in sheets:
        text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(sheet.read_bytes())).pages)
        assert sheet.stem in text.replace("\n", "")


def test_annex_3_of_the_province_holds_every_city_s_objects(output: Path) -> None:
    merged = uscc_in(output / "annex-3" / "interim-province.xlsx") | uscc_in(output / "annex-3" / "final-province.xlsx")
    of_cities = set().union(*(uscc_in(file) for file in (output / "annex-3").glob("*-35*.xlsx")))
    assert merged == of_cities
    assert len(merged) == REQUIRED


def uscc_in(file: Path) -> set[str]:
    sheet = openpyxl.load_workbook(file).worksheets[0]
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    return {text for text in cells if len(text) == 18 and text.startswith("91")}


def test_a_disclosure_names_no_inspector(output: Path) -> None:
    published = {file.stem: file.read_text("utf-8") for file in (output / "disclosure").glob("*.json")}
    assert {name.partition("-")[0] for name in published} == {"plan", "draw", "result", "statistics", "penalty"}
    assert not any("law_enforcement_no" in text for text in published.values())


def test_a_campaign_lived_through_twice_changes_nothing(campaign_home: Home, campaign: dict[str, Any]) -> None:
    again = lived_through(campaign_home)
    same = ("objects drawn", "inspections", "findings", "clues")
    assert [figures(again)[name] for name in same] == [figures(campaign)[name] for name in same]
    assert {row["file"] for row in again["files"]} == {row["file"] for row in campaign["files"]}

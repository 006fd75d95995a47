"""One version, one licence: the package, the APIs, the events and the changelog say the same."""

import json
import re
import tomllib

from packaging.version import Version

from shared import __version__
from tests.architecture.source import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_the_package_takes_its_version_from_where_the_apis_take_theirs() -> None:
    assert "version" not in PROJECT["project"]
    assert PROJECT["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "shared.__version__"}
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)


def test_every_contract_has_the_version_of_the_package() -> None:
    contracts = [*(ROOT / "tests/contracts/openapi").glob("*.json"), ROOT / "tests/contracts/asyncapi.json"]
    assert len(contracts) == 6
    assert {json.loads(file.read_text())["info"]["version"] for file in contracts} == {__version__}


def test_the_changelog_begins_with_what_is_not_released_and_goes_back_in_time() -> None:
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)
    assert headings[0] == "Unreleased"
    released = [Version(heading) for heading in headings[1:]]
    assert released == sorted(set(released), reverse=True)
    assert not released or released[0] <= Version(__version__)


def test_the_licence_is_the_one_that_the_package_claims() -> None:
    licence = (ROOT / "LICENSE").read_text()
    assert PROJECT["project"]["license"] == "Apache-2.0"
    assert PROJECT["project"]["license-files"] == ["LICENSE"]
    assert "Apache License" in licence
    assert "Version 2.0, January 2004" in licence
    assert "END OF TERMS AND CONDITIONS" in licence

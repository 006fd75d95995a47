"""A runtime serves one province for good, and every command that names its directory serves the same one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from deploy.local.environment import _inherited
from deploy.local.homes import PROVINCE, home_at, serving
from shared.core.province import province


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(PROVINCE, "35")
    yield
    monkeypatch.undo()
    province.cache_clear()


def test_the_chosen_province_stays_with_the_directory(tmp_path: Path) -> None:
    serving(home_at(tmp_path), "44")
    assert (province().code, _inherited()[PROVINCE]) == ("44", "44")
    serving(home_at(tmp_path), None)
    home_at(tmp_path)
    assert province().code == "44"
    with pytest.raises(typer.BadParameter, match="serves province 44"):
        serving(home_at(tmp_path), "35")


def test_a_directory_without_a_choice_serves_the_province_of_the_environment(tmp_path: Path) -> None:
    home = home_at(tmp_path)
    home.data.mkdir()
    assert serving(home, None).province.exists() is False
    with pytest.raises(typer.BadParameter, match="serves province 35"):
        serving(home, "44")


def test_a_province_without_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(typer.BadParameter, match="no data of a province 99"):
        serving(home_at(tmp_path), "99")

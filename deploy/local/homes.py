"""The directory of an embedded runtime and the province that it serves for good."""

import os
from pathlib import Path

import typer

from deploy.local.home import Home
from shared.core.province import PROVINCES, ProvinceSettings, province

PROVINCE = "CCC_PROVINCE"


def home_at(directory: Path) -> Home:
    """The embedded runtime that a `--home` option names; from here on this process serves the same province as it."""
    home = Home.at(directory)
    if home.province.exists():
        os.environ[PROVINCE] = home.province.read_text("utf-8").strip()
        province.cache_clear()
    return home


def serving(home: Home, code: str | None) -> Home:
    """The runtime, once it is settled which province it serves: it never serves another one afterwards."""
    serves = os.environ.get(PROVINCE, ProvinceSettings().province)
    if home.province.exists() or home.data.exists():
        if code not in (None, serves):
            raise typer.BadParameter(f"{home.directory} serves province {serves}: choose another --home for {code}")
        return home
    chosen = code or serves
    if not (PROVINCES / f"{chosen}.json").exists():
        raise typer.BadParameter(f"there is no data of a province {chosen}")
    home.province.write_text(chosen, "utf-8")
    return home_at(home.directory)

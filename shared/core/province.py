"""The province of this installation: its divisions and regulators as data.

One file holds them for every service. CCC_PROVINCE names one of the files in `provinces`, CCC_PROVINCE_FILE any other.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.vocabulary import OrgLevel

PROVINCES: Final = Path(__file__).with_name("provinces")
_PROVINCE_DIGITS, _CITY_DIGITS = 2, 4


class ProvinceSettings(BaseSettings):
    """Which province an installation serves."""

    model_config = SettingsConfigDict(env_prefix="CCC_", extra="ignore", env_ignore_empty=True)

    province: str = "35"
    province_file: Path | None = None

    @property
    def file(self) -> Path:
        """The province's data file."""
        return self.province_file or PROVINCES / f"{self.province}.json"


@dataclass(frozen=True)
class Province:
    """A province: its code (GB/T 2260), its divisions and its regulators, each a document with version and source."""

    code: str
    divisions: Mapping[str, Any]
    regulators: Mapping[str, Any]

    @cached_property
    def special_units(self) -> tuple[str, ...]:
        """Counties by code that act as prefecture-level units of their own, such as 350128."""
        acting = (item["code"] for item in self.divisions["items"] if item["level"] == "county" and item["city"] == item["code"])
        return tuple(acting)

    @cached_property
    def cities(self) -> tuple[str, ...]:
        """The prefecture-level units: the cities, then the special units."""
        cities = [item["code"] for item in self.divisions["items"] if item["level"] == "prefecture" and not item["valid_to"]]
        return (*cities, *self.special_units)

    @cached_property
    def city_pattern(self) -> str:
        """The form of a prefecture-level unit's code, as a regular expression."""
        return f"^({'|'.join([f'{self.code}[0-9]{{2}}', *self.special_units])})$"

    @property
    def county_pattern(self) -> str:
        """The form of a county's code, as a regular expression."""
        return f"^{self.code}[0-9]{{4}}$"

    @property
    def org_pattern(self) -> str:
        """The form of the code of the province, of a city or of a county, as a regular expression."""
        return f"^{self.code}([0-9]{{2}}|[0-9]{{4}})?$"

    @property
    def office_pattern(self) -> str:
        """The same, as deadlines have always stated it."""
        return f"^{self.code}([0-9]{{2}}([0-9]{{2}})?)?$"

    @property
    def bureau_below_pattern(self) -> str:
        """The form of the code of a city or of a county, as a regular expression."""
        return f"^{self.code}[0-9]{{2}}([0-9]{{2}})?$"

    def level(self, office: str) -> OrgLevel:
        """The level of a bureau, read from its code."""
        if office in self.special_units or len(office) == _CITY_DIGITS:
            return OrgLevel.PREFECTURE
        return OrgLevel.PROVINCIAL if len(office) == _PROVINCE_DIGITS else OrgLevel.COUNTY

    def city_of(self, office: str) -> str:
        """The prefecture-level unit of a city's or a county's bureau: a special unit is its own."""
        return office if office in self.special_units else office[:_CITY_DIGITS]

    def superior(self, office: str) -> str | None:
        """The bureau one level up; None above the province."""
        match self.level(office):
            case OrgLevel.PREFECTURE:
                return self.code
            case OrgLevel.COUNTY:
                return office[:_CITY_DIGITS]
            case _:
                return None

    def division(self, code: str) -> Mapping[str, Any]:
        """The entry of a division, retired ones included; empty for an unknown code."""
        return self._divisions.get(code, {})

    def regulator(self, code: str) -> Mapping[str, Any]:
        """The entry of a regulator, former ones included; empty for an unknown code."""
        return self._regulators.get(code, {})

    @cached_property
    def _divisions(self) -> Mapping[str, Mapping[str, Any]]:
        return {item["code"]: item for item in self.divisions["items"]}

    @cached_property
    def _regulators(self) -> Mapping[str, Mapping[str, Any]]:
        return {item["code"]: item for item in self.regulators["items"]}


@cache
def read(file: Path) -> Province:
    """The province of a data file.

    Raises:
        OSError: there is no such file.
        ValueError: its code is no province's.
    """
    content = json.loads(file.read_text("utf-8"))
    code = str(content["code"])
    if not re.fullmatch(r"[0-9]{2}", code):
        raise ValueError(f"{file}: {code} is no code of a province")
    return Province(code, content["divisions"], content["regulators"])


def named(code: str) -> Province:
    """One of the provinces that come with the platform.

    Raises:
        OSError: there is no file for it.
    """
    return read(PROVINCES / f"{code}.json")


@cache
def province() -> Province:
    """The province of this installation; read once, as the environment says at the first question."""
    return read(ProvinceSettings().file)

"""Small draws, ready to be executed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from services.sampling.draw import commitment, entropy, parameters
from services.sampling.draw.allocation import Stratum
from services.sampling.draw.frame import Unit, ordered, units_per_stratum

SEALED_AT = datetime(2024, 8, 5, 1, 0, tzinfo=UTC)
SECRET = bytes(range(32))
SEED = "ab" * 32
WITNESS = {"kind": "witness", "source": "witness-1"}
PUBLIC = {
    "description": "Welfare lottery 3D, draw 2024208",
    "kind": "public",
    "not_before": "2024-08-05T20:00:00+08:00",
    "source": "public-1",
}
VALUES = {"witness-1": "八闽 2024", "public-1": "07 11 19"}


def unit(number: int, stratum: str = "3501/WIRE", weight: int = 1, items: int = 2) -> Unit:
    salt = sha256(str(number).encode()).hexdigest()[:32]
    numbers = [f"2022{number:06d}{item:06d}" for item in range(items)]
    return {
        "items": numbers,
        "salt": salt,
        "stratum": stratum,
        "unit_id": f"91350100MA{number:07d}X",
        "weight": weight,
    }


def frame(size: int = 12, strata: Sequence[str] = ("3501/WIRE", "3502/CHILD")) -> list[Unit]:
    return ordered([unit(i, strata[i % len(strata)], 1 + i % 3, 1 + i % 4) for i in range(size)])


def inspectors(number: int) -> list[Unit]:
    return [{**unit(i, "3501", 1, 0), "unit_id": f"FJ-{i:04d}"} for i in range(number)]


def object_parameters(units: Sequence[Unit], sample: int, reserves: int = 2) -> dict[str, Any]:
    strata = [Stratum(name, count) for name, count in units_per_stratum(units).items()]
    allocation = parameters.allocation(strata, sample, reserves)
    return {"allocation": allocation, "minimum_ratio": [1, 10], "sample_size": sample, "waiver": None}


def commit(
    kind: Any,
    units: Sequence[Unit],
    terms: Mapping[str, Any],
    outside: Sequence[Mapping[str, Any]] = (WITNESS, PUBLIC),
    hash_name: str = "sha-256",
    **act: Any,
) -> dict[str, Any]:
    given = {"draw_id": "draw-1", "campaign": "FJ-CCC-2024", "sealed_by": "province-01", "sealed_at": SEALED_AT}
    sealing = commitment.Act(**{**given, "previous": None, **act})
    return commitment.commit(sealing, kind, list(units), terms, SECRET, outside, hash_name)


def contributions(committed: Mapping[str, Any], values: Mapping[str, str] | None = None) -> list[dict[str, str]]:
    return entropy.in_plan_order(committed["entropy_plan"], SECRET.hex(), VALUES if values is None else values)


def object_draw(size: int = 12, sample: int = 4, hash_name: str = "sha-256") -> tuple[dict[str, Any], list[Unit], Any]:
    units = frame(size)
    committed = commit("object", units, object_parameters(units, sample), hash_name=hash_name)
    return committed, units, contributions(committed)


def team_draw(tasks: Sequence[Mapping[str, Any]], capacity: Mapping[str, int]) -> tuple[dict[str, Any], Any, Any]:
    people: list[Unit] = [{**inspectors(1)[0], "unit_id": person} for person in sorted(capacity)]
    committed = commit("inspector", people, {"capacity": dict(capacity), "tasks": list(tasks)}, [WITNESS])
    return committed, people, contributions(committed)

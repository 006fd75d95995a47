"""Transcripts made from the protocol's text for the tests alone: the slow, obvious way, by trying everything."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

Json = dict[str, Any]
NAMES = {"sha-256": "sha256", "sm3": "sm3"}
STRATA = ["3501/EX_ELECTRICAL", "3502/CHILD", "3505/FIRE", "3505/WIRE_CABLE", "350128/儿童用品", "3599/\U00020bb7"]


def jcs(value: Any) -> bytes:
    """RFC 8785 for values without names beyond U+FFFF."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def hasher(name: str) -> Callable[[bytes], bytes]:
    """The hash function of a document."""
    return lambda data: hashlib.new(NAMES[name], data).digest()


def root(leaves: list[bytes], hash_: Callable[[bytes], bytes]) -> bytes:
    """Merkle tree hash as RFC 6962 defines it."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hash_(b"\1" + root(leaves[:split], hash_) + root(leaves[split:], hash_))


def path(leaves: list[bytes], index: int, hash_: Callable[[bytes], bytes]) -> list[bytes]:
    """Audit path as RFC 6962 defines it, from the leaf upwards."""
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return [*path(leaves[:split], index, hash_), root(leaves[split:], hash_)]
    return [*path(leaves[split:], index - split, hash_), root(leaves[:split], hash_)]


def leaves_of(frame: list[Json], hash_: Callable[[bytes], bytes]) -> list[bytes]:
    """Leaf hashes of a frame."""
    return [hash_(b"\0" + jcs(unit)) for unit in frame]


def ticket(hash_: Callable[[bytes], bytes], seed: bytes, purpose: str, name: str) -> str:
    """Ticket of section 6 in hex."""
    return hash_(seed + b"\0" + purpose.encode() + b"\0" + name.encode()).hex()


def unit_ticket(hash_: Callable[[bytes], bytes], seed: bytes, unit: Json) -> str:
    """Smallest ticket of a weighted unit."""
    names = [unit["unit_id"], *(f"{unit['unit_id']}\0{j}" for j in range(1, unit["weight"]))]
    return min(ticket(hash_, seed, "object", name) for name in names)


def allocate(rows: list[Json], n: int) -> list[int]:
    """Section 4, line by line."""
    total = sum(row["units"] * row["multiplier"] for row in rows)
    share = [Fraction(n * row["units"] * row["multiplier"], total) for row in rows]
    quota = [min(r["units"], max(r["floor"], s.numerator // s.denominator)) for r, s in zip(rows, share, strict=True)]
    while sum(quota) < n:
        quota[max((share[h] - quota[h], -h) for h, r in enumerate(rows) if quota[h] < r["units"])[1] * -1] += 1
    while sum(quota) > n:
        quota[min((share[h] - quota[h], -h) for h, r in enumerate(rows) if quota[h] > r["floor"])[1] * -1] -= 1
    return quota


def seal(rng: random.Random, kind: str, hash_name: str, frame: list[Json], parameters: Json) -> Json:
    """A transcript up to its seed, without result."""
    hash_ = hasher(hash_name)
    secret = rng.randbytes(32).hex()
    attempt = rng.choice([1, 1, 2])
    commitment = {
        "attempt": attempt,
        "campaign": "FJ-CCC-2024",
        "draw_id": f"00000000-0000-7000-8000-{rng.getrandbits(48):012x}",
        "entropy_plan": [
            {"commitment": hash_(bytes.fromhex(secret)).hex(), "kind": "server", "source": "server"},
            {"kind": "witness", "source": "见证人-1"},
            {"description": "彩票", "kind": "public", "not_before": "2024-08-05T20:00:00+08:00", "source": "public-1"},
        ],
        "frame_root": root(leaves_of(frame, hash_), hash_).hex(),
        "frame_size": len(frame),
        "hash": hash_name,
        "kind": kind,
        "parameters": parameters,
        "previous": None if attempt == 1 else rng.randbytes(32).hex(),
        "protocol": "ccc-draw/1",
        "sealed_at": "2024-08-05T09:00:00+08:00",
        "sealed_by": "province-01",
        "supersedes": None if attempt == 1 else rng.randbytes(32).hex(),
    }
    digest = hash_(jcs(commitment)).hex()
    contributions = [
        {"source": "server", "value": secret},
        {"source": "见证人-1", "value": f"骰子 {rng.getrandbits(30)} \U0001f3b2"},
        {"source": "public-1", "value": "07 11 19 23"},
    ]
    return {
        "commitment": commitment,
        "commitment_digest": digest,
        "contributions": contributions,
        "exclusions": [],
        "frame": frame,
        "seed": hash_(jcs({"commitment": digest, "contributions": contributions})).hex(),
    }


def unit(rng: random.Random, name: str, stratum: str, items: list[str], weight: int) -> Json:
    """One unit of a frame."""
    return {"items": items, "salt": rng.randbytes(16).hex(), "stratum": stratum, "unit_id": name, "weight": weight}


def object_frame(rng: random.Random, size: int) -> list[Json]:
    """Units with one to four certificates and weights from one to five."""
    names = sorted(rng.sample(range(10**9), size))
    strata = rng.sample(STRATA, rng.randint(1, len(STRATA)))
    return [
        unit(
            rng,
            f"91350100MA{name:09d}",
            rng.choice(strata),
            sorted({f"2022{rng.getrandbits(39):012d}" for _ in range(rng.randint(1, 4))}),
            rng.choice([1, 1, 1, 2, 5]),
        )
        for name in names
    ]


def object_transcript(number: int, size: int | None = None) -> Json:
    """A valid object draw, the same for the same number."""
    rng = random.Random(number)
    frame = object_frame(rng, size or rng.randint(1, 40))
    sample = rng.randint(-(-len(frame) // 10), len(frame))
    counts: dict[str, int] = {}
    for one in frame:
        counts[one["stratum"]] = counts.get(one["stratum"], 0) + 1
    rows: list[Json] = [
        {"stratum": name, "units": counts[name], "multiplier": rng.choice([1, 1, 3]), "floor": rng.choice([0, 0, 1])}
        for name in sorted(counts)
    ]
    sample = max(sample, sum(row["floor"] for row in rows))
    asked = rng.randint(0, 3)
    allocation = [
        {
            "quota": quota,
            "reserves": min(row["units"] - quota, asked),
            "stratum": row["stratum"],
            "units": row["units"],
            **({"floor": 1} if row["floor"] else {}),
            **({"multiplier": row["multiplier"]} if row["multiplier"] > 1 else {}),
        }
        for row, quota in zip(rows, allocate(rows, sample), strict=True)
    ]
    parameters = {"allocation": allocation, "minimum_ratio": [1, 10], "sample_size": sample, "waiver": None}
    document = seal(rng, "object", rng.choice(list(NAMES)), frame, parameters)
    return {**document, "result": object_result(document)}


def object_result(document: Json) -> Json:
    """Section 7 for objects, by sorting everything."""
    hash_, seed = hasher(document["commitment"]["hash"]), bytes.fromhex(document["seed"])
    result: Json = {"reserves": [], "selected": []}
    for row in document["commitment"]["parameters"]["allocation"]:
        mine = [one for one in document["frame"] if one["stratum"] == row["stratum"]]
        order = sorted((unit_ticket(hash_, seed, one), one["unit_id"], one["items"]) for one in mine)
        for rank, (value, name, items) in enumerate(order[: row["quota"] + row["reserves"]], 1):
            item = min(items, key=lambda item: ticket(hash_, seed, "certificate", f"{name}/{item}"))
            entry = {"item": item, "rank": rank, "stratum": row["stratum"], "ticket": value, "unit_id": name}
            result["selected" if rank <= row["quota"] else "reserves"].append(entry)
    return result


def fillable(tasks: list[tuple[list[str], int]], capacity: dict[str, int]) -> bool:
    """Whether all tasks can be filled, by trying every choice for one place after another."""
    if not tasks:
        return True
    (eligible, size), rest = tasks[0], tasks[1:]
    if size == 0:
        return fillable(rest, capacity)
    for place, name in enumerate(eligible):
        if capacity[name] and fillable([(eligible[place + 1 :], size - 1), *rest], {**capacity, name: capacity[name] - 1}):
            return True
    return False


def team_result(document: Json) -> list[Json]:
    """Section 7 for teams, trying everything."""
    hash_, seed = hasher(document["commitment"]["hash"]), bytes.fromhex(document["seed"])
    tasks = document["commitment"]["parameters"]["tasks"]
    capacity, teams = dict(document["commitment"]["parameters"]["capacity"]), []
    for number, task in enumerate(tasks):
        order = sorted((ticket(hash_, seed, "inspector", f"{task['task']}/{name}"), name) for name in task["eligible"])
        later = [(other["eligible"], other["size"]) for other in tasks[number + 1 :]]
        members: list[tuple[str, str]] = []
        for place, (value, name) in enumerate(order):
            after = [other for _, other in order[place + 1 :]]
            left = {**capacity, name: capacity[name] - 1}
            need = task["size"] - len(members) - 1
            if need >= 0 and capacity[name] and fillable([(after, need), *later], left):
                members.append((name, value))
                capacity = left
        teams.append({"members": [m for m, _ in members], "task": task["task"], "tickets": [t for _, t in members]})
    return teams


def team_transcript(number: int) -> Json:
    """A valid team draw with tight capacities, the same for the same number."""
    rng = random.Random(number)
    while True:
        names = [f"FJ-{place:04d}" for place in range(1, rng.randint(3, 7))]
        capacity = {name: rng.randint(0, 3) for name in names}
        tasks: list[Json] = [
            {
                "eligible": sorted(rng.sample(names, rng.randint(2, len(names)))),
                "size": rng.randint(1, 2),
                "task": f"T-{n}",
            }
            for n in range(rng.randint(1, 5))
        ]
        if fillable([(task["eligible"], task["size"]) for task in tasks], capacity):
            break
    frame = [unit(rng, name, "3501", [], 1) for name in names]
    document = seal(rng, "inspector", rng.choice(list(NAMES)), frame, {"capacity": capacity, "tasks": tasks})
    return {**document, "result": {"reserves": [], "selected": team_result(document)}}

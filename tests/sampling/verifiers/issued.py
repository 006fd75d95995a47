"""Issued documents for the tests: ledger, replacement chain, redacted transcript, rank proof, signature."""

from __future__ import annotations

import hashlib
import random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.sampling.verifiers import makers
from tests.sampling.verifiers.makers import Json, hasher, jcs

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw().hex()
PERIODS = [f"2024-08-05T{hour:02d}:00:00.000000Z" for hour in range(1, 24)]


def digest(name: str, value: Any) -> str:
    """Digest of a document."""
    return hasher(name)(jcs(value)).hex()


class Chain:
    """A ledger that is being written."""

    def __init__(self) -> None:
        self.entries: list[Json] = []

    def add(self, kind: str, draw_id: str, by: str, at: str, body: Json) -> Json:
        """Append one entry."""
        entry = {
            "at": at,
            "body_digest": digest("sha-256", body),
            "by": by,
            "draw_id": draw_id,
            "hash": "sha-256",
            "kind": kind,
            "previous": self.entries[-1]["digest"] if self.entries else None,
            "protocol": "ccc-ledger/1",
            "seq": len(self.entries) + 1,
        }
        self.entries.append({**entry, "digest": digest("sha-256", entry), "body": body})
        return self.entries[-1]

    @property
    def head(self) -> Json:
        """The published head."""
        return {"digest": self.entries[-1]["digest"], "protocol": "ccc-ledger/1", "seq": len(self.entries)}

    def export(self) -> Json:
        """The whole ledger as a signed file."""
        head = {"digest": self.entries[-1]["digest"], "seq": len(self.entries)}
        return signed({"entries": self.entries, "head": head, "protocol": "ccc-ledger/1"})


def signed(document: Json) -> Json:
    """The document with an Ed25519 signature."""
    key_id = hashlib.sha256(bytes.fromhex(PUBLIC)).hexdigest()[:16]
    value = KEY.sign(jcs(document)).hex()
    return {
        **document,
        "signature": {"algorithm": "ed25519", "key_id": key_id, "public_key": PUBLIC, "value": value},
    }


def recommit(document: Json) -> Json:
    """The same draw after a change of its commitment: digest, seed and result follow."""
    name = document["commitment"]["hash"]
    cd = digest(name, document["commitment"])
    seed = digest(name, {"commitment": cd, "contributions": document["contributions"]})
    changed = {**document, "commitment_digest": cd, "seed": seed}
    objects = document["commitment"]["kind"] == "object"
    found = makers.object_result(changed) if objects else {"reserves": [], "selected": makers.team_result(changed)}
    return {**changed, "result": found}


def ranking(document: Json) -> tuple[list[bytes], list[tuple[str, str, str, int]]]:
    """Leaves of the ranking tree and the units in its order."""
    hash_, seed = hasher(document["commitment"]["hash"]), bytes.fromhex(document["seed"])
    leaves = makers.leaves_of(document["frame"], hash_)
    order = sorted(
        (one["stratum"], makers.unit_ticket(hash_, seed, one), one["unit_id"], number)
        for number, one in enumerate(document["frame"])
    )
    return [hash_(b"\0" + leaves[number]) for *_, number in order], order


def record(chain: Chain, document: Json, attempt: int = 1, supersedes: str | None = None) -> Json:
    """Seal, contributions and execution of a draw in the ledger; the document takes its place after what is there."""
    commitment = {**document["commitment"], "previous": chain.entries[-1]["digest"] if chain.entries else None}
    document = recommit({**document, "commitment": {**commitment, "attempt": attempt, "supersedes": supersedes}})
    commitment, cd = document["commitment"], document["commitment_digest"]
    name, draw_id = commitment["hash"], commitment["draw_id"]
    seal = {"attempt": attempt, "commitment_digest": cd, "exclusions_digest": digest(name, document["exclusions"])}
    chain.add("seal", draw_id, commitment["sealed_by"], PERIODS[0], {**seal, "supersedes": supersedes})
    for given in document["contributions"][:0:-1]:
        chain.add("contribution", draw_id, given["source"], PERIODS[13], {"commitment_digest": cd, **given})
    tree = makers.root(ranking(document)[0], hasher(name)).hex() if commitment["kind"] == "object" else None
    execution = {
        "commitment_digest": cd,
        "ranking_root": tree,
        "reserves_digest": digest(name, document["result"]["reserves"]),
        "seed": document["seed"],
        "selected_digest": digest(name, document["result"]["selected"]),
    }
    chain.add("execution", draw_id, "drawer", PERIODS[14], execution)
    return document


def withheld(chain: Chain, *own: str) -> list[Json]:
    """The chain with the bodies of all draws but these left out."""
    return [
        entry if entry["draw_id"] in own else {name: value for name, value in entry.items() if name != "body"}
        for entry in chain.entries
    ]


def object_issue(number: int) -> tuple[Json, Json, Json, Chain]:
    """Full, redacted and rank documents of one object draw with a replacement, and its ledger."""
    chain = Chain()
    record(chain, makers.object_transcript(number + 1000))
    document = {
        **makers.object_transcript(number),
        "exclusions": [{"reason": "注销", "unit_id": "91350100MB000000001"}],
    }
    document = record(chain, document)
    commitment, result = document["commitment"], document["result"]
    chosen = {entry["stratum"] for entry in result["selected"]}
    used = [entry for entry in result["reserves"] if entry["stratum"] in chosen][:1]
    for incoming in used:
        body = {
            "approved_by": "province-02",
            "commitment_digest": document["commitment_digest"],
            "ground": "OBJECT_CANCELLED",
            "incoming": incoming["unit_id"],
            "outgoing": next(e["unit_id"] for e in result["selected"] if e["stratum"] == incoming["stratum"]),
            "stratum": incoming["stratum"],
        }
        chain.add("replacement", commitment["draw_id"], "province-01", PERIODS[16], body)
    release = {"audience": "entitled", "commitment_digest": document["commitment_digest"]}
    release["transcript_digest"] = digest(commitment["hash"], document)
    chain.add("release", commitment["draw_id"], "province-01", PERIODS[17], release)
    entries = withheld(chain, commitment["draw_id"])
    full = signed({**document, "ledger": entries})
    return full, signed({**redacted(document, used), "ledger": entries}), signed(rank(document, entries)), chain


def redraw_issue(number: int) -> tuple[Json, Chain]:
    """The full document of the last of two or three attempts, each but the last given up, and the ledger of them all."""
    chain, rng, supersedes, document = Chain(), random.Random(number), None, {}
    attempts = rng.randint(2, 3)
    for attempt in range(1, attempts + 1):
        made = makers.object_transcript(number * 3 + attempt) if number % 2 else makers.team_transcript(number * 3 + attempt)
        document = record(chain, made, attempt, supersedes)
        supersedes = document["commitment_digest"]
        if attempt < attempts:
            body = {"approved_by": "province-02", "commitment_digest": supersedes, "ground": "名录有误"}
            chain.add("supersession", document["commitment"]["draw_id"], "province-01", PERIODS[15], body)
    more = {} if number % 2 else {"distribution": {"en": "random under constraints", "zh": "约束下的随机"}}
    entries = withheld(chain, document["commitment"]["draw_id"])
    return signed({**document, **more, "ledger": entries}), chain


def redacted(document: Json, used: list[Json]) -> Json:
    """The public form of a transcript after the embargo."""
    name = document["commitment"]["hash"]
    hash_, result = hasher(name), document["result"]
    leaves = makers.leaves_of(document["frame"], hash_)
    shown = {e["unit_id"] for e in [*result["selected"], *used] if "unit_id" in e}
    shown |= {member for e in result["selected"] for member in e.get("members", [])}
    revealed = [
        {"index": number, "path": [one.hex() for one in makers.path(leaves, number, hash_)], "unit": one_unit}
        for number, one_unit in enumerate(document["frame"])
        if one_unit["unit_id"] in shown
    ]
    digests = {"reserves": used, "reserves_digest": digest(name, result["reserves"]), "selected": result["selected"]}
    kept = {field: document[field] for field in ("commitment", "commitment_digest", "contributions", "seed")}
    return {
        **kept,
        "exclusions_digest": digest(name, document["exclusions"]),
        "leaves": [leaf.hex() for leaf in leaves],
        "result": digests,
        "revealed": revealed,
    }


def sealed_only(document: Json) -> Json:
    """The public form before the embargo."""
    name = document["commitment"]["hash"]
    return {
        "commitment": document["commitment"],
        "commitment_digest": document["commitment_digest"],
        "exclusions_digest": digest(name, document["exclusions"]),
        "leaves": [leaf.hex() for leaf in makers.leaves_of(document["frame"], hasher(name))],
    }


def rank(document: Json, entries: list[Json]) -> Json:
    """The rank proof of the unit that comes last in the ranking."""
    hash_ = hasher(document["commitment"]["hash"])
    tree, order = ranking(document)
    leaves = makers.leaves_of(document["frame"], hash_)
    stratum, ticket, _, number = order[-1]
    row = document["commitment"]["parameters"]["allocation"][-1]
    place = row["units"]
    status = "selected" if place <= row["quota"] else "reserve" if place <= row["quota"] + row["reserves"] else "not_selected"
    assert row["stratum"] == stratum
    kept = {field: document[field] for field in ("commitment", "commitment_digest", "contributions", "seed")}
    return {
        **kept,
        "ledger": entries,
        "membership": {
            "index": number,
            "path": [one.hex() for one in makers.path(leaves, number, hash_)],
            "rank": place,
            "ranking_index": len(order) - 1,
            "ranking_path": [one.hex() for one in makers.path(tree, len(order) - 1, hash_)],
            "ranking_root": makers.root(tree, hash_).hex(),
            "status": status,
            "ticket": ticket,
            "unit": document["frame"][number],
        },
    }


def replacement_core(document: Json, rng: random.Random) -> Json:
    """A draw of its own for the first member of the first team; spare people are added to the frame."""
    team = document["result"]["selected"][0]
    outgoing, kept = team["members"][0], sorted(team["members"][1:])
    names = ["FJ-0901", "FJ-0902", "FJ-0903"]
    frame = [makers.unit(rng, name, "3501", [], 1) for name in names]
    parameters = {
        "capacity": dict.fromkeys(names, 1),
        "replaces": {
            "commitment_digest": document["commitment_digest"],
            "kept": kept,
            "outgoing": outgoing,
            "task": team["task"],
        },
        "tasks": [{"eligible": names, "size": 1, "task": team["task"]}],
    }
    return {**makers.seal(rng, "inspector", "sha-256", frame, parameters), "result": {"reserves": [], "selected": []}}


def team_issue(number: int) -> tuple[Json, Json, Chain]:
    """Full and redacted documents of a team draw with one replacement by draw and one by hand, and its ledger."""
    chain, rng = Chain(), random.Random(number)
    document = record(chain, makers.team_transcript(number))
    core = record(chain, replacement_core(document, rng))
    draw_id, replaces = document["commitment"]["draw_id"], core["commitment"]["parameters"]["replaces"]
    incoming = core["result"]["selected"][0]["members"][0]
    exchange = {
        "approved_by": "province-02",
        "commitment_digest": document["commitment_digest"],
        "task": replaces["task"],
    }
    first = {"ground": "RECUSED", "incoming": incoming, "outgoing": replaces["outgoing"]}
    chain.add("replacement", draw_id, "city", PERIODS[18], {**exchange, **first, "replacement": core["commitment_digest"]})
    second = {"ground": "POOL_INSUFFICIENT", "incoming": "FJ-0999", "outgoing": incoming, "replacement": None}
    chain.add("replacement", draw_id, "city", PERIODS[19], {**exchange, **second})
    issued = {"distribution": {"en": "random under constraints", "zh": "约束下的随机"}, "ledger": chain.entries}
    full = signed({**document, **issued, "replacements": [core]})
    public = signed({**redacted(document, []), **issued, "replacements": [redacted(core, [])]})
    return full, public, chain

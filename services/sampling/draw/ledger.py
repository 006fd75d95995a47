"""The ledger: every act on every draw, each entry carrying the digest of the one before it (draw-protocol §2).

One chain, `ccc-ledger/1`, serves all draws of the service, so that a whole draw cannot vanish either. An entry:

    {"at": "2024-08-05T01:00:00.000000Z", "body": {…}, "body_digest": "…", "by": "province-01", "digest": "…",
     "draw_id": "…", "hash": "sha-256", "kind": "seal", "previous": null, "protocol": "ccc-ledger/1", "seq": 1}

`body_digest` is the digest of the body; `digest` that of the entry without `body` and `digest`; both of canonical JSON,
under the hash that the entry names. `body` may be withheld (it belongs to another draw, or an embargo lasts): the chain
still verifies. `seq` counts from 1 without a gap; `previous` is null in entry 1 only.

Kinds and their bodies; `commitment_digest` is that of the draw `draw_id`; documents are digested under the draw's hash:

    seal          attempt, commitment_digest, exclusions_digest, supersedes
    contribution  commitment_digest, source, value              (outside sources; the server's comes at execution)
    execution     commitment_digest, ranking_root (null for inspectors), reserves_digest, seed, selected_digest
    abort         approved_by, commitment_digest, ground        (not yet executed)
    supersession  approved_by, commitment_digest, ground        (executed; before the redraw's seal)
    waiver        approved_by, reason, required, sample_size    (before the seal)
    replacement   approved_by, commitment_digest, ground, incoming, outgoing and, of an object, stratum; of a team
                  member, task and replacement (commitment digest of the draw that gave `incoming`; null only where
                  the ground is POOL_INSUFFICIENT)
    release       audience (entitled | public), commitment_digest, transcript_digest
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from services.sampling.draw.errors import InvalidPlan, LedgerBroken, LedgerInconsistent
from services.sampling.draw.instants import instant
from services.sampling.draw.text import identifier, is_hex
from shared.core.canonical import HASHES, SHA_256, NotCanonicalError, fingerprint

PROTOCOL: Final = "ccc-ledger/1"

_DECISION: Final = frozenset({"approved_by", "commitment_digest", "ground"})
_REPLACEMENT: Final = _DECISION | {"incoming", "outgoing"}
BODIES: Final[Mapping[str, tuple[frozenset[str], ...]]] = {
    "seal": (frozenset({"attempt", "commitment_digest", "exclusions_digest", "supersedes"}),),
    "contribution": (frozenset({"commitment_digest", "source", "value"}),),
    "execution": (frozenset({"commitment_digest", "ranking_root", "reserves_digest", "seed", "selected_digest"}),),
    "abort": (_DECISION,),
    "supersession": (_DECISION,),
    "waiver": (frozenset({"approved_by", "reason", "required", "sample_size"}),),
    "replacement": (_REPLACEMENT | {"stratum"}, _REPLACEMENT | {"replacement", "task"}),
    "release": (frozenset({"audience", "commitment_digest", "transcript_digest"}),),
}
"""The members of a body, by kind; a replacement has one form for objects and one for team members."""

_HEADER: Final = frozenset(["at", "body_digest", "by", "draw_id", "hash", "kind", "previous", "protocol", "seq"])

Entry = Mapping[str, Any]


class Head(NamedTuple):
    """The last entry of a ledger: who keeps it notices any later change before it."""

    seq: int
    digest: str

    def document(self) -> dict[str, Any]:
        """Give the head as it is published, ready to be signed."""
        return {"digest": self.digest, "protocol": PROTOCOL, "seq": self.seq}


def append(head: Head | None, *, kind: str, draw_id: str, by: str, at: datetime, body: Mapping[str, Any]) -> dict[str, Any]:
    """Entry that follows `head`; None begins the ledger. `by` is the acting person's or system's id.

    Raises:
        InvalidPlan: no such kind, or a body without exactly the members of its kind.
        InvalidValue: `by` or `draw_id` is not an identifier.
    """
    if kind not in BODIES or frozenset(body) not in BODIES[kind]:
        raise InvalidPlan(f"{kind} is not an entry with the members {', '.join(sorted(body))}", pointer="/body")
    header = {
        "at": instant(at),
        "body_digest": fingerprint(SHA_256, body),
        "by": identifier(by),
        "draw_id": identifier(draw_id),
        "hash": SHA_256,
        "kind": kind,
        "previous": head.digest if head else None,
        "protocol": PROTOCOL,
        "seq": head.seq + 1 if head else 1,
    }
    return {**header, "body": dict(body), "digest": fingerprint(SHA_256, header)}


def head_of(entry: Entry) -> Head:
    """Head that the ledger has after this entry."""
    return Head(entry["seq"], entry["digest"])


def check(entries: Sequence[Entry]) -> Head:
    """Head of a ledger, or of a slice of one, whose entries form an unbroken chain.

    Raises:
        LedgerBroken: no entries, a malformed one, a digest that does not fit, or a gap; `seq` names the first.
    """
    if not entries:
        raise LedgerBroken("there are no entries")
    previous: Head | None = None
    for entry in entries:
        fault = _fault(entry, previous)
        if fault:
            raise LedgerBroken(fault, seq=entry.get("seq") if isinstance(entry, Mapping) else None)
        previous = head_of(entry)
    return head_of(entries[-1])


def _fault(entry: Any, previous: Head | None) -> str | None:
    if not isinstance(entry, Mapping) or entry.keys() - {"body"} != _HEADER | {"digest"}:
        return "an entry has other members than the ledger's"
    if entry["protocol"] != PROTOCOL or entry["hash"] not in HASHES or entry["kind"] not in list(BODIES):
        return "the protocol, hash or kind is unknown"
    if type(entry["seq"]) is not int or (entry["seq"] == 1) != (entry["previous"] is None):
        return "the sequence number does not fit"
    if previous and (entry["seq"], entry["previous"]) != (previous.seq + 1, previous.digest):
        return "the entry does not follow the one before it"
    return _fault_of_digests(entry)


def _fault_of_digests(entry: Entry) -> str | None:
    try:
        digests = fingerprint(entry["hash"], {name: entry[name] for name in _HEADER}), _body_digest(entry)
    except NotCanonicalError as error:
        return str(error)
    if digests[0] != entry["digest"]:
        return "the digest does not fit the entry"
    return None if digests[1] == entry["body_digest"] and is_hex(digests[1], 32) else "the body does not fit its digest"


def _body_digest(entry: Entry) -> Any:
    return fingerprint(entry["hash"], entry["body"]) if "body" in entry else entry["body_digest"]


def check_consistent(entries: Sequence[Entry], earlier: Head) -> Head:
    """Head of a ledger that goes on from an earlier published head.

    `entries` begin at the earlier head's entry or before it.

    Raises:
        LedgerBroken: the entries are not one chain.
        LedgerInconsistent: the earlier head is not in it: the ledger was cut or rewritten, or the head is forged.
    """
    head = check(entries)
    position = earlier.seq - entries[0]["seq"]
    if not 0 <= position < len(entries) or entries[position]["digest"] != earlier.digest:
        raise LedgerInconsistent(f"entry {earlier.seq} is not the one published", seq=earlier.seq, head=head.document())
    return head


def extract(entries: Iterable[Entry], draw_ids: Collection[str], withheld: Collection[str] = ()) -> list[dict[str, Any]]:
    """Give entries as one draw's transcript carries them: without bodies of other draws or of `withheld` kinds."""
    return [
        {name: value for name, value in entry.items() if name != "body" or _shown(entry, draw_ids, withheld)} for entry in entries
    ]


def _shown(entry: Entry, draw_ids: Collection[str], withheld: Collection[str]) -> bool:
    return entry["draw_id"] in draw_ids and entry["kind"] not in withheld

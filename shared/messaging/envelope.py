"""A fact on the wire: CloudEvents 1.0 in Kafka's binary mode: the event's JSON, everything else in headers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from asyncpg.pgproto import pgproto

from shared.events.base import Delivery, topic_of

Header = tuple[str, bytes]

MAX_DIGITS = 18
"""So that every number fits PostgreSQL's bigint."""

_FIXED: list[Header] = [
    ("ce_specversion", b"1.0"),
    ("ce_sequencetype", b"Integer"),
    ("content-type", b"application/json"),
]


class Unreadable(ValueError):
    """A message whose envelope is missing, malformed or contradicts itself: nothing in it can be believed."""


class Fact(NamedTuple):
    """One row of the outbox or the event log."""

    id: int
    event_id: UUID
    type: str
    version: int
    aggregate: str
    sequence: int
    occurred_at: datetime
    traceparent: str | None
    data: str


@dataclass(frozen=True, slots=True)
class Record:
    """A message as it lies on the broker."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[Header]
    timestamp: int = 0


class Message(NamedTuple):
    """A record whose envelope has been read and agrees with itself."""

    delivery: Delivery
    type: str
    version: int
    record: Record

    @property
    def stream(self) -> tuple[str, str]:
        """The source and the aggregate: what order is kept within."""
        return self.delivery.source, self.delivery.aggregate


def headers_of(owner: str, fact: Fact) -> list[Header]:
    """The headers under which `owner` tells a fact."""
    headers = [
        *_FIXED,
        ("ce_id", str(fact.event_id).encode()),
        ("ce_source", f"/ccc/{owner}".encode()),
        ("ce_type", fact.type.encode()),
        ("ce_time", fact.occurred_at.isoformat().encode()),
        ("ce_subject", fact.aggregate.encode()),
        ("ce_dataschemaversion", b"%d" % fact.version),
        ("ce_sequence", b"%d" % fact.sequence),
    ]
    return headers if fact.traceparent is None else [*headers, ("ce_traceparent", fact.traceparent.encode())]


def read(record: Record) -> Message:
    """Read the envelope of a record.

    Raises:
        Unreadable: a header is missing or malformed, the source does not own the topic or the type, the key is not the
            subject.
    """
    headers = dict(record.headers)
    try:
        return _checked(record, headers)
    except KeyError as error:
        raise Unreadable(f"header {error.args[0]} is missing") from error
    except ValueError as error:
        raise Unreadable(str(error)) from error


def _checked(record: Record, headers: Mapping[str, bytes]) -> Message:
    if headers["ce_specversion"] != b"1.0":
        raise Unreadable("not CloudEvents 1.0")
    owner, kind = _owner(record.topic, headers["ce_source"], headers["ce_type"])
    subject = headers["ce_subject"]
    if record.key != subject:
        raise Unreadable("the key is not the aggregate that the message names")
    trace = headers.get("ce_traceparent")
    delivery = Delivery(  # with the driver's own UUID, which is read ten times as fast as Python's
        event_id=pgproto.UUID(headers["ce_id"].decode()),
        source=owner,
        aggregate=_text(subject),
        sequence=_positive(headers["ce_sequence"]),
        occurred_at=_instant(headers["ce_time"]),
        traceparent=None if trace is None else trace.decode(),
    )
    return Message(delivery, kind, _positive(headers["ce_dataschemaversion"]), record)


@lru_cache(maxsize=1000)
def _owner(topic: str, source: bytes, kind: bytes) -> tuple[str, str]:
    """The service whose fact it is, and the type; the same few all day long."""
    owner, name = _text(source).removeprefix("/ccc/"), _text(kind)
    if topic_of(owner) != topic or not name.startswith(f"{topic}."):
        raise Unreadable(f"{owner} may not tell {name} on {topic}")
    return owner, name


def _text(content: bytes) -> str:
    text = content.decode()
    if not text or "\0" in text:
        raise Unreadable("a header is empty or holds NUL")
    return text


def _positive(content: bytes) -> int:
    if not (content.isdigit() and len(content) <= MAX_DIGITS and (number := int(content)) > 0):
        raise Unreadable("a number in the headers is not positive and whole")
    return number


def _instant(content: bytes) -> datetime:
    at = datetime.fromisoformat(content.decode())
    if at.tzinfo is None:
        raise Unreadable("header ce_time has no offset from UTC")
    return at

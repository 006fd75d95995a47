"""A fact on the wire: CloudEvents 1.0 in Kafka's binary mode: the event's JSON, everything else in headers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.events.base import Delivery, topic_of

Header = tuple[str, bytes]

_FIXED: list[Header] = [
    ("ce_specversion", b"1.0"),
    ("ce_sequencetype", b"Integer"),
    ("content-type", b"application/json"),
]


class Unreadable(ValueError):
    """A message whose envelope is missing, malformed or contradicts itself: nothing in it can be believed."""


@dataclass(frozen=True, slots=True)
class Fact:
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


@dataclass(frozen=True, slots=True)
class Message:
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
    source, subject, kind = _text(headers, "ce_source"), _text(headers, "ce_subject"), _text(headers, "ce_type")
    owner = source.removeprefix("/ccc/")
    if headers["ce_specversion"] != b"1.0":
        raise Unreadable("not CloudEvents 1.0")
    if topic_of(owner) != record.topic or not kind.startswith(f"{record.topic}."):
        raise Unreadable(f"{source} may not tell {kind} on {record.topic}")
    if record.key is None or record.key.decode() != subject:
        raise Unreadable("the key is not the aggregate that the message names")
    delivery = Delivery(
        event_id=UUID(_text(headers, "ce_id")),
        source=owner,
        aggregate=subject,
        sequence=_positive(headers, "ce_sequence"),
        occurred_at=_instant(headers),
        traceparent=headers["ce_traceparent"].decode() if "ce_traceparent" in headers else None,
    )
    return Message(delivery, kind, _positive(headers, "ce_dataschemaversion"), record)


def _text(headers: Mapping[str, bytes], name: str) -> str:
    text = headers[name].decode()
    if not text or "\0" in text:
        raise Unreadable(f"header {name} is empty or holds NUL")
    return text


def _positive(headers: Mapping[str, bytes], name: str) -> int:
    text = headers[name].decode()
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**63):
        raise Unreadable(f"header {name} is not a positive whole number")
    return int(text)


def _instant(headers: Mapping[str, bytes]) -> datetime:
    at = datetime.fromisoformat(headers["ce_time"].decode())
    if at.tzinfo is None:
        raise Unreadable("header ce_time has no offset from UTC")
    return at

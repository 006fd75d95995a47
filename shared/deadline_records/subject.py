"""The subject of a deadline and the organisation that has to act."""

from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.core.province import province


@dataclass(frozen=True)
class Subject:
    """`kind` and `id` name the object of the service, `no` its official number; `office` has to act.

    `city` and `county` are those of the jurisdiction; None where only the province is concerned.
    """

    kind: str
    id: UUID
    no: str
    office: str
    city: str | None
    county: str | None = None
    campaign_id: UUID | None = None


def named(kind: str, *parts: object) -> UUID:
    """The id of an object that has a number or a compound name and no id of its own: always the same."""
    return uuid5(NAMESPACE_URL, ":".join(("urn:ccc", kind, *map(str, parts))))


def superior(office: str) -> str | None:
    """The organisation one level up, which is warned of what is overdue; None above the province."""
    return province().superior(office)

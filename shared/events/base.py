"""The base class of events: immutable, named after what has happened, owned by one service, about one aggregate.

Within a version fields are only added, with a default; anything else is a new version beside the old one.
"""

from datetime import datetime
from typing import ClassVar, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict

CATALOGUE: dict[tuple[str, int], type["Event"]] = {}
"""Every event by type and version; filled as the classes are defined, and a second definition of one name is an error."""


class UnknownEventType(LookupError):
    """A message names an event type or version that the catalogue does not hold."""


class Event(BaseModel):
    """An event that its owner publishes.

    `owner` is the service that may emit it, `key` the field that names its aggregate (order is kept per aggregate),
    `version` the version of its schema.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    owner: ClassVar[str]
    key: ClassVar[str]
    version: ClassVar[int]

    def __init_subclass__(cls, **_: object) -> None:
        """Accept the class arguments, which pydantic hands on to the method below once the fields are known."""
        super().__init_subclass__()

    @classmethod
    def __pydantic_init_subclass__(cls, *, owner: str = "", key: str = "", version: int = 1, **_: object) -> None:
        """Enter the event into the catalogue."""
        super().__pydantic_init_subclass__()
        if not owner:
            return
        cls.owner, cls.key, cls.version = owner, key, version
        if key not in cls.model_fields:
            raise TypeError(f"{cls.__name__} has no field {key!r} to be its key")
        if CATALOGUE.setdefault((cls.type_name(), version), cls) is not cls:
            raise TypeError(f"{cls.__name__} version {version} is defined twice")

    @classmethod
    def type_name(cls) -> str:
        """The CloudEvents type, such as `ccc.sampling.TeamAssigned`."""
        return f"ccc.{cls.owner}.{cls.__name__.removesuffix(f'V{cls.version}')}"

    @property
    def aggregate(self) -> str:
        """The id of the aggregate that the event is about; the Kafka key."""
        return str(getattr(self, self.key))


def topic_of(owner: str) -> str:
    """The topic on which a service publishes its events."""
    return f"ccc.{owner}"


def owner_of(topic: str) -> str:
    """The service that publishes its events on this topic."""
    return topic.removeprefix("ccc.")


def event_class(type_name: str, version: int) -> type[Event]:
    """The class of a message.

    Raises:
        UnknownEventType: the catalogue holds no such type and version.
    """
    try:
        return CATALOGUE[type_name, version]
    except KeyError as error:
        raise UnknownEventType(f"{type_name} version {version}") from error


class Delivery(NamedTuple):
    """The metadata of an event, as a handler gets it beside the content."""

    event_id: UUID
    source: str
    aggregate: str
    sequence: int
    occurred_at: datetime
    traceparent: str | None = None

"""The base class of the registry's tables."""

from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from shared.database.session import metadata


class Table(SQLModel, registry=registry(metadata=metadata())):
    """The tables of the registry, in metadata of their own."""

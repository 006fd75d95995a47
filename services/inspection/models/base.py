"""The base class of the tables of the inspection service."""

from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from shared.database.session import metadata


class Table(SQLModel, registry=registry(metadata=metadata())):
    """The tables of this service, in metadata of their own."""

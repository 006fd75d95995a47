"""What the tables of this service have in common."""

from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from shared.database.session import metadata


class Table(SQLModel, registry=registry(metadata=metadata())):
    """A table of sampling, in a catalogue of its own."""

"""The table catalogue of the inspection service."""

from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from shared.database.session import metadata


class Table(SQLModel, registry=registry(metadata=metadata())):
    """What the tables of this service have in common: a catalogue of their own."""

"""What the tables of the registry have in common."""

from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from shared.database.session import metadata


class Table(SQLModel, registry=registry(metadata=metadata())):
    """A catalogue of tables of its own."""

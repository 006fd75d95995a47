"""How far an import has come, for everybody to see while its own transaction is still open."""

from dataclasses import asdict, dataclass, field
from uuid import UUID

from sqlmodel import col, update

from services.registry.models import ImportRun
from services.registry.models.imports import ImportState
from shared.database.session import Database, transaction


@dataclass
class Tally:
    """The counts of an import as it goes on."""

    rows_total: int = 0
    rows_rejected: int = 0
    rows_new: int = 0
    rows_changed: int = 0
    rows_unchanged: int = 0
    rows_duplicated: int = 0
    warnings: int = 0
    enterprises_new: int = 0
    enterprises_changed: int = 0


@dataclass
class Progress:
    """The counts and the state of one import; `tell` commits them by themselves."""

    database: Database
    import_id: UUID
    state: ImportState = ImportState.CHECKING
    tally: Tally = field(default_factory=Tally)

    async def tell(self, state: ImportState | None = None) -> None:
        """Show the counts of this moment."""
        self.state = state or self.state
        values = asdict(self.tally) | {"state": self.state}
        async with transaction(self.database) as session:
            await session.exec(update(ImportRun).where(col(ImportRun.id) == self.import_id).values(values))

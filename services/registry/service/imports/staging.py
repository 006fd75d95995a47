"""The staging table: validated rows of one file before they are merged, their counters, and the report of validation issues."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from asyncpg import Connection
from sqlmodel import col, update

from services.registry.models import ImportRun
from services.registry.models.imports import ImportState
from services.registry.rules.certificates import REPORTED_ON, Document, ValidationResult, content_of
from services.registry.rules.layout import Layout, Row, ValidationIssue, heading_of, parse_row
from services.registry.rules.validation_rules import rule
from shared.database.session import Database, transaction

Validator = Callable[[Row, list[ValidationIssue]], ValidationResult]
Cells = list[str]
_CHUNK_ROWS = 1000
_ROW_COLUMNS = ("import_id", "line", "key", "applicant_uscc", "uscc", "content_hash", "status", "reported_on", "document")
_ISSUE_COLUMNS = ("import_id", "no", "line", "field", "heading", "value", "code", "severity", "message_zh", "message_en")
_MAX_VALUE_LENGTH = 200


@dataclass
class ImportCounters:
    """The counts of an import."""

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
    """The state and the counters of one import, visible to others while its own transaction is still open."""

    database: Database
    import_id: UUID
    state: ImportState = ImportState.CHECKING
    counters: ImportCounters = field(default_factory=ImportCounters)

    async def save(self, state: ImportState | None = None) -> None:
        """Commit the counters, and the new state if there is one, in a transaction of their own."""
        self.state = state or self.state
        values = asdict(self.counters) | {"state": self.state}
        async with transaction(self.database) as session:
            await session.exec(update(ImportRun).where(col(ImportRun.id) == self.import_id).values(values))


@dataclass
class Staging:
    """The staged rows and the report of one import; `kind` is that of import_aliases.json."""

    connection: Connection
    import_id: UUID
    kind: str
    progress: Progress
    _issues: int = 0

    @property
    def counters(self) -> ImportCounters:
        """The counts so far."""
        return self.progress.counters

    async def fill(self, file_layout: Layout, rows: Iterator[tuple[int, Cells]], validate: Validator) -> None:
        """Validate and store all rows, a thousand at a time and off the event loop.

        Raises:
            UnusableFile: the file turns out to be broken.
        """
        while chunk := await asyncio.to_thread(
            lambda: [_validated(file_layout, validate, *row) for row in islice(rows, _CHUNK_ROWS)]
        ):
            self.counters.rows_total += len(chunk)
            records = [self._record(line, result.document) for line, result in chunk if result.document is not None]
            await self.connection.copy_records_to_table("imported_row", records=records, columns=_ROW_COLUMNS)
            self.counters.rows_rejected += len(chunk) - len(records)
            await self.report([(line, issue) for line, result in chunk for issue in result.issues])
            await self.progress.save()

    async def report(self, issues: list[tuple[int, ValidationIssue]]) -> None:
        """Enter validation issues, each with its line, into the report."""
        records = [self._issue_record(line, issue) for line, issue in issues]
        self.counters.warnings += sum(1 for _, issue in issues if not rule(issue.code).rejects)
        await self.connection.copy_records_to_table("import_rejection", records=records, columns=_ISSUE_COLUMNS)

    async def reject(self, rows: list[Any], code: str, field_name: str) -> None:
        """Report rows that are valid by themselves, but not beside the others or what is on record."""
        self.counters.rows_rejected += len(rows)
        await self.report([(row["line"], ValidationIssue(field_name, row["value"], code)) for row in rows])

    async def clear(self) -> None:
        """Delete the rows from the staging table."""
        await self.connection.execute("DELETE FROM imported_row WHERE import_id = $1", self.import_id)

    async def discard(self) -> None:
        """Delete all of a broken file: rows and report."""
        await self.clear()
        await self.connection.execute("DELETE FROM import_rejection WHERE import_id = $1", self.import_id)

    async def cursor_rows(self, query: str) -> AsyncIterator[list[Any]]:
        """The rows of `query` for this import, as they were when it began, a thousand at a time so that memory does not grow.

        Other statements may run on the connection between two chunks.
        """
        cursor = await self.connection.cursor(query, self.import_id)
        while rows := await cursor.fetch(_CHUNK_ROWS):
            yield rows

    def _record(self, line: int, document: Document) -> tuple[Any, ...]:
        if self.kind == "certificate":
            key, applicant, uscc = document["certificate_no"], document["applicant"]["uscc"], document["enterprise_uscc"]
        else:
            key, applicant, uscc = document["sampling_no"], document["uscc"], document["uscc"]
        content, digest = content_of(document)
        reported_on = document.get(REPORTED_ON) or ""
        return self.import_id, line, key, applicant, uscc, digest, document.get("status"), reported_on, content

    def _issue_record(self, line: int, issue: ValidationIssue) -> tuple[Any, ...]:
        self._issues += 1
        broken = rule(issue.code)
        heading = heading_of(self.kind, issue.field)
        value = issue.value[:_MAX_VALUE_LENGTH].replace("\x00", "\N{SYMBOL FOR NULL}")
        message = broken.severity, broken.message_zh, broken.message_en
        return self.import_id, self._issues, line, issue.field, heading, value, broken.code, *message


def _validated(file_layout: Layout, validate: Validator, line: int, cells: Cells) -> tuple[int, ValidationResult]:
    return line, validate(*parse_row(file_layout, cells))

"""From the sheet to the staging table: every row is judged, the good ones wait there, the faults go into the report."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from asyncpg import Connection

from services.registry.rules.certificates import REPORTED_ON, Document, Judgement, content_of
from services.registry.rules.layout import Complaint, Layout, Row, heading_of, read_row
from services.registry.rules.validation_rules import rule
from services.registry.service.imports.progress import Progress, Tally

Judge = Callable[[Row, list[Complaint]], Judgement]
Cells = list[str]
_CHUNK = 1000
_ROW_COLUMNS = ("import_id", "line", "key", "holder", "uscc", "content_hash", "status", "recency", "document")
_FAULT_COLUMNS = ("import_id", "place", "line", "field", "heading", "value", "code", "severity", "message_zh", "message_en")
_SHOWN = 200


@dataclass
class Staging:
    """Where the rows of one import wait; `kind` is that of import_aliases.json."""

    connection: Connection
    import_id: UUID
    kind: str
    progress: Progress
    _faults: int = 0

    @property
    def tally(self) -> Tally:
        """The counts so far."""
        return self.progress.tally

    async def fill(self, plan: Layout, rows: Iterator[tuple[int, Cells]], judge: Judge) -> None:
        """Judge and store all rows, a thousand at a time and off the event loop.

        Raises:
            UnusableFile: the file turns out to be broken.
        """
        while chunk := await asyncio.to_thread(lambda: [_judged(plan, judge, *row) for row in islice(rows, _CHUNK)]):
            self.tally.rows_total += len(chunk)
            good = [self._record(line, found.document) for line, found in chunk if found.document is not None]
            await self.connection.copy_records_to_table("imported_row", records=good, columns=_ROW_COLUMNS)
            self.tally.rows_rejected += len(chunk) - len(good)
            await self.report([(line, complaint) for line, found in chunk for complaint in found.complaints])
            await self.progress.tell()

    async def report(self, complaints: list[tuple[int, Complaint]]) -> None:
        """Enter complaints, each with its line, into the report."""
        records = [self._fault(line, complaint) for line, complaint in complaints]
        self.tally.warnings += sum(1 for _, complaint in complaints if not rule(complaint.code).rejects)
        await self.connection.copy_records_to_table("import_rejection", records=records, columns=_FAULT_COLUMNS)

    async def reject(self, rows: list[Any], code: str, field: str) -> None:
        """Enter rows that were good by themselves, but not beside the others or what is on record."""
        self.tally.rows_rejected += len(rows)
        await self.report([(row["line"], Complaint(field, row["value"], code)) for row in rows])

    async def clear(self) -> None:
        """Take the rows out of the staging table."""
        await self.connection.execute("DELETE FROM imported_row WHERE import_id = $1", self.import_id)

    async def forget(self) -> None:
        """Leave nothing of a broken file: neither rows nor report."""
        await self.clear()
        await self.connection.execute("DELETE FROM import_rejection WHERE import_id = $1", self.import_id)

    def _record(self, line: int, document: Document) -> tuple[Any, ...]:
        if self.kind == "certificate":
            key, holder, uscc = document["certificate_no"], document["applicant"]["uscc"], document["organisation_uscc"]
        else:
            key, holder, uscc = document["sampling_no"], document["uscc"], document["uscc"]
        written, digest = content_of(document)
        return self.import_id, line, key, holder, uscc, digest, document.get("status"), document.get(REPORTED_ON) or "", written

    def _fault(self, line: int, complaint: Complaint) -> tuple[Any, ...]:
        self._faults += 1
        broken = rule(complaint.code)
        heading = heading_of(self.kind, complaint.field)
        shown = complaint.value[:_SHOWN].replace("\x00", "\N{SYMBOL FOR NULL}")
        words = broken.severity, broken.message_zh, broken.message_en
        return self.import_id, self._faults, line, complaint.field, heading, shown, broken.code, *words


def _judged(plan: Layout, judge: Judge, line: int, cells: Cells) -> tuple[int, Judgement]:
    return line, judge(*read_row(plan, cells))

"""An import of certificates beside a raw COPY of the rows it made, in the same run; and the memory that it takes.

Run: python -m tests.benchmarks.import_bench [rows] [csv|xlsx]; by default 100,000 rows from XLSX. Prints a table and JSON.
"""

import asyncio
import csv
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from itertools import chain
from pathlib import Path

import asyncpg
import xlsxwriter
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import URL

from deploy.demo.province import LARGEST, SMALLEST, generate
from deploy.demo.province.files import write_certificates
from shared.core import gc_tuning
from shared.core.clock import SystemClock
from shared.database.session import Database, open_database, transaction
from shared.security.auth import SYSTEM
from tests.benchmarks.bench_database import migrated
from tests.benchmarks.figures import Watch

BAR = 15.0
GROWTH_BAR_MB = 64
PER_ORGANISATION = 3.7
SERIALS = 40_000
MEDIA = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def main() -> None:
    """Measure and print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    form = sys.argv[2] if len(sys.argv) > 2 else "xlsx"
    with migrated("registry") as (address, directory):
        asyncio.run(_measure(address, _sheet(directory, rows, form), form))


def _sheet(directory: Path, rows: int, form: str) -> Path:
    """A generated export of so many rows: those of one province, and again under other serial numbers."""
    book, file = directory / "province.xlsx", directory / f"certificates.{form}"
    write_certificates(generate(2024, min(LARGEST, max(SMALLEST, int(rows / PER_ORGANISATION)))), book)
    headings, known = _cells(book)
    lines = chain([headings], (_again(known[place % len(known)], headings, place // len(known)) for place in range(rows)))
    if form == "csv":
        with file.open("w", encoding="utf-8", newline="") as target:
            csv.writer(target).writerows(lines)
        return file
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as workbook:
        page = workbook.add_worksheet()
        for number, line in enumerate(lines):
            page.write_row(number, 0, line)
    return file


def _cells(book: Path) -> tuple[list[str], list[list[str]]]:
    from services.registry.sheets import open_sheet  # noqa: PLC0415  (it needs the settings)

    with book.open("rb") as source, open_sheet(source, "xlsx") as sheet:
        return sheet.headings, [cells for _, cells in sheet.rows]


def _again(cells: list[str], headings: list[str], turn: int) -> list[str]:
    place = headings.index("证书编号")
    number = cells[place]
    if not turn or not number[10:].isdigit():
        return cells
    return [*cells[:place], f"{number[:10]}{(int(number[10:]) + turn * SERIALS) % 1_000_000:06d}", *cells[place + 1 :]]


async def _measure(address: URL, sheet: Path, form: str) -> None:
    from services.registry.models.imports import ImportKind  # noqa: PLC0415  (the settings come first)
    from services.registry.service import imports  # noqa: PLC0415

    gc_tuning.tune_gc()
    database = open_database(address, pool_size=6, clock=SystemClock(), name="registry")
    watch = Watch()
    watch.start()
    begun = time.perf_counter()
    async with transaction(database) as session:
        asked = imports.Request(ImportKind.CERTIFICATES)
        run, _ = await imports.receive(session, _blocks(sheet), MEDIA[form], asked, by=SYSTEM)
    await imports.work_off(database)
    took, grown = time.perf_counter() - begun, watch.growth_mb()
    copied, count = await _raw_copy(database)
    ratio = took / copied
    table = Table("work", "rows", "ours s", "raw COPY s", "ratio", "bar", "growth MB", "bar MB")
    grew = f"{grown:.0f} {'ok' if grown <= GROWTH_BAR_MB else 'MISSED'}"
    held = f"{ratio:.1f} {'ok' if ratio <= BAR else 'MISSED'}"
    table.add_row(f"import {form}", f"{count}", f"{took:.1f}", f"{copied:.2f}", held, f"{BAR:.0f}", grew, f"{GROWTH_BAR_MB}")
    Console(width=120).print(table)
    print(json.dumps({"import": {"rows": count, "seconds": took, "copy_seconds": copied, "ratio": ratio, "growth_mb": grown}}))
    await database.close()
    assert run.id


async def _blocks(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as source:
        while block := source.read(1 << 16):
            yield block


async def _raw_copy(database: Database) -> tuple[float, int]:
    """COPY of the same certificates, from a file on disk into a table of the same columns and primary key; median of three."""
    url = database.writing.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(url)
    times = []
    with tempfile.NamedTemporaryFile() as file:
        await connection.copy_from_table("certificate", output=Path(file.name))
        for turn in range(3):
            await connection.execute(f"CREATE TABLE bare_{turn} (LIKE certificate, PRIMARY KEY (certificate_no))")
            begun = time.perf_counter()
            await connection.copy_to_table(f"bare_{turn}", source=Path(file.name))
            times.append(time.perf_counter() - begun)
        count = int(await connection.fetchval("SELECT count(*) FROM certificate"))
    await connection.close()
    return sorted(times)[1], count


if __name__ == "__main__":
    main()

"""Annex 3 of ten thousand inspected objects, as rows and as a workbook. Run: python -m tests.benchmarks.annex_bench [objects]

Beside it a bare peer in the same run: as many rows of 25 cells of the same lengths written by XlsxWriter alone.
"""

import asyncio
import io
import json
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import URL

from shared.core.clock import FrozenClock
from shared.database.session import Database, open_database, reading, transaction
from shared.security.auth import Caller
from shared.testing.bus import Subscriber, deliver, record_of
from shared.vocabulary import FocusPoint, InspectionResult, OrgLevel, Role
from tests.benchmarks.bench_database import migrated

BAR_SECONDS = 3.0
ON = datetime(2024, 10, 25, 1, tzinfo=UTC)
PROVINCE = Caller("bench", Role.PROV_ADMIN, "35", OrgLevel.PROVINCIAL, "bench")


def main() -> None:
    """Measure and print."""
    objects = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with migrated("reporting") as (address, _):
        asyncio.run(_measure(address, objects))


async def _measure(address: URL, objects: int) -> None:
    from services.reporting.queries import forms, scope_of  # noqa: PLC0415  (the settings come first)
    from services.reporting.rules.enums import Round  # noqa: PLC0415
    from services.reporting.service.exports import export  # noqa: PLC0415
    from tests.reporting.story import CAMPAIGN  # noqa: PLC0415

    database = open_database(address, pool_size=6, clock=FrozenClock(ON), name="reporting")
    await _deliver(database, objects)
    scope = scope_of(CAMPAIGN, PROVINCE, None)
    begun = time.perf_counter()
    async with reading(database) as session:
        rows = await forms.annex_3(session, scope, Round.INTERIM, date(2024, 10, 25))
    computed = time.perf_counter() - begun
    begun = time.perf_counter()
    async with transaction(database) as session:
        content = await export(session, "annex3", scope, Round.INTERIM, rows)
    written = time.perf_counter() - begun
    _show(rows, computed, written, len(content))
    await database.close()


async def _deliver(database: Database, objects: int) -> None:
    """Deliver the events of so many inspected objects with one finding each to the service's own handlers."""
    from services.reporting.handlers import HANDLERS  # noqa: PLC0415  (the settings come first)
    from shared.testing.world import World  # noqa: PLC0415
    from tests.reporting.story import CABLE, Found, campaign_published, completed, team_of  # noqa: PLC0415

    publisher = World({}, FrozenClock(ON))
    subscriber = [Subscriber(database, HANDLERS)]
    events = [campaign_published()]
    for number in range(objects):
        thing = replace(CABLE, name=f"模拟电缆厂{number:05d}")
        finding = Found(f"finding {number}", thing, "标签与证书不符, 责令限期改正", FocusPoint.FP3)
        events += [team_of(thing), completed(thing, InspectionResult.ISSUE_PENDING, 1), finding.confirmed()]
    for first in range(0, len(events), 900):
        await deliver([record_of(event.owner, publisher.fact(event)) for event in events[first : first + 900]], subscriber)


def _bare(rows: list[dict[str, Any]]) -> float:
    begun, file = time.perf_counter(), io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, [str(value) for value in row.values()])
    return time.perf_counter() - begun


def _show(rows: list[dict[str, Any]], computed: float, written: float, size: int) -> None:
    bare, took = _bare(rows), computed + written
    table = Table("work", "rows", "rows s", "workbook s", "together s", "bar s", "holds", "bare workbook s", "MB")
    holds = "yes" if took <= BAR_SECONDS else "no"
    figures = (f"{computed:.2f}", f"{written:.2f}", f"{took:.2f}", f"{BAR_SECONDS:.0f}", holds, f"{bare:.2f}")
    table.add_row("Annex 3 附件3", str(len(rows)), *figures, f"{size / 2**20:.1f}")
    Console(width=140).print(table)
    print(json.dumps({"annex_3": {"rows": len(rows), "computed_s": computed, "written_s": written, "bare_s": bare}}))


if __name__ == "__main__":
    main()

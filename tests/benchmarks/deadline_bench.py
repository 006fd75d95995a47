"""The cost of deadlines: the engine beside a bare table look-up, an explanation, the sweep of a million, and the board's page.

Run: python tests/benchmarks/deadline_bench.py. Prints a table and JSON.
"""

import asyncio
import json
import resource
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import URL

from shared import deadlines
from shared.core.clock import FrozenClock
from shared.database.prepared import Query
from shared.database.session import Database, open_database, reading
from shared.deadline_records import queries
from shared.deadline_records.scheduler import pass_time
from shared.deadlines.engine import _computed, compute
from shared.deadlines.inputs import DeadlineQuery
from shared.security.auth import SYSTEM, Caller
from shared.vocabulary import OrgLevel, Role
from shared.web.pagination import PageRequest, page
from tests.benchmarks.bench_database import migrated

MILLION = 1_000_000
DUE = 10_000
START = date(2024, 9, 9)
NOW = datetime(2024, 9, 9, 1, tzinfo=UTC)
_FILL = """
INSERT INTO deadline (id, code, name_zh, name_en, subject_kind, subject_id, subject_no, office, city, county, rule, calendar,
    trigger, pauses, extensions, due_on, overdue_from, ends_at, warning_thresholds, warn_at, next_at, opened_at)
SELECT gen_random_uuid(), 'K05', '核查并决定是否立案', 'Filing decision', 'case', gen_random_uuid(),
    'XS-' || n, '35' || lpad((n % 9 + 1)::text, 2, '0'), '35' || lpad((n % 9 + 1)::text, 2, '0'),
    '35' || lpad((n % 9 + 1)::text, 2, '0') || lpad((n % 8 + 1)::text, 2, '0'), 'K05@2022-09-29', '2026.1',
    '2024-09-09', '[]', '[]', (at AT TIME ZONE 'Asia/Shanghai')::date - 1, at, at, '{overdue}', ARRAY[at], at, $1::timestamptz
FROM (SELECT n, CASE WHEN n <= $3::int THEN $1::timestamptz ELSE $2::timestamptz END + n * interval '1 millisecond' AS at
      FROM generate_series(1, $4::int) AS n) AS made
"""


def main() -> None:
    """Measure and print."""
    rows = [*_engine(), *_on_a_database()]
    table = Table("work", "ours", "limit")
    for work, ours, limit in rows:
        table.add_row(work, ours, limit)
    Console(width=120).print(table)
    print(json.dumps([{"work": work, "ours": ours, "limit": limit} for work, ours, limit in rows], ensure_ascii=False))


def _rate(work: Callable[[Any], Any], over: Sequence[Any], times: int = 5) -> float:
    """The best of several runs over many different inputs, in calls a second of the process's own time."""
    best = 0.0
    for _ in range(times):
        begun = time.process_time()
        for item in over:
            work(item)
        best = max(best, len(over) / (time.process_time() - begun))
    return best


def _engine() -> list[tuple[str, str, str]]:
    calendar, rules = deadlines.dataset()
    days = [date(2023, 1, 1) + timedelta(n) for n in range(1000)]
    terms = {code: rules.versions(code)[-1].amount or 0 for code in ("K03", "K05", "K06", "K09", "K12", "K20", "K21", "K32")}
    inputs = [DeadlineQuery(code, day) for code in terms for day in days]
    bare = _rate(lambda query: calendar.add_working_days(query.trigger, terms[query.rule_id]), inputs)
    first = _rate(lambda query: _computed(calendar, rules, query, granted=False), inputs)
    ours = _rate(lambda query: compute(calendar, rules, query), inputs)
    deadline = compute(calendar, rules, DeadlineQuery("K15", START))
    explained = 1000 / _rate(lambda _: deadlines.explain(deadline), range(500))
    return [
        ("plain calculations a second, dates not computed before", f"{first:,.0f}", "≥ 100,000"),
        ("plain calculations a second", f"{ours:,.0f}", "≥ 100,000"),
        ("beside a bare look-up of the same terms in the calendar's table", f"{ours / bare:.2f}", "≥ 0.5"),
        ("explanation of 90 days, ms", f"{explained:.3f}", "≤ 1"),
    ]


def _on_a_database() -> list[tuple[str, str, str]]:
    with migrated("cases") as (url, _):
        return asyncio.run(_measured(url))


async def _measured(url: URL) -> list[tuple[str, str, str]]:
    clock = FrozenClock(NOW)
    database = open_database(url, pool_size=4, clock=clock, name="cases")
    await _fill(url)
    board = await _board(database)
    clock.set(NOW + timedelta(hours=1))
    few = await _swept(database, DUE)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    clock.set(datetime(2025, 1, 1, tzinfo=UTC))
    all_of_them = await _swept(database, MILLION - DUE)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    await database.close()
    return [
        ("sweep of 1,000,000 open of which 10,000 are overdue, s", f"{few:.1f}", "≤ 10"),
        ("sweep in which all 990,000 others are overdue at once, s", f"{all_of_them:.1f}", "—"),
        ("memory grown meanwhile, MiB", f"{grown:.0f}", "constant"),
        ("board's page of 50 of a city among 1,000,000, ms", f"{board[0]:.1f}", "as any list"),
        ("beside the same 50 rows by primary key, ratio", f"{board[1]:.2f}", "≥ 0.5"),
    ]


async def _fill(url: URL) -> None:
    connection = await asyncpg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))
    await connection.execute(_FILL, NOW, datetime(2024, 10, 1, tzinfo=UTC), DUE, MILLION)
    await connection.execute("VACUUM ANALYZE deadline")
    await connection.close()


async def _swept(database: Database, expected: int) -> float:
    begun = time.perf_counter()
    warned = await pass_time(database)
    assert warned == expected, warned
    return time.perf_counter() - begun


async def _board(database: Database) -> tuple[float, float]:
    """Milliseconds of a page of a city's board, and how many such pages are read while one of the plain list is."""
    by = Caller("lead", Role.CITY_LEAD, "3503", OrgLevel.PREFECTURE)
    first = PageRequest(50, None, bytes(32), "board")
    board = await _pages(database, lambda: queries.board(by, queries.BoardFilters()), first, queries.BOARD)
    plain = await _pages(database, lambda: queries.board(SYSTEM, queries.BoardFilters()), first, [queries.BOARD[1]])
    return board * 1000, plain / board


async def _pages(database: Database, rows: Callable[[], Query], request: PageRequest, by: Any, count: int = 200) -> float:
    async with reading(database) as session:
        await page(session, rows(), request, by=by)
        begun = time.perf_counter()
        for _ in range(count):
            await page(session, rows(), request, by=by)
        return (time.perf_counter() - begun) / count


if __name__ == "__main__":
    main()

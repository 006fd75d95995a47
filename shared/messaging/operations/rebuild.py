"""Rebuild of the replicas that a service makes of others' events: from the first event, beside the live tables, then compared.

The rebuilt tables are in a schema of their own with an inbox of their own, and a consumer group of its own fills them by the
same dispatcher and the same handlers. The service goes on meanwhile. The tables' owner runs this.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asyncpg import Connection

from shared.core.province import province

SCHEMA = "rebuild"
LOOK_SECONDS = 0.5

_BEGIN = f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}"
_COPY = f'CREATE TABLE {SCHEMA}."{{0}}" (LIKE public."{{0}}" INCLUDING ALL)'
_BEHIND = f"SELECT count(*) FROM (SELECT event_id FROM public.inbox EXCEPT SELECT event_id FROM {SCHEMA}.inbox) AS missing"  # noqa: S608
_AHEAD = f"SELECT count(*) FROM (SELECT event_id FROM {SCHEMA}.inbox EXCEPT SELECT event_id FROM public.inbox) AS missing"  # noqa: S608
_FAILED = f"SELECT type, aggregate, error FROM {SCHEMA}.dead_letter WHERE reason = 'failed' AND resolved_at IS NULL LIMIT 1"  # noqa: S608
_COLUMNS = """
SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = $1 AND is_identity = 'NO'
  AND coalesce(column_default, '') NOT LIKE 'nextval(%'
"""
"""Without numbers that the table itself generates: they depend on the order of arrival."""
_ONLY_LIVE = f'SELECT ROW({{1}})::text FROM public."{{0}}" EXCEPT ALL SELECT ROW({{1}})::text FROM {SCHEMA}."{{0}}"'  # noqa: S608
_ONLY_MADE = f'SELECT ROW({{1}})::text FROM {SCHEMA}."{{0}}" EXCEPT ALL SELECT ROW({{1}})::text FROM public."{{0}}"'  # noqa: S608
_COMPARE = f"""
SELECT (SELECT count(*) FROM public."{{0}}") AS live, (SELECT count(*) FROM {SCHEMA}."{{0}}") AS rebuilt,
       (SELECT count(*) FROM ({_ONLY_LIVE}) AS a) AS only_live, (SELECT count(*) FROM ({_ONLY_MADE}) AS b) AS only_rebuilt,
       (SELECT encode(sha256(convert_to(coalesce(string_agg(line, E'\n' ORDER BY line), ''), 'UTF8')), 'hex')
        FROM (SELECT ROW({{1}})::text AS line FROM {SCHEMA}."{{0}}") AS made) AS digest
"""  # noqa: S608  (built from names of tables and columns)
_REMOVE = f'DELETE FROM public."{{0}}" WHERE ROW({{1}})::text IN ({_ONLY_LIVE})'  # noqa: S608
_ADD = f'INSERT INTO public."{{0}}" ({{1}}) SELECT {{1}} FROM {SCHEMA}."{{0}}" WHERE ROW({{1}})::text IN ({_ONLY_MADE})'  # noqa: S608
_AUDIT = """
INSERT INTO public.audit_log (at, subject, role, org, action, object_id, details)
VALUES ($1, $2, 'sysadmin', $4, 'projection.adopted', $3, '{}')
"""


class NotCaughtUpError(Exception):
    """The rebuilt tables did not reach the state of the live ones in time, or cannot: a handler fails."""


@dataclass(frozen=True)
class Comparison:
    """One table, live and rebuilt: rows, rows that only one of them has, and the SHA-256 of all rebuilt rows in order."""

    table: str
    live: int
    rebuilt: int
    only_live: int
    only_rebuilt: int
    digest: str

    @property
    def equal(self) -> bool:
        """Whether both hold the same rows."""
        return self.only_live == self.only_rebuilt == 0


async def begin(connection: Connection, tables: Sequence[str]) -> None:
    """Create empty copies of all tables of a service; those of an earlier rebuild are dropped."""
    await connection.execute(_BEGIN)
    for table in tables:
        await connection.execute(_COPY.format(table))


async def end(connection: Connection) -> None:
    """Drop the copies."""
    await connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


async def caught_up(connection: Connection, within: float) -> None:
    """Wait until every event that was handled live has been handled in the copies.

    Raises:
        NotCaughtUpError: it takes longer than `within` seconds, or a handler fails.
    """
    await _until_none(connection, _BEHIND, within)


async def compare(connection: Connection, tables: Sequence[str], within: float) -> list[Comparison]:
    """Compare row by row at the same event. To be called in a transaction: consumers of the live tables wait for its end.

    Raises:
        NotCaughtUpError: the two did not come to the same event within so many seconds.
    """
    await connection.execute("LOCK TABLE public.inbox_sequence IN SHARE MODE")
    await _until_none(connection, _BEHIND, within)
    if await connection.fetchval(_AHEAD):
        raise NotCaughtUpError("the live tables are behind the rebuilt ones")
    return [await _compared(connection, table) for table in tables]


async def _compared(connection: Connection, table: str) -> Comparison:
    row = await connection.fetchrow(_COMPARE.format(table, await _columns(connection, table)))
    assert row is not None
    return Comparison(table, **row)


async def adopt(connection: Connection, tables: Sequence[str], by: str, at: datetime) -> None:
    """Replace the live rows by the rebuilt ones, in the transaction of the comparison; `by` is the subject in the audit trail."""
    for table in tables:
        columns = await _columns(connection, table)
        await connection.execute(f'ALTER TABLE public."{table}" DISABLE TRIGGER USER')
        await connection.execute(_REMOVE.format(table, columns))
        await connection.execute(_ADD.format(table, columns))
        await connection.execute(f'ALTER TABLE public."{table}" ENABLE TRIGGER USER')
        await connection.execute(_AUDIT, at, by, table, province().code)


async def _columns(connection: Connection, table: str) -> str:
    return str(await connection.fetchval(_COLUMNS, table))


async def _until_none(connection: Connection, query: str, within: float) -> None:
    deadline = time.monotonic() + within
    while missing := await connection.fetchval(query):
        if failed := await connection.fetchrow(_FAILED):
            raise NotCaughtUpError(f"{failed['type']} of {failed['aggregate']} failed: {failed['error']}")
        if time.monotonic() > deadline:
            raise NotCaughtUpError(f"{missing} events have not been handled after {within:.0f} s")
        await asyncio.sleep(LOOK_SECONDS)

"""From the staging table into the registry: certificates."""

from collections.abc import Sequence
from typing import Any

from pydantic_core import from_json

from services.registry.models import ImportRun
from services.registry.models.imports import ImportState
from services.registry.rules.certificates import REPORTED_ON
from services.registry.rules.status_machine import terminal
from services.registry.service import certificates, enterprises
from services.registry.service.certificates import Entry, Source
from services.registry.service.holders import holder_of
from services.registry.service.imports.cursors import batches
from services.registry.service.imports.staging import Staging
from shared.database.session import Session

_TWICE = """
WITH ranked AS (
    SELECT line, content_hash <> first_value(content_hash) OVER same AS different, row_number() OVER same AS place
    FROM imported_row WHERE import_id = $1 WINDOW same AS (PARTITION BY key ORDER BY line)
)
DELETE FROM imported_row AS row USING ranked
WHERE row.import_id = $1 AND row.line = ranked.line AND ranked.place > 1
RETURNING row.line, row.key AS value, ranked.different
"""
_TAKEN = """
DELETE FROM imported_row AS row USING certificate
WHERE row.import_id = $1 AND certificate_no = row.key AND applicant ->> 'uscc' <> row.holder
RETURNING row.line, row.key AS value
"""
_ENDED = """
DELETE FROM imported_row AS row USING certificate
WHERE row.import_id = $1 AND certificate_no = row.key
  AND certificate.status = ANY($2::text[]) AND row.status <> certificate.status
RETURNING row.line, row.status AS value
"""
_HOLDERS = """
SELECT DISTINCT ON (uscc) uscc, document
FROM imported_row AS row LEFT JOIN certificate AS known ON certificate_no = key
WHERE import_id = $1 AND row.content_hash IS DISTINCT FROM known.content_hash
ORDER BY uscc, recency DESC, line DESC
"""
_ROWS = """
SELECT document, row.content_hash, recency, known.content_hash AS known_hash
FROM imported_row AS row LEFT JOIN certificate AS known ON certificate_no = key
WHERE import_id = $1 ORDER BY key
"""


async def merge(session: Session, staging: Staging, run: ImportRun) -> None:
    """Register what is new, record what has changed, leave the rest alone."""
    await staging.progress.tell(ImportState.REGISTERING)
    await refuse_duplicates(staging, "certificate_no")
    await _refuse_conflicts(staging)
    await _holders(session, staging)
    source = Source("cx_import", run.imported_by, run.sha256)
    async for rows in batches(staging.connection, _ROWS, staging.import_id):
        await _certificates(session, staging, rows, source)
        await session.write_now()
        await staging.progress.tell()


async def refuse_duplicates(staging: Staging, field: str) -> None:
    """The first row of a key stays; the same content again is only counted, other content is refused."""
    twice = await staging.connection.fetch(_TWICE, staging.import_id)
    different = [row for row in twice if row["different"]]
    staging.tally.rows_duplicated += len(twice) - len(different)
    await staging.reject(different, "DUPLICATE_IN_FILE", field)


async def _refuse_conflicts(staging: Staging) -> None:
    taken = await staging.connection.fetch(_TAKEN, staging.import_id)
    await staging.reject(taken, "HOLDER_CONFLICT", "certificate_no")
    ended = await staging.connection.fetch(_ENDED, staging.import_id, [str(status) for status in terminal()])
    await staging.reject(ended, "STATUS_TRANSITION", "status")


async def _holders(session: Session, staging: Staging) -> None:
    async for rows in batches(staging.connection, _HOLDERS, staging.import_id):
        told = [holder_of(from_json(row["document"])) for row in rows]
        new, changed = await enterprises.register(session, told)
        staging.tally.enterprises_new += new
        staging.tally.enterprises_changed += changed
        await session.write_now()


async def _certificates(session: Session, staging: Staging, rows: Sequence[Any], source: Source) -> None:
    tally = staging.tally
    new = [_entry(row) for row in rows if row["known_hash"] is None]
    changed = [_entry(row) for row in rows if row["known_hash"] not in (None, row["content_hash"])]
    tally.rows_new += len(new)
    tally.rows_changed += len(changed)
    tally.rows_unchanged += len(rows) - len(new) - len(changed)
    await certificates.register(session, new, source)
    await certificates.update(session, changed, source)


def _entry(row: Any) -> Entry:
    document = from_json(row["document"]) | {REPORTED_ON: row["recency"] or None}
    return Entry(document, row["document"], row["content_hash"])

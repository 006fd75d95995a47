"""Merge staged certificates into the registry."""

from collections.abc import Sequence
from typing import Any

from pydantic_core import from_json

from services.registry.models import ImportRun
from services.registry.models.imports import ImportState
from services.registry.rules.certificates import REPORTED_ON, enterprise_of
from services.registry.rules.status_machine import terminal
from services.registry.service import certificates, enterprises
from services.registry.service.certificates import Entry, Source
from services.registry.service.imports.staging import Staging
from shared.database.session import Session

_DUPLICATES = """
WITH ranked AS (
    SELECT line, content_hash <> first_value(content_hash) OVER same AS different, row_number() OVER same AS occurrence
    FROM imported_row WHERE import_id = $1 WINDOW same AS (PARTITION BY key ORDER BY line)
)
DELETE FROM imported_row AS row USING ranked
WHERE row.import_id = $1 AND row.line = ranked.line AND ranked.occurrence > 1
RETURNING row.line, row.key AS value, ranked.different
"""
_OTHER_APPLICANTS = """
DELETE FROM imported_row AS row USING certificate
WHERE row.import_id = $1 AND certificate_no = row.key AND applicant ->> 'uscc' <> row.applicant_uscc
RETURNING row.line, row.key AS value
"""
_ENDED_CERTIFICATES = """
DELETE FROM imported_row AS row USING certificate
WHERE row.import_id = $1 AND certificate_no = row.key
  AND certificate.status = ANY($2::text[]) AND row.status <> certificate.status
RETURNING row.line, row.status AS value
"""
_ENTERPRISES = """
SELECT DISTINCT ON (uscc) uscc, document
FROM imported_row AS row LEFT JOIN certificate AS registered ON certificate_no = key
WHERE import_id = $1 AND row.content_hash IS DISTINCT FROM registered.content_hash
ORDER BY uscc, row.reported_on DESC, line DESC
"""
_ROWS = """
SELECT document, row.content_hash, row.reported_on, registered.content_hash AS registered_hash
FROM imported_row AS row LEFT JOIN certificate AS registered ON certificate_no = key
WHERE import_id = $1 ORDER BY key
"""


async def merge(session: Session, staging: Staging, run: ImportRun) -> None:
    """Register new certificates, record changes, skip the rest."""
    await staging.progress.save(ImportState.REGISTERING)
    await reject_duplicates(staging, "certificate_no")
    await _reject_conflicts(staging)
    await _merge_enterprises(session, staging)
    source = Source("cx_import", run.imported_by, run.sha256)
    async for rows in staging.cursor_rows(_ROWS):
        await _merge_certificates(session, staging, rows, source)
        await session.write_now()
        await staging.progress.save()


async def reject_duplicates(staging: Staging, key_field: str) -> None:
    """The first row of a key stays; the same content again is only counted, other content is rejected."""
    duplicates = await staging.connection.fetch(_DUPLICATES, staging.import_id)
    different = [row for row in duplicates if row["different"]]
    staging.counters.rows_duplicated += len(duplicates) - len(different)
    await staging.reject(different, "DUPLICATE_IN_FILE", key_field)


async def _reject_conflicts(staging: Staging) -> None:
    conflicts = await staging.connection.fetch(_OTHER_APPLICANTS, staging.import_id)
    await staging.reject(conflicts, "HOLDER_CONFLICT", "certificate_no")
    ended = await staging.connection.fetch(_ENDED_CERTIFICATES, staging.import_id, [str(status) for status in terminal()])
    await staging.reject(ended, "STATUS_TRANSITION", "status")


async def _merge_enterprises(session: Session, staging: Staging) -> None:
    async for rows in staging.cursor_rows(_ENTERPRISES):
        records = [enterprise_of(from_json(row["document"])) for row in rows]
        new, changed = await enterprises.register(session, records)
        staging.counters.enterprises_new += new
        staging.counters.enterprises_changed += changed
        await session.write_now()


async def _merge_certificates(session: Session, staging: Staging, rows: Sequence[Any], source: Source) -> None:
    counters = staging.counters
    new = [_entry(row) for row in rows if row["registered_hash"] is None]
    changed = [_entry(row) for row in rows if row["registered_hash"] not in (None, row["content_hash"])]
    counters.rows_new += len(new)
    counters.rows_changed += len(changed)
    counters.rows_unchanged += len(rows) - len(new) - len(changed)
    await certificates.register(session, new, source)
    await certificates.update(session, changed, source)


def _entry(row: Any) -> Entry:
    document = from_json(row["document"]) | {REPORTED_ON: row["reported_on"] or None}
    return Entry(document, row["document"], row["content_hash"])

"""Merge staged failed samplings into the registry."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.registry.models import ImportRun, SamplingFailure
from services.registry.models.imports import ImportState
from services.registry.service import deadlines, enterprises, events
from services.registry.service.imports.certificates import reject_duplicates
from services.registry.service.imports.staging import Staging
from shared.core.ids import new_id
from shared.database.session import Session
from shared.vocabulary import ObjectKind

_ROWS = """
SELECT document, row.content_hash, registered.content_hash AS registered_hash, registered.failure_id
FROM imported_row AS row LEFT JOIN sampling_failure AS registered
    ON registered.sampling_no = row.key AND registered.year = (document::json ->> 'year')::int
WHERE row.import_id = $1 ORDER BY row.key
"""
_ENTERPRISE_FIELDS = ("uscc", "name", "kind", "division", "city", "county", "address")


async def merge(session: Session, staging: Staging, run: ImportRun) -> None:
    """Record new and changed failed samplings; an enterprise that is not registered yet is registered with them."""
    await staging.progress.save(ImportState.REGISTERING)
    await reject_duplicates(staging, "sampling_no")
    async for rows in staging.cursor_rows(_ROWS):
        await _merge_failures(session, staging, rows, run.id)
        await session.write_now()
        await staging.progress.save()


async def _merge_failures(session: Session, staging: Staging, rows: Sequence[Any], import_id: UUID) -> None:
    counters = staging.counters
    changed = [row for row in rows if row["registered_hash"] != row["content_hash"]]
    documents = [json.loads(row["document"]) for row in changed]
    records = {document["uscc"]: {key: document[key] for key in _ENTERPRISE_FIELDS} for document in documents}
    counters.enterprises_new += await enterprises.register_missing(session, list(records.values()))
    for row, document in zip(changed, documents, strict=True):
        registered_id = row["failure_id"]
        await _store(session, document, registered_id or new_id(), row["content_hash"], import_id)
        counters.rows_changed += registered_id is not None
        counters.rows_new += registered_id is None
    counters.rows_unchanged += len(rows) - len(changed)


async def _store(session: Session, document: dict[str, Any], failure_id: UUID, content_hash: str, import_id: UUID) -> None:
    failed_on = date.fromisoformat(document["failed_on"]) if document["failed_on"] else None
    kind = ObjectKind(document["kind"])
    values = {name: value for name, value in document.items() if name != "failed_on"} | {"kind": kind}
    failure = SamplingFailure(
        **values, reported_on=failed_on, failure_id=failure_id, content_hash=content_hash, import_id=import_id
    )
    await deadlines.open_objection(session, await session.merge(failure))
    events.sampling_failure_recorded(session, failure)

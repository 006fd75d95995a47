"""From the staging table into the registry: failed samplings."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.registry.models import ImportRun, SamplingFailure
from services.registry.models.imports import ImportState
from services.registry.service import deadlines, enterprises
from services.registry.service.imports.certificates import refuse_duplicates
from services.registry.service.imports.cursors import batches
from services.registry.service.imports.staging import Staging
from shared.core.ids import new_id
from shared.database.session import Session
from shared.events.registry import SamplingFailureRecorded
from shared.messaging import emit
from shared.vocabulary import ObjectKind

_ROWS = """
SELECT document, row.content_hash, known.content_hash AS known_hash, known.failure_id
FROM imported_row AS row LEFT JOIN sampling_failure AS known
    ON known.sampling_no = row.key AND known.year = (document::json ->> 'year')::int
WHERE row.import_id = $1 ORDER BY row.key
"""
_PLACE = ("uscc", "name", "kind", "division", "city", "county", "address")


async def merge(session: Session, staging: Staging, run: ImportRun) -> None:
    """Record what is new or changed; an organisation nobody knew enters the registry with it."""
    await staging.progress.tell(ImportState.REGISTERING)
    await refuse_duplicates(staging, "sampling_no")
    async for rows in batches(staging.connection, _ROWS, staging.import_id):
        await _record(session, staging, rows, run.id)
        await session.write_now()
        await staging.progress.tell()


async def _record(session: Session, staging: Staging, rows: Sequence[Any], import_id: UUID) -> None:
    fresh = [row for row in rows if row["known_hash"] != row["content_hash"]]
    documents = [json.loads(row["document"]) for row in fresh]
    told = {document["uscc"]: {key: document[key] for key in _PLACE} for document in documents}
    staging.tally.enterprises_new += await enterprises.register_unknown(session, list(told.values()))
    for row, document in zip(fresh, documents, strict=True):
        known = row["failure_id"]
        await _store(session, document, known or new_id(), row["content_hash"], import_id)
        staging.tally.rows_changed += known is not None
        staging.tally.rows_new += known is None
    staging.tally.rows_unchanged += len(rows) - len(fresh)


async def _store(session: Session, document: dict[str, Any], failure_id: UUID, content_hash: str, import_id: UUID) -> None:
    failed_on = date.fromisoformat(document["failed_on"]) if document["failed_on"] else None
    kind = ObjectKind(document["kind"])
    values = {name: value for name, value in document.items() if name != "failed_on"} | {"kind": kind}
    kept = SamplingFailure(**values, reported_on=failed_on, failure_id=failure_id, content_hash=content_hash, import_id=import_id)
    await deadlines.open_objection(session, await session.merge(kept))
    emit(
        session,
        SamplingFailureRecorded(
            failure_id=failure_id,
            year=document["year"],
            uscc=document["uscc"],
            name=document["name"],
            kind=kind,
            product_name=document["product_name"],
            product_category_code=document["product_category_code"],
            failed_on=failed_on,
            level=document["level"],
        ),
    )

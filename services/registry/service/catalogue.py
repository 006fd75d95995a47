"""Telling the other services what stands in the catalogue."""

import hashlib

from sqlmodel import select

from services.registry.models import CataloguePublication
from services.registry.rules.reference_data import CatalogueItem, catalogue, document
from services.registry.schemas.reference import PublicationOut
from shared.database.session import Session, lock
from shared.events.registry import CatalogueItemPublished
from shared.messaging import emit
from shared.security import audit
from shared.security.auth import Caller


async def publish(session: Session, *, by: Caller) -> PublicationOut:
    """Tell of each product once, and again only when its entry has changed."""
    await lock(session, "catalogue")
    version = str(document("catalogue")["version"])
    told = {row.code: row for row in await session.exec(select(CataloguePublication))}
    published = 0
    for item in catalogue().values():
        event = _event(item)
        digest = hashlib.sha256(event.model_dump_json().encode()).hexdigest()
        if item.code in told and told[item.code].content_hash == digest:
            continue
        row = CataloguePublication(code=item.code, content_hash=digest, catalogue_version=version, published_at=session.now)
        await session.merge(row)
        emit(session, event)
        published += 1
    audit.record(session, by, "catalogue.published", version, published=published)
    return PublicationOut(version=version, published=published, unchanged=len(catalogue()) - published)


def _event(item: CatalogueItem) -> CatalogueItemPublished:
    return CatalogueItemPublished(
        product_category_code=item.code,
        name_zh=item.name_zh,
        name_en=item.name_en,
        priority_group=item.priority_group,
        acceptance_from=item.acceptance_from,
        mandatory_from=item.mandatory_from,
        announcement=item.announcement,
        valid_to=item.validity.valid_to,
    )

"""Publish the catalogue to the other services."""

import hashlib

from sqlmodel import select

from services.registry.models import CataloguePublication
from services.registry.rules.reference_data import catalogue, document
from services.registry.schemas.reference import PublicationOut
from services.registry.service.events import catalogue_item_published
from shared.database.session import Session, lock
from shared.messaging import emit
from shared.security import audit
from shared.security.auth import Caller


async def publish(session: Session, *, by: Caller) -> PublicationOut:
    """Publish each product once, and again only when its entry has changed."""
    await lock(session, "catalogue")
    version = str(document("catalogue")["version"])
    publications = {row.code: row for row in await session.exec(select(CataloguePublication))}
    published = 0
    for item in catalogue().values():
        event = catalogue_item_published(item)
        digest = hashlib.sha256(event.model_dump_json().encode()).hexdigest()
        if item.code in publications and publications[item.code].content_hash == digest:
            continue
        row = CataloguePublication(code=item.code, content_hash=digest, catalogue_version=version, published_at=session.now)
        await session.merge(row)
        emit(session, event)
        published += 1
    audit.record(session, by, "catalogue.published", version, published=published)
    return PublicationOut(version=version, published=published, unchanged=len(catalogue()) - published)

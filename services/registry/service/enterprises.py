"""Enterprises: registered with their certificates, corrected, and their inspections recorded."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from services.registry.errors import DivisionNotFound
from services.registry.models import Enterprise, InspectionRecord
from services.registry.rules.parties import locate
from services.registry.schemas.enterprises import EnterpriseEdit
from services.registry.service import events
from shared.core.clock import legal_day
from shared.core.errors import NotFound, StaleVersion
from shared.database.session import Session
from shared.events.inspection import InspectionCompleted
from shared.security import audit
from shared.security.auth import Caller
from shared.vocabulary import ObjectKind

EnterpriseRecord = Mapping[str, Any]
"""An enterprise as a source states it: the columns of its table up to the address."""


async def register(session: Session, records: Sequence[EnterpriseRecord]) -> tuple[int, int]:
    """Register the enterprises that certificates name; the numbers of new and of changed ones."""
    registered = await _locked(session, records)
    new = [record for record in records if record["uscc"] not in registered]
    _add(session, new)
    changed = 0
    for record in records:
        enterprise = registered.get(record["uscc"])
        if enterprise is not None and _differs(enterprise, record):
            enterprise.sqlmodel_update(dict(record))
            enterprise.version += 1
            events.enterprise_registered(session, enterprise)
            changed += 1
    return len(new), changed


async def register_missing(session: Session, records: Sequence[EnterpriseRecord]) -> int:
    """Register the enterprises that are not on record; those on record keep their better entries. The number of new ones."""
    registered = await _locked(session, records)
    new = [{**record, "kind": ObjectKind(record["kind"])} for record in records if record["uscc"] not in registered]
    _add(session, new)
    return len(new)


async def correct(session: Session, uscc: str, body: EnterpriseEdit, version: int, *, by: Caller) -> Enterprise:
    """Correct the entry of an enterprise.

    Raises:
        NotFound: there is no such enterprise.
        StaleVersion: it has changed since the caller read it.
        DivisionNotFound: the new division is none of this province.
    """
    enterprise = await session.get(Enterprise, uscc, with_for_update=True)
    if enterprise is None:
        raise NotFound
    if enterprise.version != version:
        raise StaleVersion
    changes = body.model_dump(exclude_unset=True)
    if "division" in changes:
        changes |= _location(session, changes["division"])
    before = {field: getattr(enterprise, field) for field in changes}
    enterprise.sqlmodel_update(changes)
    audit.record(session, by, "enterprise.corrected", uscc, before=before, after=changes)
    events.enterprise_registered(session, enterprise)
    enterprise.version += 1
    return enterprise


async def record_inspection(session: Session, event: InspectionCompleted) -> None:
    """Record that an enterprise was inspected, whether or not it is registered yet."""
    values = {
        "inspection_id": event.inspection_id,
        "uscc": event.object.uscc,
        "campaign_id": event.campaign_id,
        "inspected_on": event.inspected_on,
        "result": event.result,
    }
    await session.exec(insert(InspectionRecord).values(values).on_conflict_do_nothing())


def _location(session: Session, division: str) -> dict[str, str]:
    location = locate(division, legal_day(session.now))
    if location is None:
        raise DivisionNotFound(pointer="/division")
    return dict(zip(("division", "city", "county"), location, strict=True))


async def _locked(session: Session, records: Sequence[EnterpriseRecord]) -> dict[str, Enterprise]:
    usccs = sorted(record["uscc"] for record in records)
    rows = select(Enterprise).where(col(Enterprise.uscc).in_(usccs)).order_by(col(Enterprise.uscc)).with_for_update()
    return {enterprise.uscc: enterprise for enterprise in await session.exec(rows)}


def _add(session: Session, records: Sequence[EnterpriseRecord]) -> None:
    for record in records:
        enterprise = Enterprise(**record, registered_at=session.now)
        session.add(enterprise)
        events.enterprise_registered(session, enterprise)


def _differs(enterprise: Enterprise, record: EnterpriseRecord) -> bool:
    return any(getattr(enterprise, field) != value for field, value in record.items())

"""Organisations enter the registry, are corrected, and are found to have been inspected."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from services.registry.errors import DivisionNotFound
from services.registry.models import Enterprise, InspectionRecord
from services.registry.rules.parties import located
from services.registry.schemas.enterprises import EnterpriseEdit
from shared.core.clock import legal_day
from shared.core.errors import NotFound, StaleVersion
from shared.database.session import Session
from shared.events.inspection import InspectionCompleted
from shared.events.registry import EnterpriseRegistered
from shared.messaging import emit
from shared.security import audit
from shared.security.auth import Caller
from shared.vocabulary import ObjectKind

Told = Mapping[str, Any]
"""What a source says of an organisation: the columns of its table up to the address."""


async def register(session: Session, told: Sequence[Told]) -> tuple[int, int]:
    """Take what certificates say of their holders: how many organisations were new, and how many said something new."""
    known = await _known(session, told)
    new = [one for one in told if one["uscc"] not in known]
    _add(session, new)
    changed = 0
    for one in told:
        enterprise = known.get(one["uscc"])
        if enterprise is not None and _differs(enterprise, one):
            enterprise.sqlmodel_update(dict(one))
            enterprise.version += 1
            _tell(session, enterprise)
            changed += 1
    return len(new), changed


async def register_unknown(session: Session, told: Sequence[Told]) -> int:
    """Take in organisations that nothing else is known of; those on record are better known already."""
    known = await _known(session, told)
    new = [one | {"kind": ObjectKind(one["kind"])} for one in map(dict, told) if one["uscc"] not in known]
    _add(session, new)
    return len(new)


async def correct(session: Session, uscc: str, edit: EnterpriseEdit, version: int, *, by: Caller) -> Enterprise:
    """Correct the entry of an organisation.

    Raises:
        NotFound: there is no such organisation.
        StaleVersion: it has changed since the caller read it.
        DivisionNotFound: the new division is none of this province.
    """
    enterprise = await session.get(Enterprise, uscc, with_for_update=True)
    if enterprise is None:
        raise NotFound
    if enterprise.version != version:
        raise StaleVersion
    changes = edit.model_dump(exclude_unset=True)
    if "division" in changes:
        changes |= _place(session, changes["division"])
    before = {field: getattr(enterprise, field) for field in changes}
    enterprise.sqlmodel_update(changes)
    audit.record(session, by, "enterprise.corrected", uscc, before=before, after=changes)
    _tell(session, enterprise)
    enterprise.version += 1
    return enterprise


async def note_inspection(session: Session, event: InspectionCompleted) -> None:
    """Remember that an organisation was inspected, whether or not it is known yet."""
    row = {
        "inspection_id": event.inspection_id,
        "uscc": event.object.uscc,
        "campaign_id": event.campaign_id,
        "inspected_on": event.inspected_on,
        "result": event.result,
    }
    await session.exec(insert(InspectionRecord).values(row).on_conflict_do_nothing())


def _place(session: Session, division: str) -> dict[str, str]:
    place = located(division, legal_day(session.now))
    if place is None:
        raise DivisionNotFound(pointer="/division")
    return dict(zip(("division", "city", "county"), place, strict=True))


async def _known(session: Session, told: Sequence[Told]) -> dict[str, Enterprise]:
    usccs = sorted(one["uscc"] for one in told)
    rows = select(Enterprise).where(col(Enterprise.uscc).in_(usccs)).order_by(col(Enterprise.uscc)).with_for_update()
    return {enterprise.uscc: enterprise for enterprise in await session.exec(rows)}


def _add(session: Session, told: Sequence[Told]) -> None:
    for one in told:
        enterprise = Enterprise(**one, registered_at=session.now)
        session.add(enterprise)
        _tell(session, enterprise)


def _differs(enterprise: Enterprise, told: Told) -> bool:
    return any(getattr(enterprise, field) != value for field, value in told.items())


def _tell(session: Session, enterprise: Enterprise) -> None:
    emit(session, EnterpriseRegistered(**enterprise.model_dump()))

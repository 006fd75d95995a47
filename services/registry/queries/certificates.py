"""Lists and details of certificates, and their status on any day."""

from datetime import date
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Select, Text, case, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from services.registry.models import Certificate, CertificateEdition, CertificateEvent, PartyName
from services.registry.queries.search import holds
from services.registry.rules.history import RUNNING
from services.registry.schemas.certificates import (
    CertificateFilter,
    CertificateItem,
    CertificateOut,
    EditionOut,
    StatusEventOut,
)
from shared.database.prepared import prepared
from shared.security.auth import Caller
from shared.vocabulary import CertificateRoute, CertificateStatus, Role


def visible(by: Caller) -> ColumnElement[bool]:
    """What the caller may see: a regulator its region, a certification body its own certificates."""
    if by.role is Role.CERT_BODY_CONTACT:
        return or_(col(Certificate.body_code) == by.org, col(Certificate.body_cnca_no) == by.org)
    return by.within(col(Certificate.city), col(Certificate.county))


def status_on(day: date) -> ColumnElement[Any]:
    """The status of the whole certificate on a day, as `rules.history.standing` tells it; null before the first issue."""
    event = CertificateEvent
    own = (col(event.certificate_no) == Certificate.certificate_no) & (col(event.effective_on) <= day)
    whole = func.cardinality(col(event.affected_models)) == 0
    latest = select(col(event.status)).where(own, whole).order_by(col(event.sequence).desc()).limit(1)
    ends = select(col(event.expires_on)).where(own, col(event.expires_on).is_not(None))
    last_day = ends.order_by(col(event.sequence).desc()).limit(1).scalar_subquery()
    status = latest.scalar_subquery()
    over = status.in_(sorted(RUNNING)) & (last_day < day)
    return case((over, CertificateStatus.EXPIRED.value), else_=status)


@prepared
def certificates(by: Caller, wanted: CertificateFilter, today: date) -> Select[Any]:
    """Certificates that the caller may see, each with its status on the day asked for."""
    status = status_on(today if wanted.on is None else wanted.on)
    names = [name for name in CertificateItem.model_fields if name != "status"]
    rows = select(*[col(getattr(Certificate, name)) for name in names], status.label("status"))
    rows = rows.where(visible(by), *_conditions(wanted))
    return rows.where(status == wanted.status.value) if wanted.status else rows


def _conditions(wanted: CertificateFilter) -> list[ColumnElement[bool]]:
    equal = {
        Certificate.city: wanted.city,
        Certificate.county: wanted.county,
        Certificate.priority_group: wanted.priority_group,
        Certificate.product_category_code: wanted.category,
        Certificate.route: wanted.route,
    }
    found = [col(column) == value for column, value in equal.items() if value is not None]
    if wanted.number is not None:
        found.append(func.starts_with(col(Certificate.certificate_no), cast(wanted.number, Text)))
    if wanted.uscc is not None:
        found.append(col(Certificate.party_usccs).op("@>")(cast(array([wanted.uscc]), ARRAY(Text))))
    if wanted.body is not None:
        found.append(or_(col(Certificate.body_code) == wanted.body, col(Certificate.body_cnca_no) == wanted.body))
    if wanted.name is not None:
        named = select(cast(func.array_agg(col(PartyName.name)), ARRAY(Text))).where(holds(col(PartyName.name), wanted.name))
        found.append(col(Certificate.party_names).op("&&")(named.scalar_subquery()))
    return found


@prepared
def certificate(by: Caller, number: str, today: date) -> Select[Any]:
    """One certificate as it stands today."""
    names = [name for name in CertificateOut.model_fields if name != "status"]
    rows = select(*[col(getattr(Certificate, name)) for name in names], status_on(today).label("status"))
    return rows.where(visible(by), col(Certificate.certificate_no) == number)


@prepared
def events(by: Caller, number: str) -> Select[Any]:
    """The history of a certificate."""
    names = StatusEventOut.model_fields
    rows = select(*[col(getattr(CertificateEvent, name)) for name in names])
    return rows.where(col(CertificateEvent.certificate_no) == number, _seen(by, number))


@prepared
def editions(by: Caller, number: str) -> Select[Any]:
    """What a certificate said, edition by edition."""
    rows = select(*[col(getattr(CertificateEdition, name)) for name in EditionOut.model_fields])
    return rows.where(col(CertificateEdition.certificate_no) == number, _seen(by, number))


def _seen(by: Caller, number: str) -> ColumnElement[bool]:
    return select(Certificate).where(col(Certificate.certificate_no) == number, visible(by)).exists()


async def revoked_on(session: AsyncSession, producer: str, category: str) -> date | None:
    """The latest day on which a certificate or declaration of a producer for a product category was revoked."""
    latest = select(func.max(col(Certificate.status_since))).where(
        col(Certificate.status) == CertificateStatus.REVOKED,
        col(Certificate.product_category_code) == category,
        col(Certificate.party_usccs).op("@>")(literal([producer], ARRAY(Text))),
        col(Certificate.manufacturer)["uscc"].astext == producer,
    )
    found: date | None = (await session.execute(latest)).scalar()
    return found


async def declares(session: AsyncSession, number: str | None, certificate: Certificate) -> bool:
    """Whether a valid declaration of the certificate's product by one of its parties has this number."""
    declaration = aliased(Certificate)
    same = select(literal(1)).where(
        col(declaration.certificate_no) == number,
        col(declaration.route) == CertificateRoute.SELF_DECLARATION,
        col(declaration.status) == CertificateStatus.VALID,
        col(declaration.product_category_code) == certificate.product_category_code,
        col(declaration.party_usccs).op("&&")(literal(certificate.party_usccs, ARRAY(Text))),
    )
    return (await session.execute(same)).first() is not None

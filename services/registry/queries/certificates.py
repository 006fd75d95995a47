"""Lists and details of certificates, and their status on any day."""

from datetime import date
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Select, Text, case, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from services.registry.models import Certificate, CertificateEdition, CertificateEvent, PartyName
from services.registry.queries.enterprises import name_contains
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
    """The status of the whole certificate on a day, as `rules.history.snapshot_on` computes it; null before the first issue."""
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
def certificates(filters: CertificateFilter, today: date, *, by: Caller) -> Select[Any]:
    """Certificates that the caller may see, each with its status on the day of the filter, by default `today`."""
    status = status_on(today if filters.on is None else filters.on)
    names = [name for name in CertificateItem.model_fields if name != "status"]
    rows = select(*[col(getattr(Certificate, name)) for name in names], status.label("status"))
    rows = rows.where(visible(by), *_conditions(filters))
    return rows.where(status == filters.status.value) if filters.status else rows


def _conditions(filters: CertificateFilter) -> list[ColumnElement[bool]]:
    equal = {
        Certificate.city: filters.city,
        Certificate.county: filters.county,
        Certificate.priority_group: filters.priority_group,
        Certificate.product_category_code: filters.category,
        Certificate.route: filters.route,
    }
    conditions = [col(column) == value for column, value in equal.items() if value is not None]
    if filters.number is not None:
        conditions.append(func.starts_with(col(Certificate.certificate_no), cast(filters.number, Text)))
    if filters.uscc is not None:
        conditions.append(col(Certificate.party_usccs).op("@>")(cast(array([filters.uscc]), ARRAY(Text))))
    if filters.body is not None:
        conditions.append(or_(col(Certificate.body_code) == filters.body, col(Certificate.body_cnca_no) == filters.body))
    if filters.name is not None:
        named = select(cast(func.array_agg(col(PartyName.name)), ARRAY(Text))).where(
            name_contains(col(PartyName.name), filters.name)
        )
        conditions.append(col(Certificate.party_names).op("&&")(named.scalar_subquery()))
    return conditions


@prepared
def certificate(number: str, today: date, *, by: Caller) -> Select[Any]:
    """One certificate with its status of `today`."""
    names = [name for name in CertificateOut.model_fields if name != "status"]
    rows = select(*[col(getattr(Certificate, name)) for name in names], status_on(today).label("status"))
    return rows.where(visible(by), col(Certificate.certificate_no) == number)


@prepared
def events(number: str, *, by: Caller) -> Select[Any]:
    """The history of a certificate."""
    names = StatusEventOut.model_fields
    rows = select(*[col(getattr(CertificateEvent, name)) for name in names])
    return rows.where(col(CertificateEvent.certificate_no) == number, _visible_certificate(number, by))


@prepared
def editions(number: str, *, by: Caller) -> Select[Any]:
    """The editions of a certificate."""
    rows = select(*[col(getattr(CertificateEdition, name)) for name in EditionOut.model_fields])
    return rows.where(col(CertificateEdition.certificate_no) == number, _visible_certificate(number, by))


def _visible_certificate(number: str, by: Caller) -> ColumnElement[bool]:
    return select(Certificate).where(col(Certificate.certificate_no) == number, visible(by)).exists()


async def revoked_on(session: AsyncSession, producer: str, category: str) -> date | None:
    """The latest day on which a certificate or declaration of a producer for a product category was revoked."""
    latest = select(func.max(col(Certificate.status_since))).where(
        col(Certificate.status) == CertificateStatus.REVOKED,
        col(Certificate.product_category_code) == category,
        col(Certificate.party_usccs).op("@>")(literal([producer], ARRAY(Text))),
        col(Certificate.manufacturer)["uscc"].astext == producer,
    )
    revoked: date | None = (await session.execute(latest)).scalar()
    return revoked


async def is_declared(session: AsyncSession, number: str | None, certificate: Certificate) -> bool:
    """Whether a valid declaration of the certificate's product by one of its parties has this number."""
    declaration = aliased(Certificate)
    matching = select(literal(1)).where(
        col(declaration.certificate_no) == number,
        col(declaration.route) == CertificateRoute.SELF_DECLARATION,
        col(declaration.status) == CertificateStatus.VALID,
        col(declaration.product_category_code) == certificate.product_category_code,
        col(declaration.party_usccs).op("&&")(literal(certificate.party_usccs, ARRAY(Text))),
    )
    return (await session.execute(matching)).first() is not None

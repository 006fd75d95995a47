"""Lists and details of enterprises and failed samplings, and the search by a part of a name."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, func, select
from sqlmodel import col

from services.registry.models import Certificate, Enterprise, InspectionRecord, SamplingFailure
from services.registry.schemas.enterprises import EnterpriseFilter, EnterpriseOut, FailureFilter, SamplingFailureOut
from shared.database.prepared import equals, prepared
from shared.security.auth import Caller

_COLUMNS = [col(getattr(Enterprise, name)) for name in EnterpriseOut.model_fields]


def name_contains(name: Any, part: str) -> ColumnElement[bool]:
    """Whether a name contains `part`, whatever the case; the index on pairs of characters narrows the search first."""
    text = cast(part, Text)
    return func.bigrams(name).op("@>")(func.bigrams(text)) & (func.strpos(func.lower(name), func.lower(text)) > 0)


@prepared
def enterprises(filters: EnterpriseFilter, *, by: Caller) -> Select[Any]:
    """Enterprises within the caller's jurisdiction."""
    return _within(by).where(*_conditions(filters))


def _within(by: Caller) -> Select[Any]:
    return select(*_COLUMNS).where(by.within(col(Enterprise.city), col(Enterprise.county)))


def _conditions(filters: EnterpriseFilter) -> list[ColumnElement[bool]]:
    conditions = equals(Enterprise, uscc=filters.uscc, city=filters.city, county=filters.county, kind=filters.kind)
    if filters.name is not None:
        conditions.append(name_contains(col(Enterprise.name), filters.name))
    if filters.priority_group:
        priority = col(Certificate.priority_group) == filters.priority_group
        conditions.append(select(Certificate).where(col(Certificate.enterprise_uscc) == Enterprise.uscc, priority).exists())
    return conditions


@prepared
def enterprise(uscc: str, *, by: Caller) -> Select[Any]:
    """One enterprise with its last inspection and the numbers of its certificates and failed samplings."""
    inspected = select(func.max(col(InspectionRecord.inspected_on))).where(col(InspectionRecord.uscc) == Enterprise.uscc)
    certificates = select(func.count()).where(col(Certificate.enterprise_uscc) == Enterprise.uscc)
    failed = select(func.count()).where(col(SamplingFailure.uscc) == Enterprise.uscc)
    rows = _within(by).where(col(Enterprise.uscc) == uscc)
    return rows.add_columns(
        inspected.scalar_subquery().label("last_inspected_on"),
        certificates.select_from(Certificate).scalar_subquery().label("certificates"),
        failed.select_from(SamplingFailure).scalar_subquery().label("failures"),
    )


_FAILURE_COLUMNS = [col(getattr(SamplingFailure, name)) for name in SamplingFailureOut.model_fields]


@prepared
def failures(filters: FailureFilter, *, by: Caller) -> Select[Any]:
    """Failed samplings of enterprises within the caller's jurisdiction."""
    rows = select(*_FAILURE_COLUMNS)
    return rows.where(
        by.within(col(SamplingFailure.city), col(SamplingFailure.county)), *equals(SamplingFailure, **dict(filters))
    )

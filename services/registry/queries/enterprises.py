"""Lists and details of organisations and failed samplings."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import col

from services.registry.models import Certificate, Enterprise, InspectionRecord, SamplingFailure
from services.registry.queries.search import holds
from services.registry.schemas.enterprises import EnterpriseFilter, EnterpriseOut, FailureFilter, SamplingFailureOut
from shared.database.prepared import equals, prepared
from shared.security.auth import Caller

_COLUMNS = [col(getattr(Enterprise, name)) for name in EnterpriseOut.model_fields]


@prepared
def enterprises(by: Caller, wanted: EnterpriseFilter) -> Select[Any]:
    """Organisations within the caller's jurisdiction."""
    return _within(by).where(*_conditions(wanted))


def _within(by: Caller) -> Select[Any]:
    return select(*_COLUMNS).where(by.within(col(Enterprise.city), col(Enterprise.county)))


def _conditions(wanted: EnterpriseFilter) -> list[ColumnElement[bool]]:
    found = equals(Enterprise, uscc=wanted.uscc, city=wanted.city, county=wanted.county, kind=wanted.kind)
    if wanted.name is not None:
        found.append(holds(col(Enterprise.name), wanted.name))
    if wanted.priority_group:
        priority = col(Certificate.priority_group) == wanted.priority_group
        found.append(select(Certificate).where(col(Certificate.organisation_uscc) == Enterprise.uscc, priority).exists())
    return found


@prepared
def enterprise(by: Caller, uscc: str) -> Select[Any]:
    """One organisation with what is known of it."""
    inspected = select(func.max(col(InspectionRecord.inspected_on))).where(col(InspectionRecord.uscc) == Enterprise.uscc)
    held = select(func.count()).where(col(Certificate.organisation_uscc) == Enterprise.uscc)
    failed = select(func.count()).where(col(SamplingFailure.uscc) == Enterprise.uscc)
    rows = _within(by).where(col(Enterprise.uscc) == uscc)
    return rows.add_columns(
        inspected.scalar_subquery().label("last_inspected_on"),
        held.select_from(Certificate).scalar_subquery().label("certificates"),
        failed.select_from(SamplingFailure).scalar_subquery().label("failures"),
    )


_FAILURE = [col(getattr(SamplingFailure, name)) for name in SamplingFailureOut.model_fields]


@prepared
def failures(by: Caller, wanted: FailureFilter) -> Select[Any]:
    """Failed samplings of organisations within the caller's jurisdiction."""
    rows = select(*_FAILURE)
    return rows.where(by.within(col(SamplingFailure.city), col(SamplingFailure.county)), *equals(SamplingFailure, **dict(wanted)))

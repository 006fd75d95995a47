"""The object library as it is read."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select, true
from sqlmodel import col
from sqlmodel import select as rows_of
from sqlmodel.ext.asyncio.session import AsyncSession

from services.sampling.models import Certificate, Organisation, PastInspection, SamplingFailure
from services.sampling.rules.sampling_frames import Candidate, HeldCertificate
from services.sampling.schemas.people import Counts
from shared.database.prepared import prepared
from shared.events.value_objects import InspectedObject, ProductOfCertificate
from shared.security.auth import Caller


@prepared
def objects(by: Caller, city: str | None) -> Select[Any]:
    """The rows of the list, within the caller's jurisdiction."""
    held = select(func.count()).where(col(Certificate.organisation_uscc) == col(Organisation.uscc)).scalar_subquery()
    names = ("uscc", "name", "kind", "city", "county", "in_business")
    rows = select(*(getattr(Organisation, name) for name in names), held.label("certificates"))
    rows = rows.where(by.within(col(Organisation.city), col(Organisation.county)))
    return rows if city is None else rows.where(col(Organisation.city) == city)


async def counts(session: AsyncSession, by: Caller) -> Counts:
    """How much the library holds of the caller's jurisdiction."""
    own = select(col(Organisation.uscc)).where(by.within(col(Organisation.city), col(Organisation.county)))
    whole = by.reaches(None, None)
    tables = {Organisation: Organisation.uscc, Certificate: Certificate.organisation_uscc, SamplingFailure: SamplingFailure.uscc}
    found = [
        (await session.exec(rows_of(func.count()).select_from(table).where(true() if whole else col(uscc).in_(own)))).one()
        for table, uscc in tables.items()
    ]
    return Counts(organisations=found[0], certificates=found[1], failures=found[2])


async def candidates(session: AsyncSession, years: Collection[int], levels: Collection[str]) -> list[Candidate]:
    """Every organisation with its certificates, its failed samplings of these years and levels, and its last inspection.

    Without `levels` every sampling counts; with them none whose level is unknown.
    """
    held: dict[str, list[HeldCertificate]] = defaultdict(list)
    for one in await session.exec(rows_of(Certificate).where(col(Certificate.organisation_uscc).is_not(None))):
        group = one.priority_group.value if one.priority_group else None
        number = HeldCertificate(one.certificate_no, one.status, one.status_since, one.expires_on, group)
        held[str(one.organisation_uscc)].append(number)
    counted = col(SamplingFailure.level).in_(levels) if levels else true()
    failed = set(await session.exec(rows_of(SamplingFailure.uscc).where(col(SamplingFailure.year).in_(years), counted)))
    last = await _last_inspections(session)
    return [
        Candidate(one.uscc, one.city, one.in_business, one.uscc in failed, last.get(one.uscc), tuple(held[one.uscc]))
        for one in await session.exec(rows_of(Organisation))
    ]


async def _last_inspections(session: AsyncSession) -> dict[str, date]:
    latest = rows_of(PastInspection.uscc, func.max(PastInspection.inspected_on)).group_by(col(PastInspection.uscc))
    return dict((await session.exec(latest)).all())


async def described(
    session: AsyncSession, pairs: list[tuple[str, str]]
) -> dict[str, tuple[InspectedObject, ProductOfCertificate]]:
    """The object and its drawn certificate as they stand now, by USCC, for pairs of USCC and certificate number."""
    people = await session.exec(rows_of(Organisation).where(col(Organisation.uscc).in_([uscc for uscc, _ in pairs])))
    papers = await session.exec(rows_of(Certificate).where(col(Certificate.certificate_no).in_([no for _, no in pairs])))
    objects_by, by_number = {one.uscc: one for one in people}, {one.certificate_no: one for one in papers}
    return {uscc: (_object(objects_by[uscc]), _product(by_number[number])) for uscc, number in pairs}


def _object(one: Organisation) -> InspectedObject:
    return InspectedObject(uscc=one.uscc, name=one.name, kind=one.kind, city=one.city, county=one.county, address=one.address)


def _product(one: Certificate) -> ProductOfCertificate:
    return ProductOfCertificate(
        certificate_no=one.certificate_no,
        status=one.status,
        product_category_code=one.product_category_code,
        product_name=one.product_name,
        models=tuple(one.models),
        priority_group=one.priority_group,
        body_code=one.body_code,
        body_name=one.body_name,
    )

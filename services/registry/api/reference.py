"""Reference data: divisions, regulators, certification bodies, the CCC catalogue."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from services.registry.api.callers import Administrator, Anyone
from services.registry.errors import BodyNotFound, CatalogueItemNotFound, DivisionNotFound
from services.registry.queries import reference
from services.registry.schemas.reference import BodyOut, CatalogueItemOut, DivisionOut, PublicationOut, ReferenceList
from services.registry.service import catalogue
from shared.core.clock import legal_day
from shared.web.dependencies import Now, Transaction
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1", route_class=ServiceRoute, tags=["reference data 基础数据"])
Day = Annotated[date | None, Query(alias="on", description="day of validity, by default today 日期")]
Code = Annotated[str | None, Query(max_length=20)]


@router.get("/divisions", responses=problem_responses())
async def list_divisions(_: Anyone, now: Now, level: Code = None, parent: Code = None, on: Day = None) -> ReferenceList:
    """List the division codes in force on a day (行政区划代码, GB/T 2260)."""
    return _listed("divisions", on or legal_day(now), level=level, parent=parent)


@router.get("/divisions/{code}", responses=problem_responses(DivisionNotFound))
async def get_division(code: str, _: Anyone, now: Now, on: Day = None) -> DivisionOut:
    """Read a division code; a retired one tells its successor (行政区划代码查询)."""
    return reference.division(code, on or legal_day(now))


@router.get("/regulators", responses=problem_responses())
async def list_regulators(_: Anyone, now: Now, level: Code = None, parent: Code = None, on: Day = None) -> ReferenceList:
    """List the market regulators on a day, from the national level to the counties (市场监管机构)."""
    return _listed("regulators", on or legal_day(now), level=level, parent=parent)


@router.get("/certification-bodies", responses=problem_responses())
async def list_certification_bodies(_: Anyone, now: Now, on: Day = None) -> ReferenceList:
    """List the designated certification bodies (指定认证机构)."""
    return _listed("certification_bodies", on or legal_day(now))


@router.get("/certification-bodies/{number_code}", responses=problem_responses(BodyNotFound))
async def get_certification_body(number_code: str, _: Anyone) -> BodyOut:
    """Read the body that a number code in certificates stands for (认证机构代码)."""
    return reference.body(number_code)


@router.get("/catalogue", responses=problem_responses())
async def list_catalogue(_: Anyone, now: Now, on: Day = None, priority_group: Code = None) -> ReferenceList:
    """List the products in the CCC catalogue on a day (强制性产品认证目录)."""
    return _listed("catalogue", on or legal_day(now), priority_group=priority_group)


@router.get("/catalogue/{code}", responses=problem_responses(CatalogueItemNotFound))
async def get_catalogue_item(code: str, _: Anyone, now: Now, on: Day = None) -> CatalogueItemOut:
    """Tell whether certification of a product is obligatory on a day (是否属于强制认证)."""
    return reference.catalogue_item(code, on or legal_day(now))


@router.post("/catalogue-publications", responses=problem_responses())
async def publish_catalogue(by: Administrator, session: Transaction) -> PublicationOut:
    """Tell the other services of new and changed catalogue entries; what they know already is not told again (目录发布)."""
    return await catalogue.publish(session, by=by)


def _listed(name: str, day: date, **equal: str | None) -> ReferenceList:
    return reference.listed(name, day, {key: value for key, value in equal.items() if value is not None})

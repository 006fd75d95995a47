"""Routes of organisations and failed samplings."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from sqlmodel import col

from services.registry.api.callers import Administrator, Reader
from services.registry.errors import DivisionNotFound
from services.registry.models import Enterprise, SamplingFailure
from services.registry.queries import enterprises as queries
from services.registry.schemas.enterprises import (
    EnterpriseDetail,
    EnterpriseEdit,
    EnterpriseFilter,
    EnterpriseOut,
    FailureFilter,
    SamplingFailureOut,
)
from services.registry.service import enterprises
from shared.core.errors import NotFound, StaleVersion, VersionRequired
from shared.web.dependencies import Reading, Transaction
from shared.web.etag import Version, etag
from shared.web.pagination import Page, Paging, page, single
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1", route_class=ServiceRoute, tags=["enterprises 企业"])
Uscc = Annotated[str, Path(max_length=18, description="统一社会信用代码")]


@router.get("/enterprises", response_model=Page[EnterpriseOut], responses=problem_responses())
async def list_enterprises(
    by: Reader, session: Reading, paging: Paging, wanted: Annotated[EnterpriseFilter, Query()]
) -> Response:
    """List organisations of the caller's region (企业查询)."""
    return await page(session, queries.enterprises(by, wanted), paging, by=[col(Enterprise.uscc)])


@router.get("/enterprises/{uscc}", response_model=EnterpriseDetail, responses=problem_responses(NotFound))
async def get_enterprise(uscc: Uscc, by: Reader, session: Reading) -> Response:
    """Read an organisation with what is known of it (企业详情)."""
    return await single(session, queries.enterprise(by, uscc))


@router.patch("/enterprises/{uscc}", responses=problem_responses(NotFound, StaleVersion, VersionRequired, DivisionNotFound))
async def correct_enterprise(
    uscc: Uscc, edit: EnterpriseEdit, by: Administrator, version: Version, session: Transaction, response: Response
) -> EnterpriseOut:
    """Correct name, address, division or whether it is in business (企业信息更正)."""
    enterprise = await enterprises.correct(session, uscc, edit, version, by=by)
    response.headers["ETag"] = etag(enterprise.version)
    return EnterpriseOut.model_validate(enterprise, from_attributes=True)


@router.get("/sampling-failures", response_model=Page[SamplingFailureOut], responses=problem_responses())
async def list_sampling_failures(
    by: Reader, session: Reading, paging: Paging, wanted: Annotated[FailureFilter, Query()]
) -> Response:
    """List products that failed a quality sampling (监督抽查不合格名单)."""
    return await page(session, queries.failures(by, wanted), paging, by=[col(SamplingFailure.failure_id)])

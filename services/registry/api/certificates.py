"""Routes of certificates, their history and what may be supplied under them."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from sqlmodel import col

from services.registry import errors
from services.registry.api.callers import CertificateReader, Reporter
from services.registry.models import Certificate, CertificateEdition, CertificateEvent
from services.registry.queries import certificates as queries
from services.registry.queries import supply
from services.registry.schemas.certificates import (
    CertificateFilter,
    CertificateItem,
    CertificateOut,
    EditionOut,
    MaySupplyOut,
    StatusEventIn,
    StatusEventOut,
    StatusOut,
)
from services.registry.service import status_events
from shared.core.clock import legal_day
from shared.core.errors import NotFound
from shared.web.dependencies import Now, Reading, Transaction
from shared.web.pagination import Page, Paging, page, single
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/certificates", route_class=ServiceRoute, tags=["certificates 认证证书"])
Day = Annotated[date | None, Query(alias="on", description="by default today 日期")]
Model = Annotated[str | None, Query(min_length=1, max_length=120, description="型号")]
_PROBLEMS = (
    *(NotFound, errors.StatusTransitionForbidden, errors.StatusEventIncomplete, errors.GroundUnknown, errors.SuspensionTooLong),
    *(errors.ModelsUnknown, errors.ScopeForbidden, errors.StatusEventOutOfOrder, errors.EffectiveInFuture),
    *(errors.RenewalWindow, errors.ValidityTooLong, errors.DeclarationUnknown),
)


@router.get("", response_model=Page[CertificateItem], responses=problem_responses())
async def list_certificates(
    by: CertificateReader, session: Reading, paging: Paging, wanted: Annotated[CertificateFilter, Query()]
) -> Response:
    """List certificates and self-declarations with their status on a day (证书查询)."""
    rows = queries.certificates(by, wanted, legal_day(session.now))
    return await page(session, rows, paging, by=[col(Certificate.certificate_no)])


@router.get("/{certificate_no}", response_model=CertificateOut, responses=problem_responses(NotFound))
async def get_certificate(certificate_no: str, by: CertificateReader, session: Reading) -> Response:
    """Read a certificate as it stands today (证书详情)."""
    return await single(session, queries.certificate(by, certificate_no, legal_day(session.now)))


@router.get("/{certificate_no}/events", response_model=Page[StatusEventOut], responses=problem_responses())
async def list_status_events(certificate_no: str, by: CertificateReader, session: Reading, paging: Paging) -> Response:
    """List the acts of the certification body on a certificate, in their order (状态历史)."""
    return await page(session, queries.events(by, certificate_no), paging, by=[col(CertificateEvent.sequence)])


@router.get("/{certificate_no}/editions", response_model=Page[EditionOut], responses=problem_responses())
async def list_editions(certificate_no: str, by: CertificateReader, session: Reading, paging: Paging) -> Response:
    """List what a certificate said, edition by edition (证书版本)."""
    return await page(session, queries.editions(by, certificate_no), paging, by=[col(CertificateEdition.id)])


@router.get("/{certificate_no}/status", responses=problem_responses(NotFound))
async def get_status(certificate_no: str, by: CertificateReader, session: Reading, now: Now, on: Day = None) -> StatusOut:
    """Tell how a certificate stood on a day, from its history (指定日期状态)."""
    return await supply.status(session, certificate_no, on or legal_day(now), by=by)


@router.get("/{certificate_no}/may-supply", responses=problem_responses(NotFound))
async def get_may_supply(
    certificate_no: str, by: CertificateReader, session: Reading, now: Now, on: Day = None, model: Model = None
) -> MaySupplyOut:
    """Tell whether products under a certificate could be supplied on a day, from its history (是否可出厂销售)."""
    return await supply.may_supply(session, certificate_no, on or legal_day(now), model, by=by)


@router.post("/{certificate_no}/status-events", status_code=status.HTTP_201_CREATED, responses=problem_responses(*_PROBLEMS))
async def report_status_event(certificate_no: str, body: StatusEventIn, by: Reporter, session: Transaction) -> StatusEventOut:
    """Report an act of the certification body: suspend, resume, revoke, cancel, change, extend, renew, convert (证书状态变更)."""
    return StatusEventOut.model_validate(await status_events.report(session, certificate_no, body, by=by))

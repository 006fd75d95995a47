"""Disclosures on their way to the public."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import col

from services.reporting.api.callers import Discloser, Drafter, Reader
from services.reporting.errors import (
    CampaignNotFound,
    CaseRequired,
    CorrectionUnderWay,
    DisclosureNotFound,
    DisclosureTransition,
    ForbiddenContent,
    KindOfProvince,
    NoLongerHolds,
    NothingToDisclose,
    RoundRequired,
    SamePerson,
    UnderEmbargo,
)
from services.reporting.models import Disclosure
from services.reporting.queries import disclosures as queries
from services.reporting.rules.enums import DisclosureKind
from services.reporting.schemas import DisclosureHead, DisclosureIn, DisclosureOut, GroundIn
from services.reporting.service import disclosures as service
from shared.core.clock import legal_day
from shared.vocabulary import DisclosureStatus
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading, Transaction
from shared.web.pagination import Page, Paging, page, single
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/disclosures", route_class=ServiceRoute, tags=["disclosures 公示"])
_STEP = problem_responses(DisclosureNotFound, DisclosureTransition, SamePerson)


@router.post(
    "",
    status_code=201,
    response_model=DisclosureOut,
    responses=problem_responses(
        CampaignNotFound, KindOfProvince, RoundRequired, CaseRequired, NothingToDisclose, ForbiddenContent
    ),
)
async def draft_disclosure(body: DisclosureIn, session: Transaction, by: Drafter) -> Disclosure:
    """Draft a disclosure from the replica, with the permitted fields alone (起草公示)."""
    return await service.draft(session, body, by=by)


@router.get("", response_model=Page[DisclosureHead], dependencies=[audited("disclosures.listed")], responses=problem_responses())
async def list_disclosures(
    session: Reading,
    by: Reader,
    paging: Paging,
    campaign_id: UUID | None = None,
    kind: DisclosureKind | None = None,
    state: DisclosureStatus | None = None,
) -> Response:
    """Disclosures with their states (公示列表)."""
    rows = queries.heads(by, legal_day(session.now), state=state, campaign_id=campaign_id, kind=kind)
    return await page(session, rows, paging, by=[col(Disclosure.disclosure_id)])


@router.get(
    "/{disclosure_id}",
    response_model=DisclosureOut,
    dependencies=[audited("disclosure.read")],
    responses=problem_responses(DisclosureNotFound),
)
async def get_disclosure(disclosure_id: UUID, session: Reading, by: Reader) -> Response:
    """A disclosure with its items (公示)."""
    return await single(session, queries.detail(by, legal_day(session.now), disclosure_id), DisclosureNotFound)


@router.post("/{disclosure_id}/secrecy-review", response_model=DisclosureOut, responses=_STEP)
async def review_secrecy(disclosure_id: UUID, session: Transaction, by: Drafter) -> Disclosure:
    """State that nothing in it is secret (保密审查); never whoever drafted it."""
    return await service.review_secrecy(session, disclosure_id, by=by)


@router.post("/{disclosure_id}/approval", response_model=DisclosureOut, responses=_STEP)
async def approve_disclosure(disclosure_id: UUID, session: Transaction, by: Discloser) -> Disclosure:
    """Approve the publication; never whoever drafted or reviewed it (批准公示)."""
    return await service.approve(session, disclosure_id, by=by)


@router.post(
    "/{disclosure_id}/publication",
    response_model=DisclosureOut,
    responses=problem_responses(
        DisclosureNotFound, CampaignNotFound, DisclosureTransition, UnderEmbargo, ForbiddenContent, NoLongerHolds
    ),
)
async def publish_disclosure(disclosure_id: UUID, session: Transaction, by: Discloser) -> Disclosure:
    """Publish: never under embargo, never what may not be made public, never what no longer holds (公示)."""
    return await service.publish(session, disclosure_id, by=by)


@router.post(
    "/{disclosure_id}/correction",
    status_code=201,
    response_model=DisclosureOut,
    responses=problem_responses(
        DisclosureNotFound, CampaignNotFound, DisclosureTransition, CorrectionUnderWay, NothingToDisclose, ForbiddenContent
    ),
)
async def correct_disclosure(disclosure_id: UUID, body: GroundIn, session: Transaction, by: Drafter) -> Disclosure:
    """Draft the next edition from the current replica (更正); it goes through review and approval like the first."""
    return await service.correct(session, disclosure_id, body.ground, by=by)


@router.post("/{disclosure_id}/withdrawal", response_model=DisclosureOut, responses=_STEP)
async def withdraw_disclosure(disclosure_id: UUID, body: GroundIn, session: Transaction, by: Discloser) -> Disclosure:
    """Cancel a draft or withdraw a publication (撤回公示)."""
    return await service.withdraw(session, disclosure_id, body.ground, by=by)

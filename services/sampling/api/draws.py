"""The ceremony of a draw over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlmodel import col

from services.sampling.api.callers import Approver, Contributor, Drawer, KeyRing
from services.sampling.draw import errors as protocol
from services.sampling.errors import (
    CampaignNotFound,
    CampaignNotInState,
    DrawNotFound,
    DrawStepRefused,
    DrawUnderWay,
    EmbargoNotOver,
    MinimumSample,
    NoAbortRequested,
    NothingToDraw,
    NotTheWitness,
    NoWaiverNeeded,
    RedrawDue,
    SamePerson,
    StepForbidden,
)
from services.sampling.models import Draw
from services.sampling.queries import draws as queries
from services.sampling.schemas.base import City
from services.sampling.schemas.draws import (
    ContributionIn,
    DrawIn,
    DrawOut,
    GroundIn,
    ReleaseIn,
    SampleSizeIn,
    WaiverIn,
)
from services.sampling.service import aborts, releases
from services.sampling.service import draws as service
from shared.core.errors import DomainError
from shared.security.auth import anyone
from shared.vocabulary import DrawKind
from shared.web.dependencies import Reading, Transaction
from shared.web.pagination import Page, Paging, page, single
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/draws", route_class=ServiceRoute, tags=["draws 抽取"])
Public = Annotated[None, Depends(anyone)]
_STEP: tuple[type[DomainError], ...] = (DrawNotFound, StepForbidden, DrawStepRefused, SamePerson)
_FITS = (protocol.InvalidPlan, protocol.InvalidFrame, protocol.InfeasibleAllocation, protocol.InfeasibleTeams)
_VALUE = (
    protocol.UnknownSource,
    protocol.AlreadyContributed,
    protocol.TooEarly,
    protocol.TooLate,
    protocol.InvalidValue,
    NotTheWitness,
)


@router.post(
    "",
    status_code=201,
    response_model=DrawOut,
    responses=problem_responses(
        CampaignNotFound, CampaignNotInState, StepForbidden, DrawUnderWay, RedrawDue, protocol.InvalidPlan
    ),
)
async def plan_draw(body: DrawIn, session: Transaction, by: Drawer) -> Draw:
    """Plan a draw (制定抽取方案): of objects by the province, of inspectors by a city for itself."""
    return await service.plan(session, body, by=by)


@router.get("", response_model=Page[DrawOut], responses=problem_responses())
async def list_draws(
    session: Reading,
    paging: Paging,
    _: Public,
    campaign_id: UUID | None = None,
    kind: DrawKind | None = None,
    city: City | None = None,
) -> Response:
    """List every attempt of every draw (抽取公开列表), aborted ones too; no names."""
    return await page(session, queries.draws(campaign_id=campaign_id, kind=kind, city=city), paging, by=[col(Draw.id)])


@router.get("/{draw_id}", response_model=DrawOut, responses=problem_responses(DrawNotFound))
async def get_draw(draw_id: UUID, session: Reading, _: Public) -> Response:
    """Read how a draw stands (抽取公开信息)."""
    return await single(session, queries.draws(id=draw_id), DrawNotFound)


@router.post(
    "/{draw_id}/freeze", response_model=DrawOut, responses=problem_responses(*_STEP, NothingToDraw, protocol.InfeasibleTeams)
)
async def freeze_frame(draw_id: UUID, session: Transaction, by: Drawer) -> Draw:
    """Freeze the frame (冻结名录)."""
    return await service.freeze(session, draw_id, by=by)


@router.post("/{draw_id}/sample-size", response_model=DrawOut, responses=problem_responses(*_STEP, MinimumSample, DrawUnderWay))
async def set_sample_size(draw_id: UUID, body: SampleSizeIn, session: Transaction, by: Approver) -> Draw:
    """Raise the sample (提高样本量), by a second person."""
    return await service.set_sample_size(session, draw_id, body.sample_size, by=by)


@router.post(
    "/{draw_id}/waiver", response_model=DrawOut, responses=problem_responses(*_STEP, NoWaiverNeeded, protocol.InvalidValue)
)
async def waive_ratio(draw_id: UUID, body: WaiverIn, session: Transaction, by: Approver) -> Draw:
    """Record why the sample stays below the minimum ratio (记录豁免), by a second person."""
    return await service.waive(session, draw_id, body.reason, by=by)


@router.post(
    "/{draw_id}/seal", response_model=DrawOut, responses=problem_responses(*_STEP, MinimumSample, protocol.FrameChanged, *_FITS)
)
async def seal_draw(draw_id: UUID, session: Transaction, by: Drawer, keys: KeyRing) -> Draw:
    """Seal (封存): frame, quotas, order and entropy plan cannot change any more."""
    return await service.seal(session, draw_id, keys, by=by)


@router.post("/{draw_id}/contributions", response_model=DrawOut, responses=problem_responses(*_STEP, *_VALUE))
async def contribute_value(draw_id: UUID, body: ContributionIn, session: Transaction, by: Contributor) -> Draw:
    """Give a source's value for the seed (提交随机数), once."""
    return await service.contribute(session, draw_id, body, by=by)


@router.post(
    "/{draw_id}/execute",
    response_model=DrawOut,
    responses=problem_responses(*_STEP, protocol.IncompleteContributions, protocol.FrameChanged),
)
async def execute_draw(draw_id: UUID, session: Transaction, by: Drawer, keys: KeyRing) -> Draw:
    """Draw (执行抽取), once."""
    return await service.execute(session, draw_id, keys, by=by)


@router.post("/{draw_id}/release", response_model=DrawOut, responses=problem_responses(*_STEP, EmbargoNotOver))
async def release_draw(draw_id: UUID, session: Transaction, by: Drawer, body: ReleaseIn | None = None) -> Draw:
    """Release the result (下发名单) to those entitled to it or, after the embargo, to the public."""
    act = releases.publish if body is not None and body.audience == "public" else releases.release
    return await act(session, draw_id, by=by)


@router.post("/{draw_id}/abort-request", response_model=DrawOut, responses=problem_responses(*_STEP, protocol.InvalidValue))
async def request_abort(draw_id: UUID, body: GroundIn, session: Transaction, by: Drawer) -> Draw:
    """Ask that the draw be given up (申请中止)."""
    return await aborts.ask(session, draw_id, body.ground, by=by)


@router.post("/{draw_id}/abort", response_model=DrawOut, responses=problem_responses(*_STEP, NoAbortRequested))
async def abort_draw(draw_id: UUID, session: Transaction, by: Approver) -> Draw:
    """Approve that the draw is given up (批准中止), by a second person; it stays visible for ever."""
    return await aborts.abort(session, draw_id, by=by)


@router.post("/{draw_id}/redraw", status_code=201, response_model=DrawOut, responses=problem_responses(*_STEP, DrawUnderWay))
async def plan_redraw(draw_id: UUID, session: Transaction, by: Drawer) -> Draw:
    """Plan the next attempt (重新抽取) of a draw that was given up."""
    return await aborts.redraw(session, draw_id, by=by)

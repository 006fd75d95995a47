"""The libraries over HTTP: objects, inspectors, experts, conflicts of interest."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from sqlmodel import col

from services.sampling.api.callers import (
    ConflictKeeper,
    ExpertKeeper,
    ExpertReader,
    LibraryKeeper,
    LibraryReader,
)
from services.sampling.errors import ConflictDeclared, InspectorNotFound, PersonExists
from services.sampling.models import Conflict, Expert, Inspector, Organisation
from services.sampling.queries import people as queries
from services.sampling.queries import replica
from services.sampling.schemas.base import City
from services.sampling.schemas.people import (
    ConflictIn,
    ConflictOut,
    Counts,
    Entered,
    ExpertOut,
    ExpertsIn,
    InspectorFields,
    InspectorOut,
    InspectorsIn,
    Leave,
    ObjectOut,
)
from services.sampling.service import people as service
from shared.core.errors import NotFound, StaleVersion, VersionRequired
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading, Transaction
from shared.web.etag import Version, etag
from shared.web.pagination import Page, Paging, page
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1", route_class=ServiceRoute, tags=["libraries 名录库"])
InspectorId = Annotated[str, Path(pattern=r"^[0-9A-Za-z._-]{1,64}$")]


@router.get(
    "/objects", response_model=Page[ObjectOut], dependencies=[audited("objects.listed")], responses=problem_responses(NotFound)
)
async def list_objects(session: Reading, by: LibraryReader, paging: Paging, city: City | None = None) -> Response:
    """List the object library (检查对象名录库) of the jurisdiction."""
    by.require_city(city)
    return await page(session, replica.objects(by, city), paging, by=[col(Organisation.uscc)])


@router.get("/objects/counts", dependencies=[audited("objects.counted")], responses=problem_responses())
async def count_objects(session: Reading, by: LibraryReader) -> Counts:
    """Count what the object library holds of the jurisdiction (名录库数量)."""
    return await replica.counts(session, by)


@router.post("/inspectors", status_code=201, responses=problem_responses(NotFound, PersonExists))
async def enter_inspectors(body: InspectorsIn, session: Transaction, by: LibraryKeeper) -> Entered:
    """Enter inspectors (检查人员入库), all of the list or none."""
    return Entered(count=await service.enter_inspectors(session, body.inspectors, by=by))


@router.get(
    "/inspectors",
    response_model=Page[InspectorOut],
    dependencies=[audited("inspectors.listed")],
    responses=problem_responses(NotFound),
)
async def list_inspectors(session: Reading, by: LibraryReader, paging: Paging, city: City | None = None) -> Response:
    """List the inspectors (检查人员名录库) of the jurisdiction."""
    by.require_city(city)
    return await page(session, queries.inspectors(by, city), paging, by=[col(Inspector.inspector_id)])


@router.get(
    "/inspectors/{inspector_id}",
    response_model=InspectorOut,
    dependencies=[audited("inspector.read")],
    responses=problem_responses(InspectorNotFound),
)
async def get_inspector(inspector_id: InspectorId, session: Reading, by: LibraryReader, response: Response) -> Inspector:
    """Read an inspector's entry (检查人员)."""
    found = await queries.inspector(session, inspector_id, by)
    response.headers["ETag"] = etag(found.version)
    return found


@router.put(
    "/inspectors/{inspector_id}",
    response_model=InspectorOut,
    responses=problem_responses(InspectorNotFound, StaleVersion, VersionRequired),
)
async def change_inspector(
    inspector_id: InspectorId,
    body: InspectorFields,
    session: Transaction,
    by: LibraryKeeper,
    version: Version,
    response: Response,
) -> Inspector:
    """Correct an inspector's entry (更正检查人员信息)."""
    changed = await service.change_inspector(session, inspector_id, body, version, by=by)
    response.headers["ETag"] = etag(changed.version)
    return changed


@router.post("/inspectors/{inspector_id}/leaves", response_model=InspectorOut, responses=problem_responses(InspectorNotFound))
async def add_leave(inspector_id: InspectorId, body: Leave, session: Transaction, by: LibraryKeeper) -> Inspector:
    """Note a period of absence (登记休假)."""
    return await service.add_leave(session, inspector_id, body, by=by)


@router.post(
    "/conflicts", status_code=201, response_model=ConflictOut, responses=problem_responses(InspectorNotFound, ConflictDeclared)
)
async def declare_conflict(body: ConflictIn, session: Transaction, by: ConflictKeeper) -> Conflict:
    """Register a conflict of interest (登记利益冲突) of an inspector or expert."""
    return await service.declare_conflict(session, body, by=by)


@router.get(
    "/conflicts", response_model=Page[ConflictOut], dependencies=[audited("conflicts.listed")], responses=problem_responses()
)
async def list_conflicts(session: Reading, by: LibraryReader, paging: Paging) -> Response:
    """List the register of conflicts (利益冲突登记簿) of the jurisdiction."""
    return await page(session, queries.conflicts(by), paging, by=[col(Conflict.id)])


@router.post("/experts", status_code=201, responses=problem_responses(PersonExists))
async def enter_experts(body: ExpertsIn, session: Transaction, by: ExpertKeeper) -> Entered:
    """Enter experts (专家入库), all of the list or none."""
    return Entered(count=await service.enter_experts(session, body.experts, by=by))


@router.get("/experts", response_model=Page[ExpertOut], dependencies=[audited("experts.listed")], responses=problem_responses())
async def list_experts(session: Reading, _: ExpertReader, paging: Paging) -> Response:
    """List the experts (专家名录库)."""
    return await page(session, queries.experts(), paging, by=[col(Expert.expert_id)])

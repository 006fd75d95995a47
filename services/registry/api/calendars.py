"""Publishing a version of the working-day calendar (工作日历发布), and objections to sampling results (复检申请)."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request

from services.registry.api.callers import Administrator, Recorder
from services.registry.schemas.deadlines import CalendarOut, ObjectionIn
from services.registry.service import calendars, deadlines
from shared.core.errors import NotFound
from shared.deadline_records.errors import (
    ActTooLate,
    CalendarAlreadyPublished,
    CalendarNeedsSecondPerson,
    CalendarNotFound,
    CalendarNotNewer,
)
from shared.deadlines.errors import CalendarFileRefused
from shared.web.dependencies import Transaction
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1", route_class=ServiceRoute, tags=["calendars 工作日历"])
_FILE: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object", "title": "ccc-calendar/1"}}}}
}


@router.post(
    "/calendars",
    status_code=201,
    responses=problem_responses(CalendarFileRefused, CalendarNotNewer, CalendarAlreadyPublished),
    openapi_extra=_FILE,
)
async def propose_calendar(request: Request, by: Administrator, session: Transaction) -> CalendarOut:
    """Propose a calendar file (ccc-calendar/1); it counts once a second person publishes it (提交工作日历)."""
    return CalendarOut.of(await calendars.propose(session, await request.body(), by=by))


@router.post(
    "/calendars/{version}/publication",
    responses=problem_responses(CalendarNotFound, CalendarNotNewer, CalendarAlreadyPublished, CalendarNeedsSecondPerson),
)
async def publish_calendar(version: str, by: Administrator, session: Transaction) -> CalendarOut:
    """Publish a proposed calendar; each service then moves the open deadlines it moves (批准发布工作日历)."""
    return CalendarOut.of(await calendars.publish(session, version, by=by))


@router.post("/sampling-failures/{failure_id}/objection", status_code=204, responses=problem_responses(NotFound, ActTooLate))
async def object_to_sampling_result(failure_id: UUID, body: ObjectionIn, by: Recorder, session: Transaction) -> None:
    """Put the party's objection to a sampling result on record, within fifteen days (复检申请登记)."""
    await deadlines.object_to(session, failure_id, body.document, by=by)

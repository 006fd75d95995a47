"""Routes of date calculations: for other systems, before anything is filed (期限测算)."""

import asyncio
from datetime import date, datetime

from fastapi import APIRouter

from services.registry.api.callers import Anyone
from services.registry.rules.deadline_calculations import CalculationQuery, CalculationResult, calculate, start_of
from services.registry.schemas.deadlines import CalculatedDate, CalculationIn, CalculationOut, CalculationQueryIn, Threshold
from shared import deadline_records, deadlines
from shared.deadlines import DeadlineQuery, Extension, Pause
from shared.deadlines.errors import DeadlineError, InvalidTrigger, UnknownRule
from shared.web.dependencies import Reading
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/deadline-calculations", route_class=ServiceRoute, tags=["deadline calculations 期限测算"])


@router.post("", responses=problem_responses(DeadlineError, InvalidTrigger, UnknownRule))
async def calculate_deadlines(body: CalculationIn, _by: Anyone, session: Reading) -> CalculationOut:
    """Calculate up to 1,000 dates, with planned pauses and extensions or backward, each explained; stateless (期限测算)."""
    calendar = await deadline_records.in_force(session)
    queries = [_query(index, query) for index, query in enumerate(body.queries)]
    results = await asyncio.to_thread(calculate, calendar, queries, explain=body.explain)
    return CalculationOut(calendar=calendar.version, items=[_calculated_date(result) for result in results])


def _query(index: int, query: CalculationQueryIn) -> CalculationQuery:
    start = start_of(index, query.trigger, query.due_by)
    pauses = [Pause(pause.starts, pause.ends, pause.ground, pause.document) for pause in query.pauses]
    extensions = [Extension(e.approver, e.document, e.amount, e.until, e.approved_on) for e in query.extensions]
    return CalculationQuery(DeadlineQuery(query.rule, start, pauses, extensions, query.amount, query.until), query.due_by)


def _calculated_date(result: CalculationResult) -> CalculatedDate:
    deadline = result.deadline
    trigger: date | datetime = deadline.query.trigger
    return CalculatedDate(
        rule=deadline.rule.version,
        trigger=trigger,
        due_on=deadline.due_day,
        due_at=deadline.due_at,
        overdue_from=deadline.overdue_from,
        opens_on=deadline.opens_on,
        warnings=[Threshold(threshold=threshold, at=at) for threshold, at in deadlines.warnings(deadline)],
        explanation=result.explanation,
    )

"""Dates for other systems, before anything is filed (期限测算)."""

import asyncio
from datetime import date, datetime

from fastapi import APIRouter

from services.registry.api.callers import Anyone
from services.registry.rules.deadline_calculations import Answer, Question, answers, moment_of
from services.registry.schemas.deadlines import AskIn, CalculatedDate, CalculationIn, CalculationOut, Threshold
from shared import deadline_records, deadlines
from shared.deadlines import Ask, Extension, Pause
from shared.deadlines.errors import DeadlineRefused, InvalidTrigger, UnknownRule
from shared.web.dependencies import Reading
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/deadline-calculations", route_class=ServiceRoute, tags=["deadline calculations 期限测算"])


@router.post("", responses=problem_responses(DeadlineRefused, InvalidTrigger, UnknownRule))
async def calculate_deadlines(body: CalculationIn, _by: Anyone, session: Reading) -> CalculationOut:
    """Calculate up to 1,000 dates, with planned pauses and extensions or backward, each explained; nothing is kept (期限测算)."""
    calendar = await deadline_records.in_force(session)
    questions = [_question(place, ask) for place, ask in enumerate(body.asks)]
    found = await asyncio.to_thread(answers, calendar, questions, explain=body.explain)
    return CalculationOut(calendar=calendar.version, items=[_shown(one) for one in found])


def _question(place: int, ask: AskIn) -> Question:
    given = moment_of(place, ask.trigger, ask.due_by)
    pauses = [Pause(one.starts, one.ends, one.ground, one.document) for one in ask.pauses]
    extensions = [Extension(one.approver, one.document, one.amount, one.until, one.approved_on) for one in ask.extensions]
    return Question(Ask(ask.rule, given, pauses, extensions, ask.amount, ask.until), ask.due_by)


def _shown(answer: Answer) -> CalculatedDate:
    deadline = answer.deadline
    trigger: date | datetime = deadline.ask.trigger
    return CalculatedDate(
        rule=deadline.rule.version,
        trigger=trigger,
        due_on=deadline.due_day,
        due_at=deadline.due_at,
        overdue_from=deadline.overdue_from,
        opens_on=deadline.opens_on,
        warnings=[Threshold(threshold=what, at=at) for what, at in deadlines.warnings(deadline)],
        explanation=answer.explanation,
    )

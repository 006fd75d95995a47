"""The deadlines of a case as a step changes them."""

from datetime import datetime
from uuid import UUID

from services.cases import queries
from services.cases.models import Case
from services.cases.rules.deadlines import Effects
from services.cases.service import deadlines
from shared import deadline_records
from shared.database.session import Session
from shared.deadline_records import Paused
from shared.deadline_records.computation import trigger_at
from shared.deadlines import Moment
from shared.security.auth import Caller


async def carry_out(session: Session, case: Case, effects: Effects, by: Caller) -> None:
    """Meet, waive, resume, start and pause the deadlines of a case."""
    await deadline_records.meet(session, case.id, effects.meets, by=by)
    if effects.waives:
        await deadline_records.waive(session, case.id, effects.waives, effects.event, by=by)
    if effects.resumes:
        await deadlines.resume(session, case.id, effects.document, by)
    for code, trigger in effects.starts:
        triggers = await _triggers(session, case.id, code, trigger)
        await deadlines.start(session, deadlines.of_case(case), [code], by, triggers)
    await deadline_records.meet(session, case.id, effects.met_at_once, by=by)
    if effects.pauses:
        await deadlines.pause(session, case.id, Paused(effects.pauses, effects.document), by)


async def _triggers(session: Session, case_id: UUID, code: str, trigger: Moment | None) -> dict[str, Moment]:
    if code == "K19/court":
        demanded = (await queries.running_deadline(session, case_id, "K19")).due_on
        return {} if demanded is None else {code: demanded}
    if trigger is None:
        return {}
    return {code: trigger_at(code, trigger) if isinstance(trigger, datetime) else trigger}

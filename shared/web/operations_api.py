"""Operating a service over HTTP: lag, dead letters, replays, the audit trail.

An operator sees envelopes and errors; the content of a dead letter is business data and shown to supervision alone, audited.
"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from shared.core.errors import Unavailable
from shared.events import topic_of
from shared.messaging.broker import Broker, BrokerError
from shared.messaging.operations import dead_letter_actions, lag, reconciliation
from shared.messaging.outbox.replay import ReplayScope
from shared.security import audit
from shared.security.auth import Caller, caller
from shared.vocabulary import Role
from shared.web import pagination
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading, Transaction
from shared.web.pagination import Page, Paging
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/operations", route_class=ServiceRoute, tags=["operations"])
Operator = Annotated[Caller, caller(Role.SYSADMIN)]
Supervisor = Annotated[Caller, caller(Role.AUDITOR, Role.PROV_SUPERVISOR)]
Auditor = Annotated[Caller, caller(Role.AUDITOR, Role.AUDIT_ADMIN, Role.PROV_SUPERVISOR)]


class DropRequest(BaseModel):
    """Why an event may never be handled here."""

    reason: str = Field(min_length=5, max_length=500, examples=["同一事实已由第 12 号更正事件覆盖"])


class Replay(BaseModel):
    """Which events are published again; by default all of them."""

    aggregate: str | None = Field(default=None, max_length=200)
    logged_from: AwareDatetime | None = None
    logged_until: AwareDatetime | None = None


class AuditRow(BaseModel):
    """Who did what, when (审计记录)."""

    id: int
    at: datetime
    subject: str
    role: str
    org: str
    action: str
    object_id: str
    details: dict[str, Any]
    trace_id: str | None


@router.get("/lag", responses=problem_responses())
async def get_lag(_by: Operator, request: Request) -> lag.Lag:
    """What this service has still to publish and to consume (消息滞后)."""
    state = request.app.state
    topics = {topic_of(event.owner) for event in state.handlers}
    try:
        return await lag.lag(state.database, Broker(state.settings), topics)
    except BrokerError as error:
        raise Unavailable("the broker does not answer") from error


@router.get("/reconciliation", responses=problem_responses())
async def get_reconciliation(
    _by: Operator, request: Request, since: AwareDatetime, until: AwareDatetime
) -> reconciliation.Reconciliation:
    """What this service published and handled of events created in a period, to be compared with other services (消息对账)."""
    return await reconciliation.reconciliation(request.app.state.database, request.app.state.handlers, since, until)


@router.get("/dead-letters", responses=problem_responses())
async def list_dead_letters(
    _by: Operator, session: Reading, *, resolved: bool = False, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> list[lag.DeadLetterRow]:
    """Unresolved dead letters, each aggregate in its order; or the resolved ones (死信消息)."""
    return await lag.list_dead_letters(session, resolved=resolved, limit=limit)


@router.get(
    "/dead-letters/{dead_letter_id}",
    dependencies=[audited("dead_letter.read")],
    responses=problem_responses(lag.NoSuchDeadLetter),
)
async def get_dead_letter(dead_letter_id: UUID, _by: Operator, session: Reading) -> lag.DeadLetterEnvelope:
    """One dead letter with its envelope and its error (死信消息信封)."""
    return await lag.dead_letter_envelope(session, dead_letter_id)


@router.get(
    "/dead-letters/{dead_letter_id}/message",
    dependencies=[audited("dead_letter.message_read")],
    responses=problem_responses(lag.NoSuchDeadLetter),
)
async def get_dead_letter_message(dead_letter_id: UUID, by: Supervisor, session: Reading) -> lag.DeadLetterMessage:
    """One dead letter with its message as received (死信消息原文), for the province's supervision; the read is audited."""
    by.require(None, None)
    return await lag.dead_letter_message(session, dead_letter_id)


_DEAD_LETTER_ERRORS = (
    lag.NoSuchDeadLetter,
    dead_letter_actions.DeadLetterResolved,
    dead_letter_actions.OutOfSequence,
    dead_letter_actions.NotRetryable,
    dead_letter_actions.DropNotRequested,
    dead_letter_actions.SecondPersonRequired,
)


@router.post("/dead-letters/{dead_letter_id}/retry", status_code=204, responses=problem_responses(*_DEAD_LETTER_ERRORS))
async def retry_dead_letter(dead_letter_id: UUID, by: Operator, session: Transaction) -> None:
    """Have a dead letter retried (重试)."""
    await dead_letter_actions.retry(session, dead_letter_id, by)


@router.post("/dead-letters/{dead_letter_id}/drop-request", status_code=204, responses=problem_responses(*_DEAD_LETTER_ERRORS))
async def request_drop(dead_letter_id: UUID, body: DropRequest, by: Operator, session: Transaction) -> None:
    """Request, with a reason, that an event never be handled here (申请丢弃)."""
    await dead_letter_actions.request_drop(session, dead_letter_id, body.reason, by)


@router.post("/dead-letters/{dead_letter_id}/drop", status_code=204, responses=problem_responses(*_DEAD_LETTER_ERRORS))
async def drop_dead_letter(dead_letter_id: UUID, by: Operator, session: Transaction) -> None:
    """Agree, as a second person, to a drop (确认丢弃)."""
    await dead_letter_actions.drop(session, dead_letter_id, by)


@router.post("/replays", status_code=202, responses=problem_responses())
async def replay_events(body: Replay, by: Operator, session: Transaction) -> None:
    """Publish events of this service again from its event log; consumers skip those that they have handled (重放)."""
    scope = ReplayScope(body.aggregate, logged_from=body.logged_from, logged_until=body.logged_until)
    await dead_letter_actions.request_replay(session, scope, by)


@router.get("/audit", response_model=Page[AuditRow], dependencies=[audited("audit.read")], responses=problem_responses())
async def list_audit(
    by: Auditor,
    session: Reading,
    paging: Paging,
    subject: Annotated[str | None, Query(max_length=200)] = None,
    action: Annotated[str | None, Query(max_length=200)] = None,
    object_id: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """The audit trail of this service, the latest first (审计记录): for the province all of it, for others their bureau's."""
    rows = audit.trail(by, subject=subject, action=action, object_id=object_id)
    return await pagination.page(session, rows, paging, by=[audit.audit_log.c.id], descending=True)

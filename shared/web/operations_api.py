"""Operating a service over HTTP: lag, parked events, telling again, the audit trail.

An operator sees envelopes and errors; the content of a parked message is business data and shown to supervision alone, audited.
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
from shared.messaging.outbox.replay import Scope
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
    """Why an event may never take effect here."""

    ground: str = Field(min_length=5, max_length=500, examples=["同一事实已由第 12 号更正事件覆盖"])


class Replay(BaseModel):
    """Which facts are told again; by default all of them."""

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
async def read_lag(_by: Operator, request: Request) -> lag.Lag:
    """What this service has still to tell and to hear (消息滞后)."""
    state = request.app.state
    topics = {topic_of(event.owner) for event in state.handlers}
    try:
        return await lag.lag(state.database, Broker(state.settings), topics)
    except BrokerError as error:
        raise Unavailable("the broker does not answer") from error


@router.get("/account", responses=problem_responses())
async def read_account(_by: Operator, request: Request, since: AwareDatetime, until: AwareDatetime) -> reconciliation.Account:
    """What this service told and heard of events made in a period, to be compared with those of the others (消息对账)."""
    return await reconciliation.account(request.app.state.database, request.app.state.handlers, since, until)


@router.get("/parked-events", responses=problem_responses())
async def list_parked_events(
    _by: Operator, session: Reading, *, resolved: bool = False, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> list[lag.ParkedEvent]:
    """Messages that were set aside, each aggregate in its order (搁置消息)."""
    return await lag.parked_events(session, resolved=resolved, limit=limit)


@router.get(
    "/parked-events/{parked_id}", dependencies=[audited("parked_event.read")], responses=problem_responses(lag.NoSuchParkedEvent)
)
async def read_parked_event(parked_id: UUID, _by: Operator, session: Reading) -> lag.ParkedEnvelope:
    """One parked event with its envelope and its error (搁置消息信封)."""
    return await lag.parked_envelope(session, parked_id)


@router.get(
    "/parked-events/{parked_id}/message",
    dependencies=[audited("parked_event.message_read")],
    responses=problem_responses(lag.NoSuchParkedEvent),
)
async def read_parked_message(parked_id: UUID, by: Supervisor, session: Reading) -> lag.ParkedMessage:
    """One parked event with its message as it came (搁置消息原文), for the province's supervision; the read is audited."""
    by.require(None, None)
    return await lag.parked_message(session, parked_id)


_PARKED = (
    lag.NoSuchParkedEvent,
    dead_letter_actions.ParkedEventResolved,
    dead_letter_actions.NotItsTurn,
    dead_letter_actions.CannotBeRetried,
    dead_letter_actions.DropNotAsked,
    dead_letter_actions.SecondPersonRequired,
)


@router.post("/parked-events/{parked_id}/retry", status_code=204, responses=problem_responses(*_PARKED))
async def retry_parked_event(parked_id: UUID, by: Operator, session: Transaction) -> None:
    """Have a parked event tried again (重试)."""
    await dead_letter_actions.retry(session, parked_id, by)


@router.post("/parked-events/{parked_id}/drop-request", status_code=204, responses=problem_responses(*_PARKED))
async def request_drop(parked_id: UUID, body: DropRequest, by: Operator, session: Transaction) -> None:
    """Ask, with a ground, that an event never take effect here (申请丢弃)."""
    await dead_letter_actions.ask_drop(session, parked_id, body.ground, by)


@router.post("/parked-events/{parked_id}/drop", status_code=204, responses=problem_responses(*_PARKED))
async def drop_parked_event(parked_id: UUID, by: Operator, session: Transaction) -> None:
    """Agree, as a second person, to a drop (确认丢弃)."""
    await dead_letter_actions.drop(session, parked_id, by)


@router.post("/replays", status_code=202, responses=problem_responses())
async def replay_events(body: Replay, by: Operator, session: Transaction) -> None:
    """Tell facts of this service again from its event log; listeners drop what they have had (重放)."""
    scope = Scope(body.aggregate, logged_from=body.logged_from, logged_until=body.logged_until)
    await dead_letter_actions.replay_again(session, scope, by)


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

"""Routes of deadlines, the same in every service: the board, why a date is what it is, granting time, the calendar's versions."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select

from shared import deadlines
from shared.core.province import province
from shared.database.session import ReadSession
from shared.deadline_records import calendars, changes, closing, queries, recalculation
from shared.deadline_records.access import Head, Officer, Official, require_granter
from shared.deadline_records.computation import Granted, Paused
from shared.deadline_records.errors import CalendarNotFound, DeadlineIsClosed, DeadlineNotFound, DeadlineNotPaused, GranterHandles
from shared.deadline_records.explanation import explained
from shared.deadline_records.feed import feed
from shared.deadline_records.schemas import (
    CalendarRow,
    ChangedDay,
    DeadlineRow,
    ExtensionIn,
    HistoryRow,
    MoveRow,
    Moves,
    PauseIn,
    ResumptionIn,
    WaiverIn,
)
from shared.deadline_records.tables import DeadlineRecord, deadline_history, working_calendar
from shared.deadlines.errors import DeadlineRefused
from shared.deadlines.explain import Document
from shared.deadlines.render_svg import picture
from shared.deadlines.render_text import text
from shared.security import audit
from shared.vocabulary import DeadlineState
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading, Transaction
from shared.web.pagination import Page, Paging, page, single
from shared.web.problems import chinese, problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/deadlines", route_class=ServiceRoute, tags=["deadlines 期限"])
calendar_router = APIRouter(prefix="/v1/calendars", route_class=ServiceRoute, tags=["calendars 工作日历"])

LONGEST_FEED = 5000
Code = Annotated[str | None, Query(pattern=r"^K[0-9]{2}(/[a-z_]+)?$", description="the clock, such as K05")]
Office = Annotated[str | None, Query(pattern=province().office_pattern, description="the organisation that has to act")]
_GRANT = problem_responses(DeadlineNotFound, DeadlineIsClosed, GranterHandles, DeadlineRefused)


@router.get("", response_model=Page[DeadlineRow], dependencies=[audited("deadlines.listed")], responses=problem_responses())
async def list_deadlines(
    by: Official,
    session: Reading,
    paging: Paging,
    state: DeadlineState | None = None,
    code: Code = None,
    office: Office = None,
    subject: UUID | None = None,
    campaign: UUID | None = None,
    due_from: date | None = None,
    due_to: date | None = None,
) -> Response:
    """The board of the caller's jurisdiction: what is due, by when, whose; open ones unless a `state` is named (期限看板)."""
    wanted = queries.Wanted(state, code, office, subject, campaign, due_from, due_to)
    return await page(session, queries.board(by, wanted), paging, by=queries.BOARD)


@router.get(
    "/feed",
    response_class=Response,
    dependencies=[audited("deadlines.exported")],
    responses=problem_responses() | {200: {"content": {"text/calendar": {}}}},
)
async def feed_deadlines(by: Official, session: Reading, request: Request, office: Office = None) -> Response:
    """Open deadlines as an iCalendar feed, the first 5,000; the reading is audited (期限日历订阅)."""
    records = await queries.coming(session, by, office, LONGEST_FEED)
    zh = chinese(request)
    name = f"{'期限' if zh else 'Deadlines'} {office or by.org} · {request.app.state.service}"
    return Response(feed(name, records, session.now, chinese=zh), media_type="text/calendar; charset=utf-8")


@router.get(
    "/{deadline_id}",
    response_model=DeadlineRow,
    dependencies=[audited("deadline.read")],
    responses=problem_responses(DeadlineNotFound),
)
async def get_deadline(deadline_id: UUID, by: Official, session: Reading) -> Response:
    """One deadline (期限详情)."""
    return await single(session, queries.one(by, deadline_id), DeadlineNotFound)


@router.get(
    "/{deadline_id}/explanation",
    response_model=None,
    dependencies=[audited("deadline.explained")],
    responses=problem_responses(DeadlineNotFound, DeadlineRefused)
    | {200: {"content": {"application/json": {}, "text/plain": {}}, "description": "ccc-date/1, or the same in words"}},
)
async def explain_date(deadline_id: UUID, by: Official, session: Reading, request: Request) -> Document | Response:
    """Why the date is what it is: ccc-date/1, recomputable without us, or text by `Accept: text/plain` (期限说明)."""
    document = await _document(session, by, deadline_id)
    if "text/plain" in request.headers.get("accept", ""):
        return Response(text(document, "zh" if chinese(request) else "en"), media_type="text/plain; charset=utf-8")
    return document


@router.get(
    "/{deadline_id}/picture",
    response_class=Response,
    dependencies=[audited("deadline.drawn")],
    responses=problem_responses(DeadlineNotFound, DeadlineRefused) | {200: {"content": {"image/svg+xml": {}}}},
)
async def draw_date(deadline_id: UUID, by: Official, session: Reading, lang: Literal["zh", "en"] = "zh") -> Response:
    """The days of the term as a calendar picture, SVG (期限日历图)."""
    return Response(picture(await _document(session, by, deadline_id), lang), media_type="image/svg+xml")


async def _document(session: ReadSession, by: Official, deadline_id: UUID) -> Document:
    return await explained(session, await queries.record(session, by, deadline_id))


@router.get(
    "/{deadline_id}/history",
    response_model=Page[HistoryRow],
    dependencies=[audited("deadline.history_read")],
    responses=problem_responses(DeadlineNotFound),
)
async def list_deadline_history(deadline_id: UUID, by: Official, session: Reading, paging: Paging) -> Response:
    """Everything that happened to a deadline, oldest first (期限履历)."""
    await queries.record(session, by, deadline_id)
    return await page(session, queries.history(deadline_id), paging, by=[deadline_history.c.id])


@router.post("/{deadline_id}/extension", response_model=DeadlineRow, responses=_GRANT)
async def grant_extension(deadline_id: UUID, body: ExtensionIn, by: Head, session: Transaction) -> DeadlineRecord:
    """Extend a running deadline, as its rule allows and by who may; never by who handles the matter (延长期限)."""
    record = await queries.record(session, by, deadline_id, lock=True)
    require_granter(by, record, body.approver)
    await changes.extend(session, record, Granted(body.approver, body.document, body.amount, body.until), by=by)
    audit.record(session, by, "deadline.extended", deadline_id, document=body.document, due_on=str(record.due_on))
    return record


@router.post("/{deadline_id}/pause", response_model=DeadlineRow, responses=_GRANT)
async def pause_deadline(deadline_id: UUID, body: PauseIn, by: Officer, session: Transaction) -> DeadlineRecord:
    """Stop a running deadline on a ground that its rule knows (中止计时)."""
    record = await queries.record(session, by, deadline_id, lock=True)
    await changes.pause(session, record, Paused(body.ground, body.document, body.starts), by=by)
    audit.record(session, by, "deadline.paused", deadline_id, ground=body.ground, document=body.document)
    return record


@router.post(
    "/{deadline_id}/resumption",
    response_model=DeadlineRow,
    responses=problem_responses(DeadlineNotFound, DeadlineNotPaused, DeadlineRefused),
)
async def resume_deadline(deadline_id: UUID, body: ResumptionIn, by: Officer, session: Transaction) -> DeadlineRecord:
    """Let a stopped deadline run on from today (恢复计时)."""
    record = await queries.record(session, by, deadline_id, lock=True)
    await changes.resume(session, record, body.document, by=by)
    audit.record(session, by, "deadline.resumed", deadline_id, document=body.document, due_on=str(record.due_on))
    return record


@router.post(
    "/{deadline_id}/waiver",
    response_model=DeadlineRow,
    responses=problem_responses(DeadlineNotFound, DeadlineIsClosed, GranterHandles),
)
async def waive_deadline(deadline_id: UUID, body: WaiverIn, by: Head, session: Transaction) -> DeadlineRecord:
    """State, with ground and document, that the act is no longer owed; never by who handles the matter (豁免)."""
    record = await queries.record(session, by, deadline_id, lock=True)
    closing.waive_by_decision(session, record, f"{body.ground} ({body.document})", by=by)
    audit.record(session, by, "deadline.waived", deadline_id, ground=body.ground, document=body.document)
    return record


@calendar_router.get("", responses=problem_responses())
async def list_calendars(_by: Official, session: Reading) -> list[CalendarRow]:
    """The versions of the working-day calendar that this service knows (工作日历版本)."""
    current = await calendars.in_force(session)
    rows = (await session.execute(select(working_calendar).order_by(working_calendar.c.version))).all()
    known = [(calendars.delivered(), None), *[(await calendars.version_of(session, row.version), row) for row in rows]]
    return [_calendar_row(calendar, row, in_force=calendar.version == current.version) for calendar, row in known]


def _calendar_row(calendar: deadlines.Calendar, row: object, *, in_force: bool) -> CalendarRow:
    names = ("proposed_by", "proposed_at", "published_by", "published_at", "moved_at")
    return CalendarRow(
        version=calendar.version,
        digest=calendar.digest,
        covers_from=calendar.first,
        covers_to=calendar.last,
        in_force=in_force,
        **{name: getattr(row, name, None) for name in names},
    )


@calendar_router.get("/{version}/moves", responses=problem_responses(CalendarNotFound))
async def preview_calendar(
    version: str,
    by: Official,
    session: Reading,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    after: UUID | None = None,
) -> Moves:
    """Which open deadlines of the caller's jurisdiction a proposed calendar would move, and by which days (发布影响预览)."""
    found = [one async for one in recalculation.preview(session, version, queries.within(by), after, limit)]
    items = [_move_row(one) for one in found]
    return Moves(items=items, next=items[-1].id if len(items) == limit else None)


def _move_row(move: recalculation.Moving) -> MoveRow:
    record = move.record
    because = [ChangedDay(day=one.day, was=one.old.kind, becomes=one.new.kind, notice=one.new.notice) for one in move.because]
    return MoveRow(
        **record.model_dump(include={"id", "code", "subject_kind", "subject_no", "office", "due_on"}),
        new_due_on=move.deadline.due_day,
        because=because,
    )

"""Routes of notices: what the object was told."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import col

from services.inspection.api.callers import ReaderOrObject
from services.inspection.errors import NoticeNotFound
from services.inspection.models import Notice
from services.inspection.queries import inspections as queries
from services.inspection.schemas.inspections import NoticeOut
from shared.core.errors import Forbidden
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading
from shared.web.pagination import Page, Paging, page
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/notices", route_class=ServiceRoute, tags=["notices 检查通知"])


@router.get("", response_model=Page[NoticeOut], dependencies=[audited("notices.listed")], responses=problem_responses(Forbidden))
async def list_notices(by: ReaderOrObject, session: Reading, paging: Paging) -> Response:
    """Notices that were sent; an object's contact sees its own (检查通知列表)."""
    return await page(session, queries.notices(by), paging, by=[col(Notice.id)])


@router.get(
    "/{notice_id}",
    response_model=NoticeOut,
    dependencies=[audited("notice.read")],
    responses=problem_responses(Forbidden, NoticeNotFound),
)
async def get_notice(notice_id: UUID, by: ReaderOrObject, session: Reading) -> Notice:
    """One notice with the digest of its content (检查通知)."""
    return await queries.notice_of(session, notice_id, by)

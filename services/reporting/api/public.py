"""The public disclosures, without a token."""

from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlmodel import col

from services.reporting.errors import DisclosureNotFound
from services.reporting.models import Disclosure
from services.reporting.queries import disclosures as queries
from services.reporting.schemas import PublicHead, PublicOut
from shared.core.canonical import canonical
from shared.core.clock import legal_day
from shared.security.auth import anyone
from shared.web.dependencies import Reading
from shared.web.pagination import Page, Paging, page, single
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(
    prefix="/v1/public/disclosures", route_class=ServiceRoute, tags=["public 公众查询"], dependencies=[Depends(anyone)]
)


@router.get("", response_model=Page[PublicHead], responses=problem_responses())
async def list_public_disclosures(session: Reading, paging: Paging) -> Response:
    """What is public today, newest first (公示查询)."""
    by = [col(Disclosure.published_at), col(Disclosure.disclosure_id)]
    return await page(session, queries.public(legal_day(session.now)), paging, by=by, descending=True)


@router.get("/{disclosure_id}.json", response_class=Response, responses=problem_responses(DisclosureNotFound))
async def get_public_disclosure_file(disclosure_id: UUID, session: Reading) -> Response:
    """The items as a file of canonical JSON; its SHA-256 is the digest in the ETag (公示文件)."""
    items, digest = await queries.public_items(session, disclosure_id)
    name = {"Content-Disposition": f'attachment; filename="{disclosure_id}.json"', "ETag": f'"{digest}"'}
    return Response(canonical(items), media_type="application/json", headers=name)


@router.get("/{disclosure_id}", response_model=PublicOut, responses=problem_responses(DisclosureNotFound))
async def get_public_disclosure(disclosure_id: UUID, session: Reading) -> Response:
    """A public disclosure with its items (公示内容)."""
    return await single(session, queries.public_detail(legal_day(session.now), disclosure_id), DisclosureNotFound)

"""A finding with its history."""

from uuid import UUID

from fastapi import APIRouter

from services.reporting.api.callers import Reader
from services.reporting.errors import FindingNotFound
from services.reporting.queries import forms
from services.reporting.schemas import FindingOut
from shared.core.clock import legal_day
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/findings", route_class=ServiceRoute, tags=["findings 问题台账"])


@router.get("/{finding_id}", dependencies=[audited("finding.read")], responses=problem_responses(FindingNotFound))
async def get_finding(finding_id: UUID, session: Reading, by: Reader) -> FindingOut:
    """A finding's row in the ledger and its history, which nobody can rewrite (问题及履历)."""
    row = await forms.finding(session, finding_id, by, legal_day(session.now))
    return FindingOut(**row, history=await forms.history(session, finding_id))

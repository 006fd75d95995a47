"""Routes of self-declarations."""

from fastapi import APIRouter, status

from services.registry.api.callers import Administrator
from services.registry.errors import CertificateNumberTaken, NotAcceptable, ReapplicationBarred
from services.registry.schemas.certificates import CertificateOut, DeclarationIn
from services.registry.service import declarations
from shared.web.dependencies import Transaction
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/self-declarations", route_class=ServiceRoute, tags=["self-declarations 自我声明"])


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=problem_responses(CertificateNumberTaken, NotAcceptable, ReapplicationBarred),
)
async def declare(body: DeclarationIn, by: Administrator, session: Transaction) -> CertificateOut:
    """Register a self-declaration; afterwards it is found among the certificates (自我声明登记)."""
    return CertificateOut.model_validate(await declarations.declare(session, body, by=by), from_attributes=True)

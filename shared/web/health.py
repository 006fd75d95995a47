"""Whether a service lives, is ready and has started; and its metrics."""

from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from starlette.status import HTTP_200_OK, HTTP_503_SERVICE_UNAVAILABLE

from shared.database.session import reading
from shared.security.auth import anyone

router = APIRouter(tags=["operations"], dependencies=[Depends(anyone)])


@router.get("/livez")
async def livez() -> dict[str, str]:
    """Whether the process answers at all (存活)."""
    return {"status": "alive"}


@router.get("/startupz")
async def startupz(request: Request, response: Response) -> dict[str, Any]:
    """Whether the start has finished (启动完成)."""
    started = getattr(request.app.state, "started", False)
    response.status_code = HTTP_200_OK if started else HTTP_503_SERVICE_UNAVAILABLE
    return {"status": "started" if started else "starting"}


@router.get("/readyz")
async def readyz(request: Request, response: Response) -> dict[str, Any]:
    """Whether the service can do its work now, and how long its calendar lasts (就绪). A broker that is down stops no write."""
    checks = {"database": await _database_answers(request), "messaging": request.app.state.messaging.ready()}
    ready = all(checks.values())
    response.status_code = HTTP_200_OK if ready else HTTP_503_SERVICE_UNAVAILABLE
    return {
        "status": "ready" if ready else "not ready",
        "checks": checks,
        "calendar": request.app.state.deadline_scheduler.detail(),
    }


async def _database_answers(request: Request) -> bool:
    try:
        async with reading(request.app.state.database) as session:
            await session.execute(text("SELECT 1"))
    except Exception:  # noqa: BLE001  (whatever is wrong with the database, the answer is: not ready)
        return False
    return True


@router.get("/metrics", include_in_schema=False)
async def metrics() -> Response:
    """Metrics in the Prometheus text format (监控指标)."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

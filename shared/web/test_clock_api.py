"""Moving the test clock over HTTP: only where the setting for it is on, which production settings do not allow."""

from datetime import datetime

from fastapi import APIRouter, Depends, Request
from pydantic import AwareDatetime, BaseModel, Field

from shared.security.auth import anyone

router = APIRouter(tags=["test clock"], dependencies=[Depends(anyone)])


class Instant(BaseModel):
    """A point in time."""

    now: AwareDatetime = Field(examples=["2024-08-05T09:00:00+08:00"])


@router.put("/test-clock")
async def move_test_clock(instant: Instant, request: Request) -> Instant:
    """Move the clock of all services that share it (测试时钟)."""
    request.app.state.database.clock.set(instant.now)
    return instant


@router.get("/test-clock")
async def read_test_clock(request: Request) -> Instant:
    """What the test clock shows (测试时钟)."""
    now: datetime = request.app.state.database.clock.now()
    return Instant(now=now)

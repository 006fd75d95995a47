"""What all bodies have in common."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.core.province import province


class Body(BaseModel):
    """A request body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
PersonId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z._-]{1,64}$")]
Uscc = Annotated[str, StringConstraints(pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$")]
City = Annotated[str, StringConstraints(pattern=province().city_pattern)]
Org = Annotated[str, StringConstraints(pattern=province().org_pattern)]
County = Annotated[str, StringConstraints(pattern=province().county_pattern)]
ProductClass = Annotated[str, StringConstraints(pattern=r"^([0-9]{2}|\*)$")]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31), description="legal day in Asia/Shanghai")]


class GroundIn(Body):
    """Why (理由)."""

    ground: Text = Field(examples=["情况已变化，须重新制定方案"])

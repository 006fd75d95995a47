"""Response body of the surcharge."""

from datetime import date

from pydantic import BaseModel, Field


class SurchargeOut(BaseModel):
    """What is owed on top of a fine that is not paid in time (加处罚款)."""

    on: date = Field(description="the day for which it is computed; not after the payment of the whole")
    fine_fen: int = Field(description="the fine of the decision, in fen (分)", examples=[5_000_000])
    due_on: date = Field(description="last day of payment without surcharge (K17)")
    paid_on: date | None = Field(description="the day on which the whole was paid")
    days: int = Field(description="counted days after the last day of payment; days of review and suit are not counted")
    surcharge_fen: int = Field(description="3 % of the fine for each counted day, never more than the fine; in fen (分)")
    capped: bool = Field(description="the surcharge has reached the fine")
    rule: str = Field(description="version of the rule", examples=["K18@2022-09-29"])

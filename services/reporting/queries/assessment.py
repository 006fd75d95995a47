"""The assessment figures of each city, computed from the same rows as the summaries."""

from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.queries import summaries
from services.reporting.queries.scope import Scope, periods
from services.reporting.rules import figures
from services.reporting.rules.enums import Round
from services.reporting.rules.reference_data import city as city_name
from services.reporting.rules.rows import Row


async def assessments(session: AsyncSession, scope: Scope, round_: Round, today: date) -> list[dict[str, Any]]:
    """The cities within the scope with their assessment figures."""
    period = (await periods(session, scope.campaign_id))[round_]
    with_objects = await summaries.cities_with_objects(session, scope.campaign_id, period.as_of(today))
    cities = [city for city in with_objects if scope.by.reaches(city, None)]
    by_city: dict[str, list[Row]] = {city: [] for city in cities}
    for row in await summaries.rows(session, scope, period, today, cities):
        if row.city in by_city:
            by_city[row.city].append(row)
    return [{"city": city, "city_zh": city_name(city), "figures": _assessment(rows)} for city, rows in by_city.items()]


def _assessment(rows: list[Row]) -> dict[str, Any]:
    keys = {item["key"] for item in figures.items() if item["section"] == "assessment"}
    return {figure.key: figure.value for figure in figures.computed(rows) if figure.key in keys}

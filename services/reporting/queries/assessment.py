"""The assessment figures of each city, computed from the same rows as the summaries."""

from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.reporting.queries import summaries
from services.reporting.queries.scope import Scope, periods
from services.reporting.rules import figures
from services.reporting.rules.enums import Round
from services.reporting.rules.reference_data import city as name_of
from services.reporting.rules.rows import Row


async def by_city(session: AsyncSession, scope: Scope, which: Round, today: date) -> list[dict[str, Any]]:
    """Each city within the scope with its assessment figures."""
    period = (await periods(session, scope.campaign_id))[which]
    listed = await summaries.cities_with_objects(session, scope.campaign_id, period.as_of(today))
    cities = [city for city in listed if scope.by.reaches(city, None)]
    by: dict[str, list[Row]] = {city: [] for city in cities}
    for row in await summaries.rows(session, scope, period, today, cities):
        if row.city in by:
            by[row.city].append(row)
    return [{"city": city, "city_zh": name_of(city), "figures": _assessment(rows)} for city, rows in by.items()]


def _assessment(rows: list[Row]) -> dict[str, Any]:
    keys = {item["key"] for item in figures.items() if item["section"] == "assessment"}
    return {each.key: each.value for each in figures.computed(rows) if each.key in keys}

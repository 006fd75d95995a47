"""Own and other jurisdiction: every operation that names an object, asked by its city and by strangers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import httpx
import pytest

from deploy.cli.credentials import Person
from deploy.local import state, tokens
from deploy.local.home import Home
from shared.core.clock import SystemClock
from shared.core.ids import new_id
from shared.core.province import province
from shared.core.services import SERVICES
from shared.vocabulary import Role
from tests.journeys.places import LISTS, found, parameters, place_of

pytestmark = [pytest.mark.journey]

ELSEWHERE = {
    Role.COUNTY_LEAD: "{city}02",
    Role.COUNTY_INSPECTOR: "{city}02",
    Role.OBJECT_CONTACT: "91350000MA0STRANGE",
    Role.CERT_BODY_CONTACT: "99",
    **dict.fromkeys((Role.CITY_LEAD, Role.CITY_INSPECTOR, Role.ENFORCEMENT_OFFICER, Role.LEGAL_REVIEWER), "{city}"),
    **dict.fromkeys((Role.REPORTER_CLERK, Role.POLICE_LIAISON, Role.EXPERT), "{city}"),
}
"""The roles whose rights end at a city, a county, an organisation or an allotment, and who is a stranger among them."""

ALL_MAY_SEE = {
    "/v1/certificates/{certificate_no}": "the national certificate search publishes it",
    "/v1/catalogue/{code}": "reference data",
    "/v1/certification-bodies/{number_code}": "reference data",
    "/v1/divisions/{code}": "reference data",
    "/v1/campaigns/{campaign_id}": "the plan is published; what is listed within it is narrowed to the caller's city",
    "/v1/draws/{draw_id}": "every attempt of every draw is public",
    "/v1/public/disclosures/{disclosure_id}": "public",
}
NO_PLACE = {
    "/v1/imports/{import_id}": "the province alone imports",
    "/v1/draws/{draw_id}/membership/{uscc}": "an object asks for its own code only",
    "/v1/disclosures/{disclosure_id}": "the demo's are the province's; a city's own is asked for in tests/reporting",
    "/v1/operations/dead-letters/{dead_letter_id}": "messages of the service, for its operators",
    "/verifiers/{name}": "public programs",
    "/v1/duty-crime-clues/{clue_id}": "the discipline inspection of the province alone; everybody else is refused in tests/cases",
    "/v1/calendars/{version}": "reference data, and what of one's own it would move; the province alone publishes",
    "/v1/sampling-failures/{failure_id}": "the list is published; a stranger's objection is refused in tests/shared",
}


QUERIES = {"kind": "documentary", "file_name": "出库单.pdf"}
"""What uploads have to say of themselves."""

ACTS = {Role.ENFORCEMENT_OFFICER: "inform_informant"}
"""An act that the role may put on record; a bureau's head disputes the jurisdiction."""


SEEN = {"no-fine-owed"}
"""Problems that are given only of an object that the caller may see."""
REFUSED_UNSEEN = {"ground-refused"}
"""Problems of the body alone, given before any object is looked for."""


@dataclass
class Services:
    """The running services, asked as anybody."""

    home: Home
    urls: dict[str, str]
    http: httpx.AsyncClient
    known: dict[Person, str] = field(default_factory=dict)

    async def ask(self, service: str, method: str, path: str, by: Person, **how: Any) -> httpx.Response:
        if by not in self.known:
            now, lifetime = SystemClock().now(), timedelta(hours=1)
            self.known[by] = tokens.issue(self.home, by, token_id=new_id(), now=now, lifetime=lifetime)
        headers = {"Authorization": f"Bearer {self.known[by]}", "Idempotency-Key": str(new_id()), "If-Match": '"1"'}
        return await self.http.request(method, self.urls[service] + path, headers=headers, **how)

    async def addresses(self, service: str, place: str, city: str) -> list[str]:
        """The objects of a kind that a city sees."""

        async def ask(name: str, path: str) -> Any:
            answer = await self.ask(name, "GET", path, person(Role.CITY_LEAD, city))
            return answer.json() if answer.is_success else None

        return await found(ask, service, place)


def person(role: Role, org: str) -> Person:
    return Person(f"matrix-{role}-{org}", role, org, "")


@pytest.fixture
async def services(campaign_home: Home, campaign: dict[str, Any]) -> Any:
    assert campaign["done"]
    now = state.running(campaign_home)
    assert now is not None
    async with httpx.AsyncClient(timeout=30) as http:
        yield Services(campaign_home, now.urls, http)


def rows(service: str, document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation whose path names an object: its method, its path and what the document says of it."""
    for path, operations in document["paths"].items():
        if parameters(path):
            for method, operation in operations.items():
                yield method.upper(), path, operation


@pytest.mark.parametrize("service", SERVICES)
async def test_an_object_is_there_for_its_own_city_and_for_no_stranger(service: str, services: Services) -> None:
    document = (await services.http.get(services.urls[service] + "/openapi.json")).json()
    pairs: dict[str, tuple[str, str, str]] = {}
    wrong: list[str] = []
    cells = 0
    for method, path, operation in rows(service, document):
        place = place_of(service, path) or _without_place(path)
        if place in ALL_MAY_SEE or place in NO_PLACE:
            continue
        if place not in pairs:
            pairs[place] = await _own_and_other(services, service, place)
        address, own, other = pairs[place]
        asked = path.replace(place, address)
        if method == "GET" and Role.CITY_LEAD in operation["x-callers"]:
            cells += 1
            answer = await services.ask(service, method, asked, person(Role.CITY_LEAD, own))
            seen = answer.status_code == HTTPStatus.OK or answer.json().get("code") in SEEN
            wrong += [] if seen else [f"{method} {path} by its own city: {answer.status_code}"]
        for role in (role for role in ELSEWHERE if role in operation["x-callers"]):
            cells += 1
            stranger = person(role, ELSEWHERE[role].format(city=other))
            named = asked.replace("{act}", ACTS.get(role, "dispute_jurisdiction"))
            answer = await services.ask(service, method, named, stranger, **_body(operation))
            if answer.status_code != 404 and answer.json().get("code") not in REFUSED_UNSEEN:
                wrong.append(f"{method} {path} by a strange {role}: {answer.status_code} {answer.text[:300]}")
    assert wrong == []
    assert cells > (0 if service == "registry" else 20)


def _without_place(path: str) -> str:
    """The row of a path whose object no list shows; a path without a row fails here."""
    named = [place for place in {**ALL_MAY_SEE, **NO_PLACE} if f"{path}/".startswith(f"{place}/")]
    assert named, f"{path} has no row: where is its object found, and who may see it?"
    return named[0]


async def _own_and_other(services: Services, service: str, place: str) -> tuple[str, str, str]:
    """An object of a kind, a city that sees it and a city that does not."""
    seen = {city: await services.addresses(service, place, city) for city in province().cities}
    for own in province().cities:
        for address in seen[own]:
            for other in province().cities:
                if address not in seen[other]:
                    return address, own, other
    raise AssertionError(f"no {place} belongs to one city alone: { ({city: len(one) for city, one in seen.items()}) }")


def _body(operation: dict[str, Any]) -> dict[str, Any]:
    """What the operation takes: its own example, or some bytes."""
    asked = [one for one in operation.get("parameters", []) if one["in"] == "query" and one.get("required")]
    queries = {one["name"]: QUERIES[one["name"]] for one in asked}
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        return {"json": content["application/json"]["example"], "params": queries}
    return {"content": b"%PDF-1.7", "params": queries} if content else {"params": queries}


def test_every_kind_that_all_may_see_is_a_kind_that_exists() -> None:
    known = {place for places in LISTS.values() for place in places}
    assert set(ALL_MAY_SEE) <= known

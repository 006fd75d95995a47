"""A deprecated operation says so in its answers and in the API description, and works as before."""

from datetime import date

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI

from shared.security.auth import anyone
from shared.web import deprecation, problems
from shared.web.deprecation import deprecated
from shared.web.openapi import describe

LINK = "https://example.org/changelog#v2"
router = APIRouter(dependencies=[Depends(anyone)])


@router.get("/old", dependencies=[deprecated(since=date(2027, 1, 1), sunset=date(2027, 7, 1), link=LINK)])
async def get_old(number: int = 0) -> dict[str, int]:
    """What is to go."""
    return {"number": number}


@router.get("/new")
async def get_new() -> dict[str, int]:
    """What stays."""
    return {}


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI(generate_unique_id_function=lambda route: route.name)
    app.include_router(router)
    problems.install(app)
    deprecation.install(app)
    describe(app, {})
    return app


@pytest.mark.parametrize(("query", "status"), [("", 200), ("?number=x", 422)])
async def test_every_answer_of_a_deprecated_operation_says_since_when_and_until_when(
    app: FastAPI, query: str, status: int
) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        answer = await client.get(f"/old{query}")
    assert answer.status_code == status
    assert answer.headers["Deprecation"] == "@1798732800"
    assert answer.headers["Sunset"] == "Wed, 30 Jun 2027 16:00:00 GMT"
    assert answer.headers["Link"] == f'<{LINK}>; rel="deprecation", <{LINK}>; rel="sunset"'


async def test_an_operation_that_stays_says_nothing(app: FastAPI) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        answer = await client.get("/new")
    assert not {"deprecation", "sunset", "link"} & set(answer.headers)


def test_the_api_description_marks_deprecated_operations_and_no_others(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    assert paths["/old"]["get"]["deprecated"] is True
    assert paths["/old"]["get"]["x-sunset"] == "2027-07-01"
    assert "deprecated" not in paths["/new"]["get"]


def test_an_operation_is_not_taken_away_before_it_is_deprecated() -> None:
    with pytest.raises(ValueError, match="cannot be taken away"):
        deprecated(since=date(2027, 7, 1), sunset=date(2027, 7, 1), link=LINK)


def test_an_application_without_deprecated_operations_pays_nothing() -> None:
    app = FastAPI()
    deprecation.install(app)
    assert app.user_middleware == []

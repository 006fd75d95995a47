"""The logs of a whole campaign name no person and no organisation, carry no token, and let a request be found by its trace."""

import json
from typing import Any

import pytest

from deploy.demo import province
from deploy.demo.timeline import Timeline
from deploy.local.home import Home
from shared.core.services import SERVICES
from tests.journeys.conftest import SCALE

pytestmark = [pytest.mark.journey]


@pytest.fixture
def logs(campaign_home: Home, campaign: dict[str, Any]) -> dict[str, str]:
    assert campaign["done"]
    return {file.stem: file.read_text() for file in campaign_home.logs.glob("*.log")}


def test_no_log_names_a_person_or_an_organisation(logs: dict[str, str]) -> None:
    made = province.generate(Timeline.of().seed, SCALE)
    people = {text for one in made.inspectors for text in (one.name, one.staff_no, one.law_enforcement_no)}
    people |= {text for one in made.experts for text in (one.name, one.expert_no)}
    organisations = {text for one in made.organizations for text in (one.name, one.uscc)}
    assert len(people) > 300
    assert len(organisations) >= SCALE
    assert set(SERVICES) <= set(logs)
    assert {(name, word) for name, text in logs.items() for word in people | organisations if word in text} == set()


def test_no_log_carries_a_token_or_a_caller(logs: dict[str, str]) -> None:
    for name, text in logs.items():
        assert "eyJ" not in text, name
        assert "(模拟)" not in text, name


def test_every_request_is_one_line_with_its_route_and_its_trace(logs: dict[str, str]) -> None:
    for service in SERVICES:
        lines = [json.loads(line) for line in logs[service].splitlines() if line.startswith("{")]
        requests = [line for line in lines if line["event"] == "request"]
        assert len(requests) > 50
        assert all(line["service"] == service and len(line["trace_id"]) == 32 for line in requests)
        assert all("?" not in line["route"] for line in requests)

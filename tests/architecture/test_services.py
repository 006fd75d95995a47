"""Facts about the five services as a whole: callers, events, settings, migrations."""

import ast
import importlib
import re
from collections import Counter

import pytest
from fastapi import FastAPI

from shared.events import OWNERS, told_by
from shared.events.deadlines import Closed, Moved, Warned
from shared.openapi import callers
from shared.routes import routes_of
from shared.testing.world import Issuer
from tests.architecture.source import ROOT, SERVICES, calls, name_of, python_files, tree

OUTWARD_ONLY = {
    "CaseFiled",
    "DeadlinesMoved",
    "DisclosurePublished",
    "DisclosureWithdrawn",
    "SummarySubmitted",
    "SummaryReturned",
    "SummaryAccepted",
}
"""Events that other systems read and none of our services needs."""

KEPT_BY_ALL = (Warned, Moved, Closed)
"""What `shared.docket` tells in the words of the service that it runs in."""

EVENTS = [event for owner in OWNERS for event in told_by(owner)]


@pytest.fixture(scope="module")
def apps(issuer: Issuer) -> dict[str, FastAPI]:
    assert issuer
    return {name: importlib.import_module(f"services.{name}.main").app for name in SERVICES}


def test_every_route_names_who_may_call_it(apps: dict[str, FastAPI]) -> None:
    routes = [(name, route) for name, app in apps.items() for route in routes_of(app.router.routes)]
    assert len(routes) > 150
    for name, route in routes:
        assert callers(route) is not None, f"{name} {route.methods} {route.path} names no caller"


def test_every_operation_is_named_once_in_its_service(apps: dict[str, FastAPI]) -> None:
    for name, app in apps.items():
        names = Counter(route.name for route in routes_of(app.router.routes) if route.include_in_schema)
        assert names
        assert [one for one, times in names.items() if times > 1] == [], name


def test_only_the_owner_emits_an_event_and_every_event_is_emitted() -> None:
    emitted: dict[str, set[str]] = {name: _emitted(name) for name in SERVICES}
    for event in [one for one in EVENTS if not issubclass(one, KEPT_BY_ALL)]:
        for name, kinds in emitted.items():
            assert event.__name__ not in kinds or name == event.owner, f"{name} emits {event.__name__}"
        assert event.__name__ in emitted[event.owner], f"{event.owner} never emits {event.__name__}"


def test_every_service_has_words_of_its_own_for_what_is_told_of_deadlines() -> None:
    kept = [(event.owner, kind) for event in EVENTS for kind in KEPT_BY_ALL if issubclass(event, kind)]
    assert sorted(kept, key=str) == sorted(((owner, kind) for owner in OWNERS for kind in KEPT_BY_ALL), key=str)


def test_every_event_has_a_listener_or_is_meant_for_others(apps: dict[str, FastAPI]) -> None:
    heard = {event.__name__ for app in apps.values() for event in app.state.handlers}
    told = {event.__name__ for event in EVENTS}
    assert len(told) > 30
    assert told - heard <= OUTWARD_ONLY


def test_a_service_says_in_its_docstring_what_it_tells_and_what_it_listens_to(apps: dict[str, FastAPI]) -> None:
    for name, app in apps.items():
        text = importlib.import_module(f"services.{name}").__doc__ or ""
        assert _words(text, "Tells") == {event.__name__ for event in told_by(name)}, name
        assert _words(text, "Listens") == {event.__name__ for event in app.state.handlers}, name


def test_every_setting_stands_in_the_example_environment(issuer: Issuer) -> None:
    from shared.settings import MigrationSettings, Settings  # noqa: PLC0415

    assert issuer
    example = (ROOT / ".env.example").read_text()
    names = {f"CCC_{field.upper()}" for model in (Settings, MigrationSettings) for field in model.model_fields}
    assert len(names) > 20
    assert sorted(name for name in names if name not in example) == []


def test_every_service_has_one_migration_head(issuer: Issuer) -> None:
    from deploy import migrations  # noqa: PLC0415

    assert issuer
    assert len({migrations.head(service) for service in SERVICES}) == len(SERVICES)


def test_compose_starts_every_service() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert [name for name in SERVICES if f"  {name}:" not in text] == []


def _emitted(service: str) -> set[str]:
    """The names of events that are constructed in a service: only `emit()` has a use for them there."""
    known = {event.__name__ for event in EVENTS}
    found = set()
    for path in python_files(f"services/{service}"):
        found |= {ast.unparse(call.func).rsplit(".", 1)[-1] for call in calls(tree(path))} & known
    assert found or service not in OWNERS, name_of(ROOT / "services" / service)
    return found


def _words(text: str, heading: str) -> set[str]:
    section = re.search(rf"^{heading}:(.*?)(?=^\w+:|\Z)", text, re.MULTILINE | re.DOTALL)
    assert section, f"no {heading}:"
    return set(re.findall(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b", section[1]))


def test_every_event_stands_in_the_file_of_its_owner() -> None:
    assert {event.__module__ for event in EVENTS} == {f"shared.events.{owner}" for owner in OWNERS}
    assert all(event.__module__ == f"shared.events.{event.owner}" for event in EVENTS)

"""Facts about the five services as a whole: callers, reads, events, settings, migrations."""

import importlib
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from shared.core.errors import DomainError
from shared.core.services import SERVICES
from shared.events import OWNERS, events_of
from shared.events.deadlines import Closed, Moved, Warned
from shared.testing.world import Issuer
from shared.web.route_walk import routes_of
from tests.architecture import guards
from tests.architecture.source import PRODUCT, ROOT, Tree

OUTWARD_ONLY = {
    "DeadlinesMoved",
    "DisclosurePublished",
    "DisclosureWithdrawn",
    "SummarySubmitted",
    "SummaryReturned",
    "SummaryAccepted",
}
"""Events that other systems read and none of our services needs."""

_PUBLISHED = "the national certificate search publishes it"
_REGISTER = "the public enterprise register publishes it"
_REFERENCE = "reference data"
_PLAN = "the campaign's plan, dates and rounds are published"
_EXPORT = "the export writes a row of its own, with its number and how many rows left"
_MESSAGES = "names of messages and numbers, no business data"
NOT_NOTED = {
    **dict.fromkeys(("list_certificates", "get_certificate", "list_status_events", "list_editions"), _PUBLISHED),
    **dict.fromkeys(("get_certificate_status", "get_may_supply", "list_sampling_failures"), _PUBLISHED),
    **dict.fromkeys(("list_enterprises", "get_enterprise"), _REGISTER),
    **dict.fromkeys(("list_divisions", "get_division", "list_regulators", "list_certification_bodies"), _REFERENCE),
    **dict.fromkeys(("get_certification_body", "list_catalogue", "get_catalogue_item"), _REFERENCE),
    **dict.fromkeys(("list_campaigns", "get_campaign", "list_rounds"), _PLAN),
    **dict.fromkeys(("export_annex_3", "export_annex_4", "export_ledger"), _EXPORT),
    **dict.fromkeys(("get_lag", "get_reconciliation", "list_dead_letters"), _MESSAGES),
    **dict.fromkeys(("list_calendars", "list_calendar_moves"), _REFERENCE),
}
"""Reads for named callers that need no row in the audit trail, each with its reason."""
KEPT_BY_ALL = (Warned, Moved, Closed)
"""What `shared.deadline_records` publishes in the words of the service that it runs in."""

EVENTS = [event for owner in OWNERS for event in events_of(owner)]


@pytest.fixture(scope="module")
def apps(issuer: Issuer) -> dict[str, FastAPI]:
    assert issuer
    return {name: importlib.import_module(f"services.{name}.main").app for name in SERVICES}


def test_every_route_names_who_may_call_it(apps: dict[str, FastAPI]) -> None:
    verdicts = [guards.routes_without_callers(app) for app in apps.values()]
    assert sum(verdict.seen for verdict in verdicts) > 250
    assert [one for verdict in verdicts for one in verdict.wrong] == []


def test_every_operation_is_named_once_in_its_service(apps: dict[str, FastAPI]) -> None:
    verdicts = [guards.operations_of_one_name(app) for app in apps.values()]
    assert all(verdict.seen > 30 for verdict in verdicts)
    assert [one for verdict in verdicts for one in verdict.wrong] == []


def test_every_read_of_business_data_is_noted_in_the_audit_trail(apps: dict[str, FastAPI]) -> None:
    verdicts = [guards.unnoted_reads(app, NOT_NOTED) for app in apps.values()]
    assert sum(verdict.seen for verdict in verdicts) > 80
    assert [one for verdict in verdicts for one in verdict.wrong] == []
    known = {route.name for app in apps.values() for route in routes_of(app.router.routes)}
    assert set(NOT_NOTED) <= known


def test_only_the_owner_emits_an_event_and_every_event_is_emitted() -> None:
    owners = {event.__name__: event.owner for event in EVENTS if not issubclass(event, KEPT_BY_ALL)}
    emitted = {name: guards.constructed(Tree().sources(f"services/{name}"), set(owners)) for name in SERVICES}
    verdict = guards.emitted_by_others(emitted, owners)
    assert verdict.seen > 30
    assert verdict.wrong == []


def test_every_service_has_words_of_its_own_for_what_is_published_of_deadlines() -> None:
    kept = [(event.owner, kind) for event in EVENTS for kind in KEPT_BY_ALL if issubclass(event, kind)]
    assert sorted(kept, key=str) == sorted(((owner, kind) for owner in OWNERS for kind in KEPT_BY_ALL), key=str)


def test_every_event_has_a_consumer_or_is_meant_for_others(apps: dict[str, FastAPI]) -> None:
    consumed = {event.__name__ for app in apps.values() for event in app.state.handlers}
    verdict = guards.unconsumed({event.__name__ for event in EVENTS}, consumed, OUTWARD_ONLY)
    assert verdict.seen > 30
    assert verdict.wrong == []


def test_a_service_says_in_its_docstring_what_it_publishes_and_what_it_consumes(apps: dict[str, FastAPI]) -> None:
    for name, app in apps.items():
        text = importlib.import_module(f"services.{name}").__doc__ or ""
        assert guards.words_under(text, "Publishes") == {event.__name__ for event in events_of(name)}, name
        assert guards.words_under(text, "Consumes") == {event.__name__ for event in app.state.handlers}, name


def test_the_example_environment_shows_every_setting_and_nothing_else(issuer: Issuer) -> None:
    from services.inspection.settings import InspectionSettings  # noqa: PLC0415  (the settings come first)
    from shared.core.province import ProvinceSettings  # noqa: PLC0415
    from shared.settings import MigrationSettings, Settings  # noqa: PLC0415

    assert issuer
    models = (Settings, MigrationSettings, InspectionSettings, ProvinceSettings)
    fields = {f"{model.model_config['env_prefix']}{field}".upper() for model in models for field in model.model_fields}
    defined = {f"{one.name}" for one in Tree().sources(*PRODUCT) if "(BaseSettings)" in one.text}
    assert defined == {"shared/settings.py", "shared/core/province.py", "services/inspection/settings.py"}
    read = {
        name for name in guards.read_from_the_environment(Tree().sources(*PRODUCT, "tests/shared")) if name.startswith("CCC_")
    }
    verdict = guards.settings_and_example(fields | read, (ROOT / ".env.example").read_text())
    assert verdict.seen > 25
    assert verdict.wrong == []


def test_every_service_has_one_migration_head(issuer: Issuer) -> None:
    from deploy import migrations  # noqa: PLC0415

    assert issuer
    assert len({migrations.head(service) for service in SERVICES}) == len(SERVICES)


def test_compose_starts_every_service() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert [name for name in SERVICES if f"  {name}:" not in text] == []


def test_every_event_stands_in_the_file_of_its_owner() -> None:
    assert {event.__module__ for event in EVENTS} == {f"shared.events.{owner}" for owner in OWNERS}
    assert all(event.__module__ == f"shared.events.{event.owner}" for event in EVENTS)


def test_every_error_is_named_by_a_test(apps: dict[str, FastAPI]) -> None:
    assert apps
    names: dict[str, set[str]] = {}
    for error in _all_errors(DomainError):
        names.setdefault(error.code, set()).add(error.__name__)
    verdict = guards.untested_errors(names, "\n".join(one.text for one in Tree().sources("tests")))
    assert verdict.seen > 150
    assert verdict.wrong == []


def _all_errors(base: type[DomainError]) -> Iterator[type[DomainError]]:
    for error in base.__subclasses__():
        yield error
        yield from _all_errors(error)

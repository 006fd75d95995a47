"""Within a version of an event a field is only added, with a default; topics, keys and headers stay.

The APIs are judged by `make compatibility`.
"""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.contracts.compatibility import breaks, in_asyncapi, in_event, minified
from tests.contracts.release import current, refused, released

EVENT: dict[str, Any] = {
    "$defs": {"State": {"enum": ["open", "closed"], "type": "string"}},
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "fen": {"type": "integer"},
        "state": {"$ref": "#/$defs/State"},
        "rows": {"type": "array", "items": {"type": "object", "properties": {"day": {"type": "string"}}, "required": ["day"]}},
    },
    "required": ["title", "fen", "state", "rows"],
}
MESSAGE = {
    "name": "Opened",
    "bindings": {"kafka": {"key": {"type": "string"}}},
    "headers": {"properties": {"ce_id": {"type": "string"}}},
}
EVENTS: dict[str, Any] = {
    "info": {"version": "1.0.0"},
    "defaultContentType": "application/json",
    "channels": {"cases": {"address": "ccc.cases", "messages": {"opened": {"$ref": "#/components/messages/opened"}}}},
    "components": {"messages": {"opened": MESSAGE}},
}


def removed(event: Any) -> None:
    del event["properties"]["fen"]
    event["required"].remove("fen")


def fields(event: Any) -> Any:
    return event["properties"]


BREAKS: dict[str, Callable[[Any], object]] = {
    "a field is removed": removed,
    "a field that is called as prose is elsewhere is removed": lambda e: fields(e).pop("title"),
    "a field has another type": lambda e: fields(e)["fen"].update(type="string"),
    "a field without a default is added": lambda e: fields(e).update(more={"type": "string"}),
    "a field is no longer always there": lambda e: e["required"].remove("fen"),
    "a value is added": lambda e: e["$defs"]["State"]["enum"].append("new"),
    "a value is removed": lambda e: e["$defs"]["State"]["enum"].remove("closed"),
    "a field of a row is removed": lambda e: fields(e)["rows"]["items"]["properties"].pop("day"),
    "a field of a row without a default is added": lambda e: fields(e)["rows"]["items"]["properties"].update(
        more={"type": "string"}
    ),
    "a field is bounded": lambda e: fields(e)["title"].update(maxLength=5),
}
HARMLESS: dict[str, Callable[[Any], object]] = {
    "nothing changes": lambda e: e,
    "a field with a default is added": lambda e: fields(e).update(more={"type": "string", "default": ""}),
    "a field with a default is added and always sent": lambda e: (
        fields(e).update(more={"default": None}),
        e["required"].append("more"),
    ),
    "a description changes": lambda e: fields(e)["fen"].update(description="in fen"),
    "a row gets a field with a default": lambda e: fields(e)["rows"]["items"]["properties"].update(more={"default": 0}),
}
TOPIC_BREAKS: dict[str, Callable[[Any], object]] = {
    "a topic is removed": lambda d: d["channels"].clear(),
    "a topic has another address": lambda d: d["channels"]["cases"].update(address="ccc.other"),
    "a message is removed": lambda d: d["components"]["messages"].clear(),
    "a topic carries a message no longer": lambda d: d["channels"]["cases"]["messages"].clear(),
    "a header is removed": lambda d: d["components"]["messages"]["opened"]["headers"]["properties"].clear(),
    "a key has another type": lambda d: d["components"]["messages"]["opened"]["bindings"]["kafka"]["key"].update(type="integer"),
    "the content type changes": lambda d: d.update(defaultContentType="application/avro"),
}


def changed(document: Any, change: Callable[[Any], object]) -> Any:
    copied = copy.deepcopy(document)
    change(copied)
    return copied


@pytest.mark.parametrize("name", BREAKS)
def test_a_change_of_an_event_that_breaks_consumers_is_refused(name: str) -> None:
    assert in_event(EVENT, changed(EVENT, BREAKS[name]))


@pytest.mark.parametrize("name", HARMLESS)
def test_a_change_of_an_event_that_breaks_nobody_passes(name: str) -> None:
    assert in_event(EVENT, changed(EVENT, HARMLESS[name])) == []


@pytest.mark.parametrize("name", TOPIC_BREAKS)
def test_a_change_of_a_topic_that_breaks_consumers_is_refused(name: str) -> None:
    assert in_asyncapi(EVENTS, changed(EVENTS, TOPIC_BREAKS[name]))


def test_new_topics_messages_and_headers_break_nobody() -> None:
    grown = copy.deepcopy(EVENTS)
    grown["channels"]["more"] = {"address": "ccc.more", "messages": {}}
    grown["components"]["messages"]["more"] = copy.deepcopy(MESSAGE)
    grown["components"]["messages"]["opened"]["headers"]["properties"]["ce_new"] = {"type": "string"}
    assert in_asyncapi(EVENTS, grown) == []


def test_an_event_that_is_gone_is_refused_and_a_new_version_beside_it_is_not() -> None:
    assert breaks({"events/opened.v1.json": EVENT}, {"events/opened.v2.json": EVENT})
    assert not breaks({"events/opened.v1.json": EVENT}, {"events/opened.v1.json": EVENT, "events/opened.v2.json": {}})


def test_a_released_contract_holds_nothing_that_is_written_for_people() -> None:
    contract = minified(
        {"title": "T", "properties": {"title": {"type": "string", "title": "Title", "description": "D", "example": 1}}}
    )
    assert contract == {"properties": {"title": {"type": "string"}}}


def test_no_event_and_no_topic_breaks_the_consumers_of_the_last_release() -> None:
    def events_and_topics(contracts: dict[str, Any]) -> dict[str, Any]:
        return {name: document for name, document in contracts.items() if not name.startswith("openapi/")}

    before = events_and_topics(released())
    assert len(before) > 50
    assert refused(before, events_and_topics(current())) == []

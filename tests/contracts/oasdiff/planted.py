"""Each change that breaks callers of an API is refused, each harmless one passes; run by `make compatibility`."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.contracts.compatibility import in_openapi
from tests.contracts.release import major, refused

ITEM = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "state": {"enum": ["open", "closed"], "type": "string"},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    },
    "required": ["id", "state", "note"],
}
ITEM_IN = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "maxLength": 100},
        "kind": {"enum": ["a", "b"], "type": "string"},
        "day": {"type": "string"},
    },
    "required": ["name"],
}
RELEASED: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "planted", "version": "1.0.0"},
    "paths": {
        "/items": {
            "post": {
                "operationId": "create_item",
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ItemIn"}}},
                },
                "responses": {
                    "201": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}}
                },
            },
            "get": {
                "operationId": "list_items",
                "x-callers": ["auditor", "city_lead"],
                "parameters": [{"in": "query", "name": "state", "required": False, "schema": {"type": "string"}}],
                "responses": {
                    "200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}}
                },
            },
        }
    },
    "components": {"schemas": {"Item": ITEM, "ItemIn": ITEM_IN}},
}


def answer(document: Any) -> Any:
    return document["components"]["schemas"]["Item"]


def body(document: Any) -> Any:
    return document["components"]["schemas"]["ItemIn"]


def get(document: Any) -> Any:
    return document["paths"]["/items"]["get"]


def renamed_field(document: Any) -> None:
    fields = answer(document)
    fields["properties"]["status"] = fields["properties"].pop("state")
    fields["required"] = ["id", "status", "note"]


def removed_field(document: Any) -> None:
    del answer(document)["properties"]["note"]
    answer(document)["required"].remove("note")


def required_field(document: Any) -> None:
    body(document)["properties"]["why"] = {"type": "string"}
    body(document)["required"].append("why")


BREAKS: dict[str, Callable[[Any], object]] = {
    "an operation is removed": lambda d: d["paths"]["/items"].pop("post"),
    "a path is removed": lambda d: d["paths"].pop("/items"),
    "an operation has another name": lambda d: get(d).update(operationId="read_items"),
    "a field of an answer is removed": removed_field,
    "a field of an answer is renamed": renamed_field,
    "a field of an answer has another type": lambda d: answer(d)["properties"].update(state={"type": "integer"}),
    "a field of an answer may be null": lambda d: answer(d)["properties"].update(
        id={"anyOf": [{"type": "string"}, {"type": "null"}]}
    ),
    "a field of an answer is no longer always there": lambda d: answer(d)["required"].remove("id"),
    "an answer may hold a value that nobody expects": lambda d: answer(d)["properties"]["state"]["enum"].append("new"),
    "an answer never holds a value any more": lambda d: answer(d)["properties"]["state"]["enum"].remove("closed"),
    "a request needs a new field": required_field,
    "a request must have a field that it could leave out": lambda d: body(d)["required"].append("day"),
    "a request may not have a field any more": lambda d: body(d)["properties"].pop("day"),
    "a request may not have a value any more": lambda d: body(d)["properties"]["kind"]["enum"].remove("b"),
    "a request's field has another type": lambda d: body(d)["properties"].update(name={"type": "integer"}),
    "a request's field must be shorter": lambda d: body(d)["properties"]["name"].update(maxLength=10),
    "a parameter is removed": lambda d: get(d)["parameters"].clear(),
    "a parameter is needed": lambda d: get(d)["parameters"][0].update(required=True),
    "a role may call an operation no longer": lambda d: get(d)["x-callers"].remove("auditor"),
    "an operation is no longer open to anyone": lambda d: d["paths"]["/items"]["post"].update({"x-callers": ["auditor"]}),
    "success has another status": lambda d: get(d)["responses"].update({"202": get(d)["responses"].pop("200")}),
}
HARMLESS: dict[str, Callable[[Any], object]] = {
    "nothing changes": lambda d: d,
    "an operation is added": lambda d: d["paths"].update({"/more": {"get": {**get(d), "operationId": "list_more"}}}),
    "an answer gets a field": lambda d: answer(d)["properties"].update(more={"type": "string"}),
    "a request may have a new field": lambda d: body(d)["properties"].update(more={"type": "string", "default": ""}),
    "a request may have a new value": lambda d: body(d)["properties"]["kind"]["enum"].append("c"),
    "a request's field may be longer": lambda d: body(d)["properties"]["name"].update(maxLength=200),
    "another role may call an operation": lambda d: get(d)["x-callers"].append("county_lead"),
    "an operation is opened to anyone": lambda d: get(d)["x-callers"].clear(),
    "a description changes": lambda d: get(d).update(description="what it does"),
    "an operation is deprecated": lambda d: get(d).update({"deprecated": True, "x-sunset": "2027-07-01"}),
}


def changed(change: Callable[[Any], object]) -> dict[str, Any]:
    document = copy.deepcopy(RELEASED)
    change(document)
    return document


@pytest.mark.parametrize("name", BREAKS)
def test_a_change_that_breaks_callers_is_refused(name: str) -> None:
    assert in_openapi(RELEASED, changed(BREAKS[name]))


@pytest.mark.parametrize("name", HARMLESS)
def test_a_change_that_breaks_nobody_passes(name: str) -> None:
    assert in_openapi(RELEASED, changed(HARMLESS[name])) == []


def test_a_document_that_cannot_be_read_is_no_success() -> None:
    with pytest.raises(RuntimeError):
        in_openapi(RELEASED, {"openapi": "3.1.0", "paths": []})


@pytest.mark.parametrize(("version", "passes"), [("1.9.0", False), ("2.0.0", True)])
def test_a_new_major_version_may_break_what_a_minor_one_may_not(version: str, passes: bool) -> None:
    def contracts(number: str, document: dict[str, Any]) -> dict[str, Any]:
        events = {"info": {"version": number}, "defaultContentType": "", "channels": {}, "components": {"messages": {}}}
        return {"asyncapi.json": events, "openapi/planted.json": document}

    before, now = contracts("1.0.0", RELEASED), contracts(version, changed(removed_field))
    assert major(before) == 1
    assert (refused(before, now) == []) is passes

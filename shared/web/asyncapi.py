"""The AsyncAPI 3.0 document of all events, generated from the catalogue."""

import json
from functools import cache
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from shared import __version__
from shared.events import OWNERS, Event, events_of, topic_of
from shared.security.auth import anyone

router = APIRouter(include_in_schema=False, dependencies=[Depends(anyone)])


@router.get("/asyncapi.json")
async def document() -> Response:
    """Every event of the platform as an AsyncAPI document (事件目录)."""
    return Response(_text(), media_type="application/json")


@cache
def _text() -> bytes:
    return json.dumps(asyncapi(), ensure_ascii=False).encode()


def asyncapi() -> dict[str, Any]:
    """The document: one channel an owner, one message an event, CloudEvents 1.0 in Kafka's binary mode."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "CCC 监督检查平台事件 · events of the CCC supervision platform",
            "version": __version__,
            "description": "CloudEvents 1.0, Kafka binary mode; the key is the aggregate id, `ce_sequence` counts per aggregate.",
        },
        "defaultContentType": "application/json",
        "channels": {owner: _channel(owner) for owner in OWNERS},
        "operations": {f"publish-{owner}": {"action": "send", "channel": {"$ref": f"#/channels/{owner}"}} for owner in OWNERS},
        "components": {"messages": {_name(event): _message(event) for owner in OWNERS for event in events_of(owner)}},
    }


def _name(event: type[Event]) -> str:
    return f"{event.type_name()}.v{event.version}"


def _channel(owner: str) -> dict[str, Any]:
    own = [_name(event) for event in events_of(owner)]
    return {"address": topic_of(owner), "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in own}}


def _message(event: type[Event]) -> dict[str, Any]:
    return {
        "name": event.type_name(),
        "title": event.__name__,
        "summary": (event.__doc__ or "").strip().split("\n")[0],
        "bindings": {"kafka": {"key": {"type": "string", "description": f"`{event.key}`"}}},
        "headers": {"type": "object", "properties": _HEADERS},
        "payload": _inlined(event.model_json_schema(mode="serialization")),
    }


_HEADERS = {
    name: {"type": "string"}
    for name in ("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "ce_subject", "ce_sequence", "ce_dataschema")
}


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """Resolve `$defs`, so that a message is complete inside the larger document."""
    definitions = schema.pop("$defs", {})

    def resolve(value: Any) -> Any:
        if isinstance(value, dict):
            if "$ref" in value:
                return resolve(definitions[value["$ref"].rsplit("/", 1)[1]])
            return {key: resolve(member) for key, member in value.items()}
        return [resolve(item) for item in value] if isinstance(value, list) else value

    resolved: dict[str, Any] = resolve(schema)
    return resolved

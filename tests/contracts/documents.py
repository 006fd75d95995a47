"""The contract files: what other systems rely on, generated from the code and kept in git."""

import importlib
import json
from pathlib import Path
from typing import Any

from shared.core.services import SERVICES
from shared.events import OWNERS, events_of
from shared.web.asyncapi import asyncapi

HERE = Path(__file__).parent


def documents() -> dict[Path, Any]:
    """Every contract by its file: OpenAPI of each service, AsyncAPI, and a JSON Schema for each event."""
    found: dict[Path, Any] = {HERE / "asyncapi.json": asyncapi()}
    for name in SERVICES:
        found[HERE / "openapi" / f"{name}.json"] = importlib.import_module(f"services.{name}.main").app.openapi()
    for event in (one for owner in OWNERS for one in events_of(owner)):
        found[HERE / "events" / f"{event.type_name()}.v{event.version}.json"] = event.model_json_schema(mode="serialization")
    return found


def files() -> set[Path]:
    """Every contract file there is; a released contract is none."""
    return {HERE / "asyncapi.json", *HERE.glob("openapi/*.json"), *HERE.glob("events/*.json")}


def text(document: Any) -> str:
    """A contract as it is written down."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

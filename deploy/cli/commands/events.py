"""`ccc events`: what operators see and do about messages, through the API that any operations tool would use."""

from collections.abc import Mapping
from datetime import UTC, datetime
from time import monotonic, sleep
from typing import Annotated, Any

import typer

from deploy import SERVICES
from deploy.cli import console, reconciliation
from deploy.cli.client import ApiClient
from deploy.cli.commands import rebuild
from deploy.cli.connection import Connection, connected
from deploy.cli.credentials import Person
from deploy.cli.errors import CommandError
from deploy.cli.options import AnyService, Service, chosen
from shared.core.clock import SystemClock
from shared.vocabulary import Role

app = typer.Typer(help="Events between the services: lag, dead letters, retry, drop, replay.", no_args_is_help=True)
app.command("rebuild")(rebuild.rebuild_projection)

OPERATIONS, DEAD_LETTERS = "/v1/operations", "/v1/operations/dead-letters"
SHOWN = ("id", "source", "aggregate", "sequence", "type", "reason", "error", "tries", "created_at")

DeadLetterId = Annotated[str, typer.Argument(help="id of the dead letter")]
Operator = Annotated[str, typer.Option(help="Who acts, in the embedded runtime: a drop takes two.")]


def _lag_row(service: str, found: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of `lag`: here alone the fields of the API meet the words that are shown."""
    return {
        "service": service,
        "unpublished": found["outbox_events"],
        "oldest_s": round(found["outbox_oldest_seconds"], 1),
        "lag": sum(topic["events"] for topic in found["topics"]),
        "dead_letters": sum(found["dead_letters"].values()),
    }


def _comparison_row(found: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """The columns of `verify`, with a `whole` digest or its beginning."""
    return {
        "type": found["type"],
        "consumer": found["consumer"],
        "published": found["published"],
        "handled": found["handled"],
        "dropped": found["dropped"],
        "digest": found["digest"] if whole else found["digest"][:12],
        "agrees": found["agrees"],
    }


@app.command()
@connected
def lag(connection: Connection, service: AnyService = None, json: console.Json = False) -> None:
    """How many events each service has still to publish, and how many of the others' it has still to handle."""

    async def work(api: ApiClient) -> list[dict[str, Any]]:
        by = _operator("operator-1")
        return [_lag_row(name, await api.get(name, f"{OPERATIONS}/lag", by)) for name in chosen(service)]

    console.show(connection.run(work), as_json=json)


@app.command()
@connected
def dead_letters(connection: Connection, service: Service, json: console.Json = False) -> None:
    """The dead letters of a service, each aggregate in its order."""
    rows = _read(connection, service, DEAD_LETTERS, _operator("operator-1"))
    console.show([{name: row[name] for name in SHOWN} for row in rows], as_json=json)


@app.command()
@connected
def show(
    connection: Connection,
    service: Service,
    dead_letter_id: DeadLetterId,
    message: Annotated[bool, typer.Option(help="With its content, as an auditor; the read is audited.")] = False,
    json: console.Json = False,
) -> None:
    """One dead letter with its envelope and its error."""
    path, role = (f"{dead_letter_id}/message", Role.AUDITOR) if message else (dead_letter_id, Role.SYSADMIN)
    found = _read(connection, service, f"{DEAD_LETTERS}/{path}", Person(role.value, role, None, role.value))
    if json:
        console.show([found], as_json=True)
    else:
        console.show([{"field": name, "value": value} for name, value in found.items()], as_json=False)


@app.command()
@connected
def retry(connection: Connection, service: Service, dead_letter_id: DeadLetterId, json: console.Json = False) -> None:
    """Have a dead letter retried; what is deferred behind it follows."""
    _act(connection, service, f"{DEAD_LETTERS}/{dead_letter_id}/retry", None, "operator-1")
    console.show([{"service": service, "event": dead_letter_id, "done": "will be tried again"}], as_json=json)


@app.command()
@connected
def drop(
    connection: Connection,
    service: Service,
    dead_letter_id: DeadLetterId,
    reason: Annotated[str | None, typer.Option(help="Why: requests the drop. Without it: agrees, as another person.")] = None,
    operator: Operator = "operator-1",
    json: console.Json = False,
) -> None:
    """Request, with --reason, that an event never be handled; or agree to it as a second person."""
    act, body, done = ("drop", None, "dropped") if reason is None else ("drop-request", {"reason": reason}, "drop requested")
    _act(connection, service, f"{DEAD_LETTERS}/{dead_letter_id}/{act}", body, operator)
    console.show([{"service": service, "event": dead_letter_id, "done": done}], as_json=json)


@app.command()
@connected
def replay(
    connection: Connection,
    service: Service,
    aggregate: Annotated[str | None, typer.Option(help="Only the events of this one.")] = None,
    json: console.Json = False,
) -> None:
    """Have a service publish its events again; consumers drop what they have had."""
    _act(connection, service, f"{OPERATIONS}/replays", {"aggregate": aggregate}, "operator-1")
    console.show([{"service": service, "aggregate": aggregate, "done": "will be published again"}], as_json=json)


@app.command()
@connected
def verify(
    connection: Connection,
    since: Annotated[datetime, typer.Option(help="First instant of the period, in UTC.")] = datetime(1970, 1, 1),  # noqa: DTZ001
    until: Annotated[datetime | None, typer.Option(help="End of the period, in UTC; by default now.")] = None,
    wait: Annotated[float, typer.Option(help="Seconds to wait for what is still under way.")] = 30,
    json: console.Json = False,
) -> None:
    """Prove that each event published in a period was handled once by every consumer: compare the digests of both sides."""
    period = {"since": _utc(since), "until": _utc(until or SystemClock().now().replace(tzinfo=None))}

    async def work(api: ApiClient) -> dict[str, Any]:
        by = _operator("operator-1")
        return {name: await api.get(name, f"{OPERATIONS}/reconciliation", by, **period) for name in SERVICES}

    deadline = monotonic() + wait
    while not (proof := reconciliation.compare(connection.run(work))).holds and monotonic() < deadline:
        sleep(1)
    console.show([_comparison_row(row, whole=json) for row in proof.rows], as_json=json)
    console.inform(f"{proof.events} events published, {proof.effects} effects; SHA-256 of all that was compared: {proof.digest}")
    if not proof.holds:
        raise CommandError("at least one event was not handled exactly once")


def _read(connection: Connection, service: str, path: str, by: Person) -> Any:
    (name,) = chosen(service)

    async def work(api: ApiClient) -> Any:
        return await api.get(name, path, by)

    return connection.run(work)


def _act(connection: Connection, service: str, path: str, body: Mapping[str, Any] | None, operator: str) -> None:
    (name,) = chosen(service)

    async def work(api: ApiClient) -> None:
        await api.post(name, path, _operator(operator), body)

    connection.run(work)


def _operator(subject: str) -> Person:
    return Person(subject, Role.SYSADMIN, None, subject)


def _utc(at: datetime) -> str:
    return at.replace(tzinfo=UTC).isoformat()

"""`ccc events`: what operators see and do about messages, through the API that any operations tool would use."""

from datetime import UTC, datetime, timedelta
from json import loads
from time import monotonic, sleep
from typing import Annotated, Any
from urllib.parse import urlencode

import typer

from deploy import SERVICES, console, reconciliation
from deploy.commands import rebuild
from deploy.commands.options import DEFAULT_HOME, HomeOption, chosen, home_at
from deploy.local import state, tokens
from shared.core.clock import SystemClock
from shared.core.ids import new_id
from shared.vocabulary import Role
from shared.web.http_client import Unreachable, request_json

app = typer.Typer(help="Events between the services: lag, dead letters, retry, drop, replay.", no_args_is_help=True)

LONGEST = 60.0
"""Seconds that an answer may take: the reconciliation of some million events does."""

app.command("rebuild")(rebuild.rebuild_projection)

Service = Annotated[str, typer.Argument(help="registry, sampling, inspection, cases or reporting")]
DeadLetterId = Annotated[str, typer.Argument(help="id of the dead letter")]
Url = Annotated[
    str | None, typer.Option(envvar="CCC_OPERATIONS_URL", help="Base address of the service; by default the embedded one.")
]
Token = Annotated[str | None, typer.Option(envvar="CCC_OPERATIONS_TOKEN", help="Bearer token of the role sysadmin.")]
Operator = Annotated[str, typer.Option(help="Who acts, in the embedded runtime: a drop takes two.")]


@app.command()
def lag(
    service: Annotated[str | None, typer.Argument()] = None,
    url: Url = None,
    token: Token = None,
    home: HomeOption = DEFAULT_HOME,
    json: console.Json = False,
) -> None:
    """How far each service is behind in publishing and in consuming."""
    rows = []
    for name in chosen(service):
        answer = _call("GET", name, "lag", url, token, home)
        rows.append(
            {
                "service": name,
                "to_publish": answer["outbox_events"],
                "oldest_s": round(answer["outbox_oldest_seconds"], 1),
                "to_consume": sum(topic["events"] for topic in answer["topics"]),
                "dead_letters": sum(answer["dead_letters"].values()),
            }
        )
    console.show(rows, as_json=json)


@app.command()
def dead_letters(
    service: Service, url: Url = None, token: Token = None, home: HomeOption = DEFAULT_HOME, json: console.Json = False
) -> None:
    """The dead letters of a service, each aggregate in its order."""
    columns = ("id", "source", "aggregate", "sequence", "type", "reason", "error", "tries", "created_at")
    rows = _call("GET", service, "dead-letters", url, token, home)
    console.show([{column: row[column] for column in columns} for row in rows], as_json=json)


@app.command()
def show(
    service: Service,
    dead_letter_id: DeadLetterId,
    message: Annotated[bool, typer.Option(help="With its content, as an auditor; the read is audited.")] = False,
    url: Url = None,
    token: Token = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """One dead letter with its envelope and its error."""
    path, role = (f"{dead_letter_id}/message", Role.AUDITOR) if message else (f"{dead_letter_id}", Role.SYSADMIN)
    by = token or _token(home, role.value, role)
    console.show([_call("GET", service, f"dead-letters/{path}", url, by, home)], as_json=True)


@app.command()
def retry(
    service: Service, dead_letter_id: DeadLetterId, url: Url = None, token: Token = None, home: HomeOption = DEFAULT_HOME
) -> None:
    """Have a dead letter retried; what is deferred behind it follows."""
    _call("POST", service, f"dead-letters/{dead_letter_id}/retry", url, token, home)


@app.command()
def drop(
    service: Service,
    dead_letter_id: DeadLetterId,
    reason: Annotated[str | None, typer.Option(help="Why: requests the drop. Without it: agrees, as another person.")] = None,
    operator: Operator = "operator-1",
    url: Url = None,
    token: Token = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Request, with --reason, that an event never be handled; or agree to it as a second person."""
    action, body = ("drop", None) if reason is None else ("drop-request", {"reason": reason})
    _call("POST", service, f"dead-letters/{dead_letter_id}/{action}", url, token, home, body, operator)


@app.command()
def replay(
    service: Service,
    aggregate: Annotated[str | None, typer.Option(help="Only the events of this one.")] = None,
    url: Url = None,
    token: Token = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Have a service publish its events again; consumers skip those that they have handled."""
    _call("POST", service, "replays", url, token, home, {"aggregate": aggregate})


@app.command()
def verify(
    since: Annotated[datetime, typer.Option(help="First instant of the period, in UTC.")] = datetime(1970, 1, 1),  # noqa: DTZ001
    until: Annotated[datetime | None, typer.Option(help="End of the period, in UTC; by default now.")] = None,
    wait: Annotated[float, typer.Option(help="Seconds to wait for what is still under way.")] = 30,
    token: Token = None,
    urls: Annotated[str | None, typer.Option(envvar="CCC_SERVICE_URLS", help="Addresses of the services, as JSON.")] = None,
    home: HomeOption = DEFAULT_HOME,
    json: console.Json = False,
) -> None:
    """Prove that each event published in a period was handled once by every consumer: compare the digests of both sides."""
    period = {"since": _utc(since), "until": _utc(until or SystemClock().now().replace(tzinfo=None))}
    addresses = {} if urls is None else loads(urls)
    deadline = monotonic() + wait
    while True:
        path = f"reconciliation?{urlencode(period)}"
        answers = {name: _call("GET", name, path, addresses.get(name), token, home) for name in SERVICES}
        proof = reconciliation.compare(answers)
        if proof.holds or monotonic() > deadline:
            break
        sleep(1)
    console.show(proof.rows if json else [row | {"digest": row["digest"][:12]} for row in proof.rows], as_json=json)
    console.tell(f"{proof.events} events published, {proof.effects} effects; SHA-256 of all that was compared: {proof.digest}")
    if not proof.holds:
        raise console.fail("at least one event was not handled exactly once")


def _utc(at: datetime) -> str:
    return at.replace(tzinfo=UTC).isoformat()


def _call(
    method: str,
    service: str,
    path: str,
    url: str | None,
    token: str | None,
    home: Any,
    body: Any = None,
    operator: str = "operator-1",
) -> Any:
    (name,) = chosen(service)
    headers = {"Authorization": f"Bearer {token or _token(home, operator)}", "Idempotency-Key": str(new_id())}
    try:
        status, answer = request_json(
            method, f"{url or _address(home, name)}/v1/operations/{path}", headers, body, seconds=LONGEST
        )
    except Unreachable as error:
        raise console.fail(f"{name} does not answer: {error}") from error
    if status >= 400:  # noqa: PLR2004  (HTTP's own bound)
        raise console.fail(f"{answer['title']} ({answer['code']})")
    return answer


def _address(home: Any, service: str) -> str:
    now = state.running(home_at(home))
    if now is None:
        raise console.fail("no embedded runtime is running here: give --url and --token, or run `ccc up`")
    return now.urls[service]


def _token(home: Any, operator: str, role: Role = Role.SYSADMIN) -> str:
    person = tokens.Person(operator, role, None, operator)
    return tokens.issue(home_at(home), person, token_id=new_id(), now=SystemClock().now(), lifetime=timedelta(minutes=5))

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
from shared.web.http_client import TransportError, request_json

app = typer.Typer(help="Messages between the services: lag, parked events, retry, drop, replay.", no_args_is_help=True)

LONGEST = 60.0
"""Seconds that an answer may take: an account of some million events does."""

app.command("rebuild")(rebuild.rebuild_projection)

Service = Annotated[str, typer.Argument(help="registry, sampling, inspection, cases or reporting")]
ParkedId = Annotated[str, typer.Argument(help="id of the parked event")]
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
    """How far each service is behind in telling and in hearing."""
    rows = []
    for name in chosen(service):
        found = _call("GET", name, "lag", url, token, home)
        waiting = {one["topic"]: one["events"] for one in found["topics"]}
        rows.append(
            {
                "service": name,
                "to_tell": found["outbox_events"],
                "oldest_s": round(found["outbox_oldest_seconds"], 1),
                "to_hear": sum(waiting.values()),
                "parked": sum(found["parked"].values()),
            }
        )
    console.show(rows, as_json=json)


@app.command()
def parked(
    service: Service, url: Url = None, token: Token = None, home: HomeOption = DEFAULT_HOME, json: console.Json = False
) -> None:
    """What was set aside, each aggregate in its order."""
    wanted = ("id", "source", "aggregate", "sequence", "type", "reason", "error", "tries", "parked_at")
    found = _call("GET", service, "parked-events", url, token, home)
    console.show([{key: one[key] for key in wanted} for one in found], as_json=json)


@app.command()
def show(
    service: Service,
    parked_id: ParkedId,
    message: Annotated[bool, typer.Option(help="With its content, as an auditor; the read is audited.")] = False,
    url: Url = None,
    token: Token = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """One parked event with its envelope and its error."""
    path, role = (f"{parked_id}/message", Role.AUDITOR) if message else (f"{parked_id}", Role.SYSADMIN)
    by = token or _token(home, role.value, role)
    console.show([_call("GET", service, f"parked-events/{path}", url, by, home)], as_json=True)


@app.command()
def retry(service: Service, parked_id: ParkedId, url: Url = None, token: Token = None, home: HomeOption = DEFAULT_HOME) -> None:
    """Have a parked event tried again; what waits behind it follows."""
    _call("POST", service, f"parked-events/{parked_id}/retry", url, token, home)


@app.command()
def drop(
    service: Service,
    parked_id: ParkedId,
    ground: Annotated[str | None, typer.Option(help="Why: asks for the drop. Without it: agrees, as another person.")] = None,
    operator: Operator = "operator-1",
    url: Url = None,
    token: Token = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Ask, with --ground, that an event never take effect; or agree to it as a second person."""
    act, body = ("drop", None) if ground is None else ("drop-request", {"ground": ground})
    _call("POST", service, f"parked-events/{parked_id}/{act}", url, token, home, body, operator)


@app.command()
def replay(
    service: Service,
    aggregate: Annotated[str | None, typer.Option(help="Only the facts about this one.")] = None,
    url: Url = None,
    token: Token = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Have a service tell its facts again; listeners drop what they have had."""
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
    """Prove that each event told in a period took effect once at every listener: compare the digests of both sides."""
    period = {"since": _utc(since), "until": _utc(until or SystemClock().now().replace(tzinfo=None))}
    addresses = {} if urls is None else loads(urls)
    deadline = monotonic() + wait
    while True:
        path = f"account?{urlencode(period)}"
        accounts = {name: _call("GET", name, path, addresses.get(name), token, home) for name in SERVICES}
        proof = reconciliation.compare(accounts)
        if proof.holds or monotonic() > deadline:
            break
        sleep(1)
    console.show(proof.rows if json else [row | {"digest": row["digest"][:12]} for row in proof.rows], as_json=json)
    console.tell(f"{proof.events} events told, {proof.effects} effects; SHA-256 of all that was compared: {proof.digest}")
    if not proof.holds:
        raise console.fail("at least one event did not take effect exactly once")


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
    except TransportError as error:
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

"""`ccc token`: development tokens for trying out the services."""

from datetime import timedelta
from typing import Annotated

import typer

from deploy.cli import console
from deploy.cli.credentials import Person
from deploy.cli.options import DEFAULT_HOME, HomeOption
from deploy.local import tokens
from deploy.local.homes import home_at
from shared.core.clock import SystemClock
from shared.core.ids import new_id
from shared.core.province import province
from shared.vocabulary import Role


def token(
    role: Annotated[Role, typer.Option(help="What the person may do.")],
    org: Annotated[str | None, typer.Option(help="Unit: two digits of the province, four of a city, six of a county.")] = None,
    subject: Annotated[str | None, typer.Option(help="Id of the person; made from role and unit by default.")] = None,
    name: Annotated[str, typer.Option(help="Name shown in records.")] = "",
    hours: Annotated[float, typer.Option(min=0, help="How long the token is valid.")] = 12.0,
    home: HomeOption = DEFAULT_HOME,
    json: console.Json = False,
) -> None:
    """Print a token that the embedded runtime accepts. Production services refuse its key."""
    place = home_at(home)
    org = org or province().code
    person = Person(subject or f"{role}-{org}", role, org, name or f"{role}@{org}")
    lifetime = timedelta(hours=hours)
    text = tokens.issue(place, person, token_id=new_id(), now=SystemClock().now(), lifetime=lifetime)
    if json:
        console.show([{"token": text, "subject": person.subject, "hours": hours}], as_json=True)
    else:
        typer.echo(text)

"""The options that say which installation a command talks to and with which token, the same for every command."""

import asyncio
import inspect
import json
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Concatenate, Final, ParamSpec, TypeVar

import typer

from deploy.cli import console, extensions
from deploy.cli.client import ApiClient
from deploy.cli.credentials import ClientCredentials, Credentials, StaticToken
from deploy.cli.errors import ApiError, CommandError, ConfigurationError
from deploy.cli.installation import SERVICE, Installation
from deploy.cli.options import DEFAULT_HOME, HomeOption
from deploy.cli.profiles import Profile, TokenAuth, find_profile, read_text
from shared.core.clock import SystemClock

P = ParamSpec("P")
T = TypeVar("T")


PANEL: Final = "Installation"
Url = Annotated[
    str | None,
    typer.Option(envvar="CCC_URL", help=f"Base address of the services, with {SERVICE} for their names.", rich_help_panel=PANEL),
]
Token = Annotated[str | None, typer.Option(envvar="CCC_TOKEN", help="Bearer token.", rich_help_panel=PANEL)]
ProfileName = Annotated[
    str | None, typer.Option(envvar="CCC_PROFILE", help="Name in ~/.config/ccc/profiles.toml.", rich_help_panel=PANEL)
]
TokenUrl = Annotated[
    str | None, typer.Option(envvar="CCC_TOKEN_URL", help="Token endpoint of the identity provider.", rich_help_panel=PANEL)
]
ClientId = Annotated[
    str | None, typer.Option(envvar="CCC_CLIENT_ID", help="Client there, for client credentials.", rich_help_panel=PANEL)
]
SecretFile = Annotated[
    Path | None, typer.Option(envvar="CCC_CLIENT_SECRET_FILE", help="File with the client's secret.", rich_help_panel=PANEL)
]
CaFile = Annotated[
    Path | None, typer.Option(envvar="CCC_CA_FILE", help="Certificates of authorities of one's own.", rich_help_panel=PANEL)
]


@dataclass(frozen=True, kw_only=True)
class Connection:
    """What was given; the embedded runtime in `home` takes the place of what was not."""

    url: Url = None
    token: Token = None
    profile: ProfileName = None
    token_url: TokenUrl = None
    client_id: ClientId = None
    client_secret_file: SecretFile = None
    ca_file: CaFile = None
    home: HomeOption = DEFAULT_HOME

    @property
    def language(self) -> str:
        """The reader's language, zh or en, by the locale of the terminal."""
        locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
        return "zh" if locale.startswith("zh") else "en"

    def run(self, work: Callable[[ApiClient], Awaitable[T]]) -> T:
        """Have `work` done by the services.

        Raises:
            CommandError: it cannot be done.
        """

        async def connected() -> T:
            api = ApiClient(self.installation(), self.language)
            try:
                return await work(api)
            finally:
                await api.close()

        return asyncio.run(connected())

    def installation(self) -> Installation:
        """The installation that is meant.

        Raises:
            ConfigurationError: two are, or none is.
        """
        if self.url is not None and self.profile is not None:
            raise ConfigurationError("--url (CCC_URL) and --profile (CCC_PROFILE) both name an installation: give one of them")
        profile = None if self.url is not None else find_profile(self.profile)
        ca_file = self.ca_file or (None if profile is None else profile.ca_file)
        if ca_file is not None:
            read_text(ca_file)
        credentials = self._credentials(profile, ca_file)
        if profile is not None:
            return Installation(profile.urls, profile.url, credentials, ca_file)
        urls = _urls_of_the_environment()
        if self.url is not None or urls:
            return Installation(urls, self.url, credentials, ca_file)
        return self._embedded(credentials)

    def _embedded(self, credentials: Credentials | None) -> Installation:
        runtime = extensions.embedded_runtime()
        found = None if runtime is None else runtime.installation(self.home)
        if found is None:
            raise ConfigurationError("no runtime is running here: give --url or --profile, or start one with `ccc up`")
        return found if credentials is None else Installation(found.urls, credentials=credentials)

    def _credentials(self, profile: Profile | None, ca_file: Path | None) -> Credentials | None:
        given = self._credentials_given(ca_file)
        if profile is None or profile.auth is None:
            return given
        if given is not None:
            raise ConfigurationError(
                "the profile says already as whom to come: give no token or client besides, nor by CCC_ variables"
            )
        if isinstance(profile.auth, TokenAuth):
            return StaticToken(read_text(profile.auth.token_file))
        auth = profile.auth
        return _client(auth.token_url, auth.client_id, auth.client_secret_file, auth.scope, ca_file)

    def _credentials_given(self, ca_file: Path | None) -> Credentials | None:
        client = (self.token_url, self.client_id, self.client_secret_file)
        if (
            self.token_url is not None
            and self.client_id is not None
            and self.client_secret_file is not None
            and self.token is None
        ):
            return _client(self.token_url, self.client_id, self.client_secret_file, None, ca_file)
        if any(value is not None for value in client):
            raise ConfigurationError(
                "give a token, or a client by all three of --token-url, --client-id and --client-secret-file, not both"
            )
        return None if self.token is None else StaticToken(self.token)


def connected(command: Callable[Concatenate[Connection, P], None]) -> Callable[..., None]:
    """Give a command these options as its first argument, and each of its errors a message and an exit code."""
    _, *own = inspect.signature(command, eval_str=True).parameters.values()
    shared = inspect.signature(Connection, eval_str=True).parameters.values()
    parameters = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in (*own, *shared)]
    names = {field.name for field in fields(Connection)}

    @wraps(command)
    def run(**values: Any) -> None:
        connection = Connection(**{name: value for name, value in values.items() if name in names})
        arguments = {name: value for name, value in values.items() if name not in names}
        try:
            command(connection, **arguments)  # type: ignore[call-arg]  # typer fills the command's own arguments by name
        except ApiError as error:
            raise console.fail(error.explained(), error.exit_code) from error
        except CommandError as error:
            raise console.fail(str(error), error.exit_code) from error

    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def _client(token_url: str, client_id: str, secret: Path, scope: str | None, ca_file: Path | None) -> ClientCredentials:
    return ClientCredentials(token_url, client_id, read_text(secret), SystemClock().now, scope, ca_file)


def _urls_of_the_environment() -> Mapping[str, str]:
    """The addresses that the services themselves are given, for a command inside one of their containers."""
    text = os.environ.get("CCC_SERVICE_URLS")
    if not text:
        return {}
    try:
        return dict(json.loads(text))
    except (ValueError, TypeError) as error:
        raise ConfigurationError(f"CCC_SERVICE_URLS is no JSON object of addresses: {text}") from error

"""The profile file: installations by name, so that neither addresses nor secrets have to be typed.

    default = "province"                              # optional: taken when neither --url nor --profile is given

    [profiles.province]
    url = "https://{service}.ccc.example"             # or a table `urls` with an address for each service
    ca_file = "province-ca.pem"                       # optional: certificate authorities of one's own

    [profiles.province.auth]
    kind = "client-credentials"
    token_url = "https://identity.example/token"
    client_id = "ccc-operations"
    client_secret_file = "operations.secret"

    [profiles.second-person]
    url = "https://{service}.ccc.example"
    auth = {kind = "token", token_file = "second.token"}

Files are named from the directory of the profile file; it holds no secret itself.
"""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, model_validator

from deploy import SERVICES
from deploy.cli.errors import ConfigurationError


def _beside_the_profiles(file: Path, info: ValidationInfo) -> Path:
    return Path(info.context) / file.expanduser()  # type: ignore[arg-type]  # `_read` gives the directory


NamedFile = Annotated[Path, AfterValidator(_beside_the_profiles)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TokenAuth(_Strict):
    """A token that somebody issued."""

    kind: Literal["token"]
    token_file: NamedFile


class ClientCredentialsAuth(_Strict):
    """A client of the identity provider."""

    kind: Literal["client-credentials"]
    token_url: str
    client_id: str
    client_secret_file: NamedFile
    scope: str | None = None


Auth = Annotated[TokenAuth | ClientCredentialsAuth, Field(discriminator="kind")]


class Profile(_Strict):
    """One installation; without `auth` only what is public can be read."""

    url: str | None = None
    urls: dict[str, str] = Field(default_factory=dict)
    ca_file: NamedFile | None = None
    auth: Auth | None = None

    @model_validator(mode="after")
    def _has_addresses(self) -> Self:
        if (self.url is None) == (not self.urls):
            raise ValueError("give either url or urls")
        if unknown := self.urls.keys() - set(SERVICES):
            raise ValueError(f"there is no service {', '.join(sorted(unknown))}")
        return self


class Profiles(_Strict):
    """The whole file."""

    default: str | None = None
    profiles: dict[str, Profile] = Field(default_factory=dict)


def profile_file() -> Path:
    """Where the file is looked for."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "ccc" / "profiles.toml"


def find_profile(name: str | None) -> Profile | None:
    """The profile of that name, or the one that the file calls its default; None where neither is asked for.

    Raises:
        ConfigurationError: there is no such profile, or the file is not as it must be.
    """
    file = profile_file()
    found = _read(file) if file.exists() else Profiles()
    name = name or found.default
    if name is None:
        return None
    if name not in found.profiles:
        present = ", ".join(found.profiles) or "none"
        raise ConfigurationError(f"there is no profile {name} in {file}; there are: {present}")
    return found.profiles[name]


def read_text(file: Path) -> str:
    """What stands in a file with a token, a secret or certificates.

    Raises:
        ConfigurationError: it cannot be read, or is empty.
    """
    try:
        text = file.read_text("utf-8").strip()
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}") from error
    if not text:
        raise ConfigurationError(f"{file} is empty")
    return text


def _read(file: Path) -> Profiles:
    try:
        return Profiles.model_validate(tomllib.loads(file.read_text("utf-8")), context=file.parent)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{file} is no TOML: {error}") from error
    except ValidationError as error:
        faults = [f"  {'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()]
        raise ConfigurationError("\n".join([f"{file} is not a profile file", *faults])) from error

"""Settings common to the services. Each is an environment variable `CCC_…`, or a file of that name in CCC_SECRETS_DIR."""

import os
from base64 import b64decode
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import URL, make_url

KEY_BYTES = 32


def _is_key(value: SecretStr) -> SecretStr:
    if len(b64decode(value.get_secret_value(), validate=True)) != KEY_BYTES:
        raise ValueError("must be base64 of 32 bytes")
    return value


Key = Annotated[SecretStr, AfterValidator(_is_key)]


def key_bytes(key: SecretStr) -> bytes:
    """The 32 raw bytes of a key setting."""
    return b64decode(key.get_secret_value())


class Settings(BaseSettings):
    """The settings of a service. A missing required setting stops the start with its name."""

    model_config = SettingsConfigDict(env_prefix="CCC_", secrets_dir=os.environ.get("CCC_SECRETS_DIR"), extra="ignore")

    environment: Literal["development", "production"] = "production"
    log_level: str = "INFO"

    database_url: str = Field(description="run-time role; `{service}` is replaced by the service's name")
    database_password: SecretStr | None = None
    database_pool_size: int = Field(default=10, ge=2)

    kafka_bootstrap_servers: str
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    kafka_sasl_username: str | None = None
    kafka_sasl_password: SecretStr | None = None
    kafka_ssl_cafile: Path | None = None
    kafka_partitions: int = Field(default=12, ge=1)
    kafka_replication_factor: int = Field(default=3, ge=1)
    kafka_kept_bytes: int | None = Field(default=None, ge=10_000, description="retention of a topic by size")

    jwks: str = Field(description="JWKS file path or https URL")
    token_issuer: str
    token_audience: str = "ccc"  # noqa: S105  (a name, not a password)

    cursor_key: Key
    data_key: Key
    service_urls: dict[str, str] = Field(default_factory=dict)
    font_dir: Path | None = None
    test_clock_file: Path | None = None

    @model_validator(mode="after")
    def _production_is_strict(self) -> Self:
        if self.environment == "production" and self.test_clock_file is not None:
            raise ValueError("CCC_TEST_CLOCK_FILE is not allowed in production")
        return self

    def database(self, service: str) -> URL:
        """The database address of one service, for asyncpg."""
        return database_address(self.database_url, service, self.database_password)


class MigrationSettings(BaseSettings):
    """The settings of the migration job, among them the role that owns the tables."""

    model_config = SettingsConfigDict(env_prefix="CCC_", secrets_dir=os.environ.get("CCC_SECRETS_DIR"), extra="ignore")

    database_url: str
    database_owner_url: str
    database_owner_password: SecretStr | None = None

    def owner(self, service: str) -> URL:
        """The owner's address of one service's database."""
        return database_address(self.database_owner_url, service, self.database_owner_password)

    def runtime_role(self, service: str) -> str:
        """The name of the role under which the service runs."""
        return database_address(self.database_url, service, None).username or ""


def database_address(template: str, service: str, password: SecretStr | None) -> URL:
    """Put the service's name and the password into a database address."""
    url = make_url(template.replace("{service}", service)).set(drivername="postgresql+asyncpg")
    return url if password is None else url.set(password=password.get_secret_value().strip())


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()  # pyright: ignore[reportCallIssue]

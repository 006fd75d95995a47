"""Where the services of one installation are, and how to call them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.cli.credentials import Credentials
from deploy.cli.errors import ConfigurationError

SERVICE = "{service}"
"""What stands for the name of a service in an address."""


@dataclass(frozen=True)
class Installation:
    """Addresses, `urls` by service or one for all in `pattern`; `ca_file` holds certificates of authorities of one's own."""

    urls: Mapping[str, str]
    pattern: str | None = None
    credentials: Credentials | None = None
    ca_file: Path | None = None

    def address(self, service: str, others: Mapping[str, object]) -> str:
        """The base address of a service, when `others` are called too.

        Raises:
            ConfigurationError: there is none, or it is the address of another service.
        """
        if self.pattern is not None and SERVICE not in self.pattern and others.keys() - {service}:
            raise ConfigurationError(f"{self.pattern} is one service's, and this command calls several: write {SERVICE} in it")
        address = self.urls.get(service, "") if self.pattern is None else self.pattern.replace(SERVICE, service)
        if not address.startswith(("http://", "https://")):
            raise ConfigurationError(f"the address of {service} is missing or no http address: {address}")
        return address.rstrip("/")

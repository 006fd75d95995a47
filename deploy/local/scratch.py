"""A PostgreSQL server of its own for a short while, for tests and for writing migrations."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local import environment
from deploy.local.environment import Ports
from deploy.local.home import Home
from deploy.local.postgres import Postgres, as_server
from deploy.local.secrets import password_in

READY_WITHIN = 30.0
UNSAFE_BUT_FAST = ["--fsync=off", "--synchronous_commit=off", "--full_page_writes=off"]


@contextmanager
def scratch() -> Iterator[dict[str, str]]:
    """The environment variables of a migration job for five empty databases, which vanish at the end."""
    with tempfile.TemporaryDirectory(prefix="ccc-") as directory:
        home = Home.at(Path(directory))
        postgres = Postgres(home.data, home.sockets, password_in(home.secrets / "postgres_password"))
        postgres.initialise()
        with serving(postgres):
            environment.prepare_secrets(home, postgres)
            everyone = environment.of_everyone(home, postgres, Ports.choose())
            yield environment.of_migration(everyone, home)


@contextmanager
def serving(postgres: Postgres) -> Iterator[None]:
    """Run the server without care for its files, which are thrown away anyhow."""
    command = [*postgres.command(), *UNSAFE_BUT_FAST]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True, **as_server())
    try:
        _wait(postgres)
        yield
    finally:
        process.terminate()
        process.wait(READY_WITHIN)


def _wait(postgres: Postgres) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not postgres.ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"PostgreSQL in {postgres.data} was not ready after {READY_WITHIN:.0f} s")
        time.sleep(0.02)

"""The programs of the embedded runtime: how each is started and how to know that it is ready."""

import signal
import subprocess
import sys
from dataclasses import dataclass

from deploy import ROOT, SERVICES, serve
from deploy.local import environment, probes
from deploy.local.environment import Ports
from deploy.local.home import Home
from deploy.local.ports import LOOPBACK
from deploy.local.postgres import Postgres, as_server
from deploy.local.secrets import password_in
from deploy.local.supervisor import Program


@dataclass(frozen=True)
class Programs:
    """All programs of one run, with the ports and the environment they share."""

    home: Home
    ports: Ports
    postgres: Postgres
    everyone: dict[str, str]

    @classmethod
    def prepare(cls, home: Home) -> "Programs":
        """Choose ports and make the data directory; nothing runs yet."""
        postgres = Postgres(home.data, home.sockets, password_in(home.secrets / "postgres_password"))
        postgres.initialise()
        chosen = Ports.choose()
        return cls(home, chosen, postgres, environment.of_everyone(home, postgres, chosen))

    def database(self) -> Program:
        """PostgreSQL. Its fast shutdown ends open connections."""
        return Program(
            "postgres",
            self.postgres.command(),
            self.everyone,
            self.home.logs / "postgres.log",
            ready=self.postgres.ready,
            account=as_server(),
            stop_signal=signal.SIGINT,
        )

    def broker(self) -> Program:
        """The Kafka broker."""
        topics = [f"ccc.{service}" for service in SERVICES]
        arguments = [str(self.ports.broker), str(environment.PARTITIONS), *topics]
        return Program(
            "broker",
            [sys.executable, "-m", "deploy.local.broker", *arguments],
            self.everyone,
            self.home.logs / "broker.log",
            ready=lambda: probes.answers(self.ports.broker),
        )

    def service(self, name: str) -> Program:
        """One of the five services."""
        return Program(
            name,
            serve.command(name, host=LOOPBACK, port=self.ports.services[name]),
            environment.of_service(self.everyone, self.home, name),
            self.home.logs / f"{name}.log",
            ready=lambda: probes.is_ready(self.ports.urls()[name]),
        )

    def migrate(self) -> None:
        """Bring the five databases to the newest version."""
        environment.prepare_secrets(self.home, self.postgres)
        job = environment.of_migration(self.everyone, self.home)
        subprocess.run([sys.executable, "-m", "deploy.cli", "migrate"], check=True, env=job, cwd=ROOT)

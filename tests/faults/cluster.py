"""The installation under test: five services, PostgreSQL, Apache Kafka, each a process that is started again when it dies."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import asyncpg
import psutil

from deploy import ROOT, SERVICES
from deploy.local import environment, probes, supervisor
from deploy.local import postgres as local_postgres
from deploy.local.home import Home
from deploy.local.ports import LOOPBACK
from deploy.local.programs import Programs
from deploy.local.secrets import password_in
from deploy.local.supervisor import Program, Supervisor
from tests.faults.worker import Worker

KAFKA = ROOT / "deploy/kafka/kafka.sh"
CLUSTER_ID = "ccc-supervision-cluster"
BROKER_PASSWORD = "for-experiments"
_STARTS_OFTEN = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
DISKS = {"database": 2_000_000_000, "broker": 1_000_000_000}
"""Bytes: small enough to be filled in a second."""
PARTITIONS = 4
_HELD = 'while [ -e "$0" ]; do sleep 0.05; done; exec "$@"'


@dataclass
class Cluster:
    """The running programs, and the means to break them."""

    home: Home
    worker: Worker
    brokers: int
    programs: Programs
    supervisor: Supervisor
    defect: str = ""
    connections: dict[str, asyncpg.Connection] = field(default_factory=dict)

    @property
    def urls(self) -> dict[str, str]:
        """The address of each service."""
        return self.programs.ports.urls()

    def disk(self, of: str) -> Path:
        """The disk of the database or of the brokers."""
        return self.home.directory / "disk" / of

    @property
    def armed(self) -> Path:
        """The directory whose files name the failpoint at which a service dies."""
        return self.home.directory / "failpoints"

    @property
    def bootstrap(self) -> str:
        """The addresses of the brokers."""
        return ",".join(f"{LOOPBACK}:{self.worker.broker(node)}" for node in self.nodes)

    @property
    def nodes(self) -> range:
        """The numbers of the brokers."""
        return range(1, self.brokers + 1)

    @property
    def broker_names(self) -> list[str]:
        """The brokers among the programs."""
        return [f"broker{node}" for node in self.nodes]

    def send(self, name: str, signum: signal.Signals) -> None:
        """Send a signal to a program; for PostgreSQL and SIGSTOP or SIGCONT, to each of its processes."""
        process = self.supervisor.children[name].process
        if process.returncode is not None:
            return
        family = [process.pid]
        if name == "postgres" and signum in (signal.SIGSTOP, signal.SIGCONT):
            family += [child.pid for child in psutil.Process(process.pid).children(recursive=True)]
        for pid in family:
            try:
                os.kill(pid, signum)
            except ProcessLookupError:
                continue  # one of PostgreSQL's own that has just ended

    def hold(self, *names: str) -> None:
        """Keep these programs from being started again when they end."""
        for name in names:
            self._hold(name).touch()

    def release(self, *names: str) -> None:
        """Let them start."""
        for name in names:
            self._hold(name).unlink(missing_ok=True)

    def arm(self, service: str, point: str) -> None:
        """Have the service die at the next time it comes to this failpoint."""
        (self.armed / service).write_text(point)

    def armed_still(self, service: str) -> bool:
        """Whether it has not come there yet."""
        return (self.armed / service).exists()

    async def ready(self, *names: str, seconds: float = 90) -> None:
        """Wait until these programs, by default all, can be used."""
        async with asyncio.timeout(seconds):
            for name in names or list(self.supervisor.children):
                while not await asyncio.to_thread(self.supervisor.children[name].program.ready):
                    await asyncio.sleep(0.1)

    async def empty_brokers(self, cluster_id: str = CLUSTER_ID) -> None:
        """Throw away what the (held) brokers hold; they come back as nodes of the cluster `cluster_id`."""
        variables = self._kafka() | {"CCC_KAFKA_CLUSTER": cluster_id}
        command = ["bash", str(KAFKA), "prepare", str(self.brokers)]
        await asyncio.to_thread(subprocess.run, command, check=True, env=variables, stdout=subprocess.DEVNULL)

    def _kafka(self) -> dict[str, str]:
        """The environment of kafka.sh."""
        location = {"CCC_KAFKA_HOME": str(self.disk("broker") / "kafka"), "CCC_KAFKA_PORT": str(self.worker.kafka)}
        return os.environ | location | {"CCC_KAFKA_SASL_PASSWORD": BROKER_PASSWORD, "CCC_KAFKA_JAVA_OPTIONS": _STARTS_OFTEN}

    @asynccontextmanager
    async def database(self, service: str) -> AsyncIterator[asyncpg.Connection]:
        """A connection of the server's owner, to do what no caller can."""
        connection = await self._connect(service)
        try:
            yield connection
        finally:
            await connection.close()

    async def look(self, service: str) -> asyncpg.Connection:
        """The connection through which this database is looked at; a new one where the old one no longer answers."""
        connection = self.connections.get(service)
        if connection is None or not await _answers(connection):
            self.connections[service] = await self._connect(service)
        return self.connections[service]

    async def _connect(self, service: str) -> asyncpg.Connection:
        password, name = self.programs.postgres.password, f"ccc_{service}"
        return await asyncpg.connect(host=LOOPBACK, port=self.worker.database, user="postgres", password=password, database=name)

    def _hold(self, name: str) -> Path:
        return self.home.directory / "held" / name

    def instrumented(self, name: str, **other: str) -> Program:
        """A service as a program that dies at failpoints; `other` variables make the second process beside the first."""
        port = self.worker.second(name) if other else self.programs.ports.services[name]
        key = f"{name}-second" if other else name
        ours = {"CCC_FAULTS_ARMED": str(self.armed / name), "CCC_FAULTS_DEFECT": self.defect, "CCC_FAULTS_HOST": key}
        return self.holdable(
            Program(
                key,
                [sys.executable, "-m", "tests.faults.instrumented", name, str(port)],
                self.programs.service(name).environment | ours | other,
                self.home.logs / f"{key}.log",
                ready=lambda: probes.is_ready(f"http://{LOOPBACK}:{port}"),
                account={"group": self.worker.group(name)},
            )
        )

    def holdable(self, program: Program) -> Program:
        """The same program, which waits for its `release` before it begins."""
        return replace(program, command=["/bin/sh", "-c", _HELD, str(self._hold(program.name)), *program.command])

    def broker(self, node: int) -> Program:
        """One Apache Kafka."""
        name, port = f"broker{node}", self.worker.broker(node)
        command = ["/bin/bash", str(KAFKA), "run", str(node), str(self.brokers)]
        log = self.home.logs / f"{name}.log"
        return self.holdable(Program(name, command, self._kafka(), log, ready=lambda: probes.answers(port), grace=20))

    def log_text(self, name: str) -> str:
        """What a program has written to its log so far."""
        log = self.home.logs / f"{name}.log"
        return log.read_text(errors="replace") if log.exists() else ""


async def _answers(connection: asyncpg.Connection) -> bool:
    try:
        return bool(await connection.fetchval("SELECT true", timeout=2))
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection.terminate()
        return False


@asynccontextmanager
async def running(directory: Path, worker: Worker, brokers: int = 1, defect: str = "") -> AsyncIterator[Cluster]:
    """A new installation on disks of its own, thrown away afterwards; one at a time in a process."""
    home = Home.at(directory)
    _mount(home)
    watch = Supervisor(lambda: None)
    supervisor.MAX_RESTARTS = 10_000
    try:
        cluster = _build(home, worker, brokers, watch, defect)
        await cluster.empty_brokers()
        await watch.start(cluster.holdable(cluster.programs.database()))
        await asyncio.to_thread(cluster.programs.migrate)
        await watch.start(*(cluster.broker(node) for node in cluster.nodes))
        await watch.start(*(cluster.instrumented(name) for name in SERVICES))
        yield cluster
        for connection in cluster.connections.values():
            connection.terminate()
    finally:
        await watch.end()
        for name in DISKS:
            await asyncio.to_thread(subprocess.run, ["umount", "--lazy", str(home.directory / "disk" / name)], check=False)
        shutil.rmtree(directory, ignore_errors=True)


def _mount(home: Home) -> None:
    """Small disks that can be filled: one for the databases, one for the brokers."""
    for part in ("held", "failpoints"):
        (home.directory / part).mkdir(exist_ok=True)
    for name, size in DISKS.items():
        disk = home.directory / "disk" / name
        disk.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(disk)], check=True)


def _build(home: Home, worker: Worker, brokers: int, watch: Supervisor, defect: str) -> Cluster:
    os.environ["PGPORT"] = str(worker.database)
    settings = {"listen_addresses": LOOPBACK, "port": str(worker.database), "max_wal_size": "200MB", "shared_buffers": "64MB"}
    local_postgres.SERVER_SETTINGS.update(settings)
    postgres = local_postgres.Postgres(
        home.directory / "disk/database/postgres", home.sockets, password_in(home.secrets / "postgres_password")
    )
    postgres.initialise()
    programs = Programs(home, worker.services, postgres, environment.of_everyone(home, postgres, worker.services))
    cluster = Cluster(home, worker, brokers, programs, watch, defect)
    address = f"postgresql://{{role}}@{LOOPBACK}:{worker.database}/ccc_{{{{service}}}}"
    ours = {
        "CCC_KAFKA_BOOTSTRAP_SERVERS": cluster.bootstrap,
        "CCC_KAFKA_PARTITIONS": str(PARTITIONS),
        "CCC_KAFKA_REPLICATION_FACTOR": str(brokers),
        "CCC_DATABASE_URL": address.format(role="ccc_{service}"),
        "CCC_DATABASE_OWNER_URL": address.format(role="ccc_{service}_owner"),
        "CCC_LOG_LEVEL": "WARNING",
    }
    everyone = {name: value for name, value in programs.everyone.items() if name != "CCC_KAFKA_KEPT_BYTES"}
    cluster.programs = replace(programs, everyone=everyone | ours)
    return cluster

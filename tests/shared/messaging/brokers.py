"""The broker under test: the embedded one as a process, or Apache Kafka where CCC_TEST_KAFKA_BOOTSTRAP is set."""

import asyncio
import os
import signal
import socket
import sys
from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient

from shared.settings import Settings

APACHE = os.environ.get("CCC_TEST_KAFKA_BOOTSTRAP")
PARTITIONS = 4


@dataclass
class TestBroker:
    """A broker that can be stopped, frozen and replaced by an empty one at the same address."""

    __test__ = False

    bootstrap: str
    process: asyncio.subprocess.Process | None = None

    def settings(self, **changes: object) -> Settings:
        """Settings of a service that uses this broker."""
        key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
        values = {
            "environment": "development",
            "database_url": "postgresql://unused/unused",
            "kafka_bootstrap_servers": self.bootstrap,
            "kafka_partitions": PARTITIONS,
            "kafka_replication_factor": 1,
            "jwks": "unused",
            "token_issuer": "unused",
            "cursor_key": key,
            "data_key": key,
        }
        return Settings.model_validate(values | changes)

    async def start(self) -> None:
        """Start the embedded broker; Apache Kafka runs already."""
        if self.bootstrap != APACHE:
            _, _, port = self.bootstrap.rpartition(":")
            command = (sys.executable, "-m", "deploy.local.broker", port, str(PARTITIONS))
            self.process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
            await _accepts_connections(int(port))

    async def stop(self) -> None:
        """Kill the embedded broker and all that it held."""
        if self.process is not None:
            self.process.kill()
            await self.process.wait()
            self.process = None

    async def lose_everything(self, *topics: str) -> None:
        """Replace the broker by an empty one; of Apache Kafka, the topics are deleted."""
        if self.bootstrap != APACHE:
            await self.stop()
            await self.start()
            return
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        await admin.delete_topics(list(topics))
        await admin.close()

    def freeze(self) -> None:
        """Stop the embedded broker's process without closing its connections."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)


def new_broker(apache: str | None = APACHE) -> TestBroker:
    """Apache Kafka at this address, or an embedded broker at a free port, not started."""
    if apache is not None:
        return TestBroker(apache)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return TestBroker(f"127.0.0.1:{free.getsockname()[1]}")


async def _accepts_connections(port: int) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return

"""How a process reaches the broker, and the topics it needs there."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import errors
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.client import create_conn
from aiokafka.helpers import create_ssl_context

from shared.messaging.broker.timeouts import REQUEST_MS, MisconfiguredBroker, bounded
from shared.settings import Settings

RETENTION_MS = 14 * 24 * 3600 * 1000


class Broker:
    """How this process reaches the broker."""

    def __init__(self, settings: Settings) -> None:
        """Take address, security and the shape of topics from the settings."""
        self._servers = settings.kafka_bootstrap_servers
        self._security = _security(settings)
        self._partitions = settings.kafka_partitions
        self._replicas = settings.kafka_replication_factor
        self.kept_bytes = settings.kafka_kept_bytes
        self.listeners = sorted(settings.service_urls)

    def options(self) -> dict[str, Any]:
        """What every client is told."""
        return {"bootstrap_servers": self._servers, "request_timeout_ms": REQUEST_MS, **self._security}

    async def prepare(self, topics: Iterable[str], partitions: int | None = None) -> None:
        """See to it that the topics exist in the configured shape; `partitions` where it is not the configured number.

        Raises:
            MisconfiguredBroker: password or certificate are refused, or a topic has fewer partitions than configured.
            BrokerError: the broker does not answer.
        """
        wanted = dict.fromkeys(sorted(topics), partitions or self._partitions)
        async with bounded(f"prepare topics at {self._servers}"):
            await self._log_in()
            async with self._admin() as admin:
                known = await admin.list_topics()
                await self._create(admin, {topic: count for topic, count in wanted.items() if topic not in known})
                await self._check(admin, wanted)

    async def cluster(self) -> str:
        """The id of the cluster."""
        async with bounded("ask for the cluster's id"), self._admin() as admin:
            return str((await admin.describe_cluster())["cluster_id"])

    @asynccontextmanager
    async def _admin(self) -> AsyncIterator[AIOKafkaAdminClient]:
        admin = AIOKafkaAdminClient(**self.options())
        await admin.start()
        try:
            yield admin
        finally:
            await admin.close()

    async def _log_in(self) -> None:
        """Connect once by hand, because the client's own start says only that it could not."""
        refused: Exception | None = None
        for server in self._servers.split(","):
            host, _, port = server.strip().rpartition(":")
            try:
                (await create_conn(host, int(port), request_timeout_ms=REQUEST_MS, **self._security)).close()
            except (errors.KafkaError, OSError) as error:
                refused = error
            else:
                return
        if refused is not None:
            raise refused

    async def _create(self, admin: AIOKafkaAdminClient, missing: Mapping[str, int]) -> None:
        """Create topics. A broker that names no controller creates a topic when first asked for it: `_check` asks."""
        cluster = await admin.describe_cluster()
        if not missing or cluster["controller_id"] not in {broker["node_id"] for broker in cluster["brokers"]}:
            return
        answer = await admin.create_topics([self._topic(*one) for one in missing.items()])
        for name, code, message in (tuple(row)[:3] for row in answer.topic_errors):
            if code not in (errors.NoError.errno, errors.TopicAlreadyExistsError.errno):
                raise MisconfiguredBroker(f"cannot create topic {name}: {message}")

    def _topic(self, name: str, partitions: int) -> NewTopic:
        safe = str(min(2, self._replicas))
        settings = {
            "retention.ms": str(RETENTION_MS),
            "min.insync.replicas": safe,
            "unclean.leader.election.enable": "false",
        }
        return NewTopic(name, partitions, self._replicas, topic_configs=settings)

    async def _check(self, admin: AIOKafkaAdminClient, wanted: Mapping[str, int]) -> None:
        found: dict[str, int] = {}
        while set(found) < set(wanted):
            described = await admin.describe_topics(list(wanted))
            found = {one["topic"]: len(one["partitions"]) for one in described if one["partitions"]}
            await asyncio.sleep(0.1 if set(found) < set(wanted) else 0)
        for topic, partitions in found.items():
            if partitions < wanted[topic]:
                raise MisconfiguredBroker(f"topic {topic} has {partitions} partitions, {wanted[topic]} are configured")


def _security(settings: Settings) -> dict[str, Any]:
    options: dict[str, Any] = {"security_protocol": settings.kafka_security_protocol}
    if settings.kafka_security_protocol.endswith("SSL"):
        cafile = settings.kafka_ssl_cafile
        options["ssl_context"] = create_ssl_context(cafile=None if cafile is None else str(cafile))
    if settings.kafka_security_protocol.startswith("SASL"):
        password = settings.kafka_sasl_password
        options["sasl_mechanism"] = settings.kafka_sasl_mechanism
        options["sasl_plain_username"] = settings.kafka_sasl_username
        options["sasl_plain_password"] = None if password is None else password.get_secret_value().strip()
    return options

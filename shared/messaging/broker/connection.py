"""How a process connects to the broker, and the topics it needs there."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import errors
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.client import create_conn
from aiokafka.helpers import create_ssl_context

from shared.messaging.broker.timeouts import REQUEST_MS, MisconfiguredBroker, broker_call
from shared.settings import Settings

RETENTION_MS = 14 * 24 * 3600 * 1000


class Broker:
    """Address, security and shape of topics, as the settings of this process say."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is connected yet."""
        self._servers = settings.kafka_bootstrap_servers
        self._security = _security(settings)
        self._partitions = settings.kafka_partitions
        self._replicas = settings.kafka_replication_factor
        self.retained_bytes = settings.kafka_kept_bytes
        self.consumer_services = sorted(settings.service_urls)

    def options(self) -> dict[str, Any]:
        """The arguments that every client of aiokafka takes."""
        return {"bootstrap_servers": self._servers, "request_timeout_ms": REQUEST_MS, **self._security}

    async def prepare(self, topics: Iterable[str], partitions: int | None = None) -> None:
        """Create the topics that do not exist, and check their partitions; `partitions` where it is not the configured number.

        Raises:
            MisconfiguredBroker: password or certificate are rejected, or a topic has fewer partitions than configured.
            BrokerError: the broker does not answer.
        """
        counts = dict.fromkeys(sorted(topics), partitions or self._partitions)
        async with broker_call(f"prepare topics at {self._servers}"):
            await self._log_in()
            async with self._admin() as admin:
                existing = await admin.list_topics()
                await self._create(admin, {topic: count for topic, count in counts.items() if topic not in existing})
                await self._check(admin, counts)

    async def cluster_id(self) -> str:
        """The id of the cluster that answers.

        Raises:
            BrokerError: none answers.
        """
        async with broker_call("ask for the cluster's id"), self._admin() as admin:
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
        """Connect once with the low-level client, because `start` does not report why it could not connect."""
        rejected: Exception | None = None
        for server in self._servers.split(","):
            host, _, port = server.strip().rpartition(":")
            try:
                (await create_conn(host, int(port), request_timeout_ms=REQUEST_MS, **self._security)).close()
            except (errors.KafkaError, OSError) as error:
                rejected = error
            else:
                return
        if rejected is not None:
            raise rejected

    async def _create(self, admin: AIOKafkaAdminClient, missing: Mapping[str, int]) -> None:
        """Create topics. A broker that names no controller creates a topic when first asked for it: `_check` asks."""
        cluster = await admin.describe_cluster()
        if not missing or cluster["controller_id"] not in {broker["node_id"] for broker in cluster["brokers"]}:
            return
        answer = await admin.create_topics([self._topic(*topic) for topic in missing.items()])
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

    async def _check(self, admin: AIOKafkaAdminClient, counts: Mapping[str, int]) -> None:
        actual: dict[str, int] = {}
        while set(actual) < set(counts):
            described = await admin.describe_topics(list(counts))
            actual = {topic["topic"]: len(topic["partitions"]) for topic in described if topic["partitions"]}
            await asyncio.sleep(0.1 if set(actual) < set(counts) else 0)
        for topic, partitions in actual.items():
            if partitions < counts[topic]:
                raise MisconfiguredBroker(f"topic {topic} has {partitions} partitions, {counts[topic]} are configured")


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

"""The broker's client; nothing outside this file touches it. Every wait here has an end: the client's own do not."""

import asyncio
import itertools
import ssl
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition, errors
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.client import create_conn
from aiokafka.helpers import create_ssl_context

from shared.messaging.envelope import Header, Record
from shared.settings import Settings

REQUEST_MS = 10_000
ANSWER_SECONDS = 15.0
STOP_SECONDS = 5.0
SESSION_MS = 6_000
RETENTION_MS = 14 * 24 * 3600 * 1000

Outgoing = tuple[bytes, bytes, list[Header]]
"""Key, value and headers."""
Acknowledgement = asyncio.Future[Any]

_REFUSALS = (
    errors.AuthenticationFailedError,
    errors.AuthenticationMethodNotSupported,
    errors.ClusterAuthorizationFailedError,
    errors.GroupAuthorizationFailedError,
    errors.SaslAuthenticationFailed,
    errors.TopicAuthorizationFailedError,
    errors.UnsupportedSaslMechanismError,
    ssl.SSLCertVerificationError,
)


class BrokerError(Exception):
    """The broker does not answer, or not as it should; worth trying again."""


class MisconfiguredBroker(BrokerError):
    """Trying again will not help: a password, certificate, right, number of partitions or cluster is wrong."""


@contextmanager
def _ours(doing: str) -> Iterator[None]:
    try:
        yield
    except _REFUSALS as error:
        raise MisconfiguredBroker(f"{doing}: {error!r}") from error
    except (errors.KafkaError, errors.ConsumerStoppedError, OSError) as error:
        raise BrokerError(f"{doing}: {error!r}") from error


@asynccontextmanager
async def _bounded(doing: str, seconds: float = ANSWER_SECONDS) -> AsyncIterator[None]:
    with _ours(doing):
        async with asyncio.timeout(seconds):
            yield


async def _stop(client: AIOKafkaConsumer | AIOKafkaProducer) -> None:
    """Stop a client; one that cannot say goodbye is left behind.

    aiokafka waits for ever when the broker is gone, and lets out the cancellation of its own tasks as if it were ours.
    """
    stopping = asyncio.ensure_future(client.stop())
    await asyncio.wait([stopping], timeout=STOP_SECONDS)
    if stopping.done() and not stopping.cancelled() and not isinstance(stopping.exception(), errors.KafkaError):
        stopping.result()
        return
    stopping.cancel()
    await client._client.close() if hasattr(client, "_client") else await client.client.close()  # noqa: SLF001


class Broker:
    """How this process reaches the broker."""

    def __init__(self, settings: Settings) -> None:
        """Take address, security and the shape of topics from the settings."""
        self._servers = settings.kafka_bootstrap_servers
        self._security = _security(settings)
        self._partitions = settings.kafka_partitions
        self._replicas = settings.kafka_replication_factor

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
        async with _bounded(f"prepare topics at {self._servers}"):
            await self._log_in()
            async with self._admin() as admin:
                known = await admin.list_topics()
                await self._create(admin, {topic: count for topic, count in wanted.items() if topic not in known})
                await self._check(admin, wanted)

    async def cluster(self) -> str:
        """The id of the cluster."""
        async with _bounded("ask for the cluster's id"), self._admin() as admin:
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


class Producer:
    """Sends records in order; idempotent, acknowledged by all replicas that are in sync."""

    def __init__(self, broker: Broker) -> None:
        """Connected while it is entered."""
        self._client = AIOKafkaProducer(
            **broker.options(), enable_idempotence=True, acks="all", linger_ms=5, max_batch_size=128 * 1024
        )

    async def __aenter__(self) -> Self:
        async with _bounded("connect the producer"):
            await self._client.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await _stop(self._client)

    async def send(self, topic: str, records: Iterable[Outgoing]) -> list[Acknowledgement]:
        """Hand records over in their order; each acknowledgement tells partition and offset."""
        async with _bounded(f"send to {topic}"):
            return [await self._client.send(topic, value, key, headers=headers) for key, value, headers in records]


async def acknowledged(futures: Sequence[Acknowledgement], seconds: float) -> bool:
    """Wait until all are acknowledged or one has failed, for so many seconds at most; whether that is decided."""
    done, pending = await asyncio.wait(futures, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    return not pending or any(one.cancelled() or one.exception() is not None for one in done)


def places(futures: Sequence[Acknowledgement]) -> list[tuple[int, int]]:
    """Partition and offset of the records before the first that is not known to be on the broker."""
    known = itertools.takewhile(lambda one: one.done() and not one.cancelled() and one.exception() is None, futures)
    return [(future.result().partition, future.result().offset) for future in known]


def first_error(futures: Sequence[Acknowledgement]) -> BrokerError:
    """Why not all records reached the broker."""
    found = [one.exception() for one in futures if one.done() and not one.cancelled() and one.exception() is not None]
    return BrokerError(f"not acknowledged: {found[0]!r}" if found else "not acknowledged in time")


def _record(one: Any) -> Record:
    return Record(one.topic, one.partition, one.offset, one.key, one.value, one.headers)


class Survey:
    """Looks at topics and at a group's offsets without consuming anything."""

    def __init__(self, broker: Broker, group: str | None = None) -> None:
        """Connected while it is entered; the group is needed for `waiting` only."""
        self._client = AIOKafkaConsumer(
            **broker.options(), group_id=group, enable_auto_commit=False, auto_offset_reset="earliest"
        )

    async def __aenter__(self) -> Self:
        try:
            async with _bounded("connect the survey"):
                await self._client.start()
        except BrokerError:
            await _stop(self._client)
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await _stop(self._client)

    async def ends(self, topic: str) -> dict[int, int]:
        """For each partition the offset that the next record will have."""
        async with _bounded(f"ask for the ends of {topic}"):
            found = await self._client.end_offsets(await self._partitions(topic))
        return {place.partition: offset for place, offset in found.items()}

    async def newest(self, topic: str) -> list[Record]:
        """The last record of each partition that holds any."""
        async with _bounded(f"read the last records of {topic}"):
            ends = await self._client.end_offsets(await self._partitions(topic))
            filled = {place: end for place, end in ends.items() if end > 0}
            self._client.assign(list(filled))
            for place, end in filled.items():
                self._client.seek(place, end - 1)
            return [_record(await self._client.getone(place)) for place in filled]

    async def listen(self, topic: str) -> None:
        """From now on `heard` tells what is sent to this topic."""
        async with _bounded(f"listen to {topic}"):
            self._client.assign(await self._partitions(topic))
            await self._client.seek_to_end()

    async def heard(self) -> list[Record]:
        """What has been sent since the last call."""
        async with _bounded("listen"):
            found = await self._client.getmany(timeout_ms=0)
        return [_record(one) for records in found.values() for one in records]

    async def waiting(self, topic: str) -> tuple[int, float]:
        """How many records the group has still to do, and the age of the oldest in seconds."""
        async with _bounded(f"ask what waits on {topic}"):
            places = await self._partitions(topic)
            ends = await self._client.end_offsets(places)
            self._client.assign(places)
            done = {place: await self._client.committed(place) or 0 for place in places}
            late = [place for place in places if done[place] < ends[place]]
            ages = [await self._age(place, done[place]) for place in late]
        return sum(ends[place] - done[place] for place in late), max(ages, default=0.0)

    async def _age(self, place: TopicPartition, offset: int) -> float:
        self._client.seek(place, offset)
        milliseconds: int = (await self._client.getone(place)).timestamp
        return time.time() - milliseconds / 1000

    async def _partitions(self, topic: str) -> list[TopicPartition]:
        partitions = await self._client._client._wait_on_metadata(topic)  # noqa: SLF001  (its public twin may answer None)
        return [TopicPartition(topic, number) for number in sorted(partitions)]


class Consumer:
    """A member of a service's consumer group. Offsets are committed by the caller, after its transaction."""

    def __init__(self, broker: Broker, service: str, topics: Iterable[str], instance: str) -> None:
        """Joins when entered, as the static member `instance`: a restarted process gets its partitions back at once."""
        self._client = AIOKafkaConsumer(
            *sorted(topics),
            **broker.options(),
            group_id=f"ccc-{service}",
            group_instance_id=f"{service}-{instance}",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=SESSION_MS,
            heartbeat_interval_ms=SESSION_MS // 4,
            metadata_max_age_ms=30_000,
        )

    async def __aenter__(self) -> Self:
        async with _bounded("join the group", seconds=60):
            await self._client.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await _stop(self._client)

    async def batch(self, limit: int, seconds: float) -> list[Record]:
        """The next records, in the order of each partition; empty when none has come within the time."""
        async with _bounded("fetch", seconds=seconds + ANSWER_SECONDS):
            found = await self._client.getmany(timeout_ms=int(seconds * 1000), max_records=limit)
        return [one for records in found.values() for one in records]  # the client's records have the fields of ours

    async def commit(self, records: Iterable[Record]) -> None:
        """Keep that these records, and all before them, are done."""
        offsets = {TopicPartition(one.topic, one.partition): one.offset + 1 for one in records}
        async with _bounded("commit offsets"):
            await self._client.commit(offsets)

    def rewind(self, records: Sequence[Record]) -> None:
        """Have these records given out again."""
        first: Mapping[TopicPartition, int] = {TopicPartition(one.topic, one.partition): one.offset for one in reversed(records)}
        for place, offset in first.items():
            if place in self._client.assignment():
                self._client.seek(place, offset)

    async def behind(self) -> int:
        """How many records of its partitions this member has not been given yet."""
        async with _bounded("ask how far behind"):
            places = list(self._client.assignment())
            ends = await self._client.end_offsets(places) if places else {}
            return sum([end - await self._client.position(place) for place, end in ends.items()])

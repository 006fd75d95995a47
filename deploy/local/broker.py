"""A Kafka broker from a wheel: librdkafka's mock cluster behind one fixed port, in a process of its own.

The mock speaks the Kafka protocol over TCP (consumer groups and idempotent producers included) and keeps everything in
memory. It binds a port of its own choice, so a relay in this process gives it a fixed one: a broker that was
restarted is found at the old address. What it lost, the services send again from their `event_log`.
"""

import asyncio
import ctypes
import sys

from confluent_kafka import cimpl

PRODUCER = 0
BROKER_ID = 1
CHUNK = 1 << 16
REBALANCE_DELAY_MS = 300
"""The mock waits 3 s for further members of a group by default; here each group has one."""


class MockCluster:
    """librdkafka's mock cluster with one broker; see rdkafka_mock.h."""

    def __init__(self, advertised_port: int) -> None:
        self._library = ctypes.CDLL(cimpl.__file__)
        for name in ("rd_kafka_new", "rd_kafka_mock_cluster_new"):
            getattr(self._library, name).restype = ctypes.c_void_p
        self._library.rd_kafka_mock_cluster_bootstraps.restype = ctypes.c_char_p
        error = ctypes.create_string_buffer(512)
        client = ctypes.c_void_p(self._library.rd_kafka_new(PRODUCER, None, error, len(error)))
        if not client:
            raise OSError(error.value.decode())
        self._cluster = ctypes.c_void_p(self._library.rd_kafka_mock_cluster_new(client, 1))
        self.port = int(self._library.rd_kafka_mock_cluster_bootstraps(self._cluster).decode().rpartition(":")[2])
        self._library.rd_kafka_mock_broker_set_host_port(self._cluster, BROKER_ID, b"127.0.0.1", advertised_port)
        self._library.rd_kafka_mock_group_initial_rebalance_delay_ms(self._cluster, REBALANCE_DELAY_MS)

    def create_topic(self, name: str, partitions: int) -> None:
        """Make a topic that has one replica."""
        self._library.rd_kafka_mock_topic_create(self._cluster, name.encode(), partitions, 1)


async def serve(port: int, partitions: int, topics: list[str]) -> None:
    """Run the broker at 127.0.0.1:`port` until the process is ended."""
    cluster = MockCluster(port)
    for topic in topics:
        cluster.create_topic(topic, partitions)

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", cluster.port)
        await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))

    server = await asyncio.start_server(relay, "127.0.0.1", port)
    await server.serve_forever()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass bytes on until either side hangs up, which is how every Kafka connection ends."""
    try:
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


def main() -> None:
    """`python -m deploy.local.broker PORT PARTITIONS TOPIC…`."""
    port, partitions, *topics = sys.argv[1:]
    asyncio.run(serve(int(port), int(partitions), topics))


if __name__ == "__main__":
    main()

"""An installation with wrong settings: passwords, another cluster, a topic with too few partitions.

Each logs a clear error within `LOG_SECONDS`, and works again with the right settings.
"""

import asyncio
import signal

from aiokafka.admin import NewTopic

from deploy import SERVICES
from tests.faults.cluster import BROKER_PASSWORD
from tests.faults.fault_actions import FaultContext, replace_brokers, second, second_process, until_ready
from tests.faults.foreign_messages import administrator

LOG_SECONDS = 60.0
FEWER = 2


async def wrong_database_password(context: FaultContext) -> None:
    """A service is started with a password that its database rejects."""
    cluster, service = context.cluster, context.chance.choice(SERVICES)
    secret = cluster.home.secrets / service / "ccc_database_password"
    right, before = secret.read_text(), len(cluster.log_text(service))
    secret.write_text("wrong")
    try:
        cluster.send(service, signal.SIGKILL)
        await logged(context, service, "password authentication failed", before)
    finally:
        secret.write_text(right)
        cluster.send(service, signal.SIGKILL)
    await cluster.ready(service)


async def wrong_broker_password(context: FaultContext) -> None:
    """A second process logs in to the broker: with a wrong password it ends and says why, with the right one it works."""
    cluster, service = context.cluster, context.chance.choice(SERVICES)
    login = {
        "CCC_KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{cluster.worker.broker_with_passwords(1)}",
        "CCC_KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
        "CCC_KAFKA_SASL_MECHANISM": "PLAIN",
        "CCC_KAFKA_SASL_USERNAME": "ccc",
    }
    name, before = f"{service}-second", len(cluster.log_text(f"{service}-second"))
    async with second_process(context, service, **login, CCC_KAFKA_SASL_PASSWORD="wrong") as process:
        code = await asyncio.wait_for(process.wait(), LOG_SECONDS)
    assert code != 0, "a process with a wrong password ended as if all were well"
    await logged(context, name, "MisconfiguredBroker", before)
    right = login | {"CCC_KAFKA_SASL_PASSWORD": BROKER_PASSWORD}
    async with second_process(context, service, **right):
        await until_ready(second(context, service, right))


async def another_cluster(context: FaultContext) -> None:
    """Another cluster answers at the broker's address; it holds nothing and has to be refilled."""
    cluster_id = f"another-{context.chance.getrandbits(32):x}"
    await replace_brokers(context, cluster_id)


async def fewer_partitions(context: FaultContext) -> None:
    """Everything starts with a broker on which somebody has made a topic with too few partitions."""
    cluster = context.cluster
    before = {service: len(cluster.log_text(service)) for service in SERVICES}
    cluster.hold(*SERVICES)
    for service in SERVICES:
        cluster.send(service, signal.SIGKILL)
    await replace_brokers(context)
    async with administrator(context) as admin:
        await admin.create_topics([NewTopic("ccc.registry", FEWER, 1)])
    cluster.release(*SERVICES)
    for service in ("registry", "sampling"):
        await logged(context, service, f"topic ccc.registry has {FEWER} partitions", before[service])
    async with administrator(context) as admin:
        await admin.delete_topics(["ccc.registry"])
    await cluster.ready()


async def logged(context: FaultContext, name: str, what: str, after: int) -> None:
    """Wait until a program has written this to its log, after so many characters.

    Raises:
        TimeoutError: it has not.
    """
    async with asyncio.timeout(LOG_SECONDS):
        while what not in context.cluster.log_text(name)[after:]:
            await asyncio.sleep(0.2)

"""An installation that is told something wrong: passwords, another cluster, a topic with too few partitions.

Each says a clear error within `SAID_SECONDS`, and works again when it is told what is right.
"""

import asyncio
import signal

from aiokafka.admin import NewTopic

from deploy import SERVICES
from tests.faults.breaking import Stage, replace_brokers, second, second_process, until_ready
from tests.faults.plant import BROKER_PASSWORD
from tests.faults.strangers import administrator

SAID_SECONDS = 60.0
FEWER = 2


async def wrong_database_password(stage: Stage) -> None:
    """A service is started with a password that its database refuses."""
    plant, service = stage.plant, stage.chance.choice(SERVICES)
    secret = plant.home.secrets / service / "ccc_database_password"
    right, before = secret.read_text(), len(plant.said(service))
    secret.write_text("wrong")
    try:
        plant.send(service, signal.SIGKILL)
        await said(stage, service, "password authentication failed", before)
    finally:
        secret.write_text(right)
        plant.send(service, signal.SIGKILL)
    await plant.ready(service)


async def wrong_broker_password(stage: Stage) -> None:
    """A second process logs in to the broker: with a wrong password it ends and says why, with the right one it works."""
    plant, service = stage.plant, stage.chance.choice(SERVICES)
    login = {
        "CCC_KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{plant.lane.broker_with_passwords(1)}",
        "CCC_KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
        "CCC_KAFKA_SASL_MECHANISM": "PLAIN",
        "CCC_KAFKA_SASL_USERNAME": "ccc",
    }
    name, before = f"{service}-second", len(plant.said(f"{service}-second"))
    async with second_process(stage, service, **login, CCC_KAFKA_SASL_PASSWORD="wrong") as process:
        code = await asyncio.wait_for(process.wait(), SAID_SECONDS)
    assert code != 0, "a process with a wrong password ended as if all were well"
    await said(stage, name, "MisconfiguredBroker", before)
    right = login | {"CCC_KAFKA_SASL_PASSWORD": BROKER_PASSWORD}
    async with second_process(stage, service, **right):
        await until_ready(second(stage, service, right))


async def another_cluster(stage: Stage) -> None:
    """Another cluster answers at the broker's address; it holds nothing and has to be refilled."""
    cluster = f"another-{stage.chance.getrandbits(32):x}"
    await replace_brokers(stage, cluster)


async def fewer_partitions(stage: Stage) -> None:
    """Everything starts with a broker on which somebody has made a topic with too few partitions."""
    plant = stage.plant
    before = {service: len(plant.said(service)) for service in SERVICES}
    plant.hold(*SERVICES)
    for service in SERVICES:
        plant.send(service, signal.SIGKILL)
    await replace_brokers(stage)
    async with administrator(stage) as admin:
        await admin.create_topics([NewTopic("ccc.registry", FEWER, 1)])
    plant.release(*SERVICES)
    for service in ("registry", "sampling"):
        await said(stage, service, f"topic ccc.registry has {FEWER} partitions", before[service])
    async with administrator(stage) as admin:
        await admin.delete_topics(["ccc.registry"])
    await plant.ready()


async def said(stage: Stage, name: str, what: str, after: int) -> None:
    """Wait until a program has written this to its log, after so many characters.

    Raises:
        TimeoutError: it has not.
    """
    async with asyncio.timeout(SAID_SECONDS):
        while what not in stage.plant.said(name)[after:]:
            await asyncio.sleep(0.2)

"""A process of the producer for tests that kill or freeze it: `python -m … SERVICE DATABASE BOOTSTRAP`."""

import asyncio
import sys

from sqlalchemy.engine import make_url

from shared.core.clock import SystemClock
from shared.database.session import open_database
from shared.messaging import Messaging
from tests.shared.messaging.brokers import TestBroker


async def main(service: str, address: str, bootstrap: str) -> None:
    """Relay until the process is killed."""
    database = open_database(make_url(address), pool_size=4, clock=SystemClock(), name=service)
    await Messaging(service, database, TestBroker(bootstrap).settings(), {}).start()
    await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:]))

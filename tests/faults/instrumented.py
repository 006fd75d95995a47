"""One service process that dies at a named point, or carries a known defect.

`python -m tests.faults.instrumented SERVICE PORT`. The product holds no failpoints: they are put around its functions here,
in the process of a test, and never where the environment is production. The file CCC_FAULTS_ARMED names the point.
"""

import asyncio
import os
import random
import runpy
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from deploy import serve
from deploy.local.ports import LOOPBACK
from shared.database.session import Session, driver
from shared.messaging.inbox import consumer, deduplication, handlers
from shared.messaging.outbox import emit, store
from shared.settings import settings
from tests.faults import defects

ARMED = Path(os.environ["CCC_FAULTS_ARMED"])
Async = Callable[..., Awaitable[Any]]


def reach(point: str) -> None:
    """Die as by kill -9, where the armed file names this point."""
    if ARMED.exists() and ARMED.read_text() == point:
        ARMED.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


def around(owner: Any, name: str, *, before: str = "", after: str = "") -> None:
    """Put failpoints around an asynchronous function."""
    inner: Async = getattr(owner, name)

    async def with_points(*arguments: Any, **named: Any) -> Any:
        if before:
            reach(before)
        found = await inner(*arguments, **named)
        if after:
            reach(after)
        return found

    setattr(owner, name, with_points)


def around_writing() -> None:
    """Between the insert of the outbox row and the commit, and between the commit and the answer."""
    inner = emit._write

    async def write(session: Session, emitted: list[Any]) -> None:
        reach("act-before-insert")
        await inner(session, emitted)
        await linger()
        reach("act-after-insert")
        session.on_commit(lambda: reach("act-after-commit-before-reply"))

    emit._write = write


def count_effects() -> None:
    """Write a row for each effect in the transaction of the effect; make handlers fail, hang or dawdle as the file says."""
    inner = handlers.HandlerCall.run

    async def run(self: handlers.HandlerCall, session: Session) -> None:
        await misbehave()
        await inner(self, session)
        session.defer(_note_effects, self.message.delivery.event_id)

    handlers.HandlerCall.run = run  # type: ignore[method-assign]


async def misbehave() -> None:
    """What the file `handlers` beside the armed points says: "fail 0.02", "dawdle 0.05", or "hang", which happens once."""
    order = ARMED.with_name("handlers")
    if not order.exists():
        return
    how, _, much = order.read_text().partition(" ")
    if how == "hang":
        order.unlink()
        await asyncio.sleep(3600)
    elif how == "dawdle":
        await asyncio.sleep(float(much))
    elif how == "fail" and random.random() < float(much):
        raise RuntimeError("this handler fails now and then")


async def linger() -> None:
    """Between an outbox row and its commit, up to the seconds that the file `commits` says: ids then commit in another order."""
    order = ARMED.with_name("commits")
    if order.exists():
        await asyncio.sleep(random.uniform(0, float(order.read_text())))


async def _note_effects(session: Session, event_ids: list[Any]) -> None:
    await (await driver(session)).execute("INSERT INTO fault_effect (event_id) SELECT unnest($1::uuid[])", event_ids)


def install() -> None:
    """Install all failpoints."""
    around_writing()
    count_effects()
    around(store, "move", before="relay-after-send-before-move", after="relay-after-move")
    around(deduplication, "claim", before="consumer-before-inbox")
    around(deduplication, "record", after="consumer-after-inbox-before-commit")
    around(consumer._ConsumerSession, "_commit", before="consumer-after-commit-before-offset", after="consumer-after-offset")


def show_tasks(*_: object) -> None:
    """At SIGUSR1, write what every task waits for to the log: for an experiment that hangs."""
    for task in asyncio.all_tasks():
        task.print_stack(limit=8)
        sys.stderr.flush()


def main(service: str, port: str) -> None:
    """Serve, with points and perhaps a defect."""
    if settings().environment == "production":
        raise SystemExit("failpoints are not allowed in production")
    signal.signal(signal.SIGUSR1, show_tasks)
    vars(socket)["gethostname"] = lambda: os.environ["CCC_FAULTS_HOST"]  # as if each process had a machine of its own
    install()
    defects.install(os.environ.get("CCC_FAULTS_DEFECT", ""))
    sys.argv = serve.command(service, host=LOOPBACK, port=int(port))[2:]
    runpy.run_module("uvicorn", run_name="__main__")


if __name__ == "__main__":
    main(*sys.argv[1:])

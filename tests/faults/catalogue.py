"""Every fault of the experiments, with the seconds that are promised for its recovery."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from deploy import SERVICES
from tests.faults import backups, fault_actions, foreign_messages, network, settings
from tests.faults.fault_actions import FaultContext
from tests.faults.points import POINTS

PROCESS, RETURN, HANGING = 15.0, 60.0, 30.0
"""Promised: after any one process is killed; after broker or database return, plus the backlog at 5,000 a second; after a
handler hangs."""


@dataclass(frozen=True)
class Fault:
    """What is done, what is promised."""

    name: str
    promised: float
    apply: Callable[[FaultContext], Awaitable[None]]
    short: bool = False
    brokers: int = 1
    early: bool = False
    """It works on all events that the cluster has published, so it is done while they are few."""


async def _nothing(_: FaultContext) -> None:
    await asyncio.sleep(3)


async def _freeze_one(context: FaultContext, seconds: float) -> None:
    await fault_actions.freeze(context, [context.chance.choice(SERVICES)], seconds)


async def _database(context: FaultContext, seconds: float) -> None:
    """PostgreSQL's immediate shutdown: no checkpoint, recovery at the next start."""
    await fault_actions.take_down(context, ["postgres"], signal.SIGQUIT, seconds)


async def _one_broker(context: FaultContext, seconds: float) -> None:
    name = context.chance.choice(context.cluster.broker_names)
    await fault_actions.take_down(context, [name], signal.SIGKILL, seconds)


async def _two_brokers(context: FaultContext, seconds: float) -> None:
    names = context.chance.sample(context.cluster.broker_names, 2)
    await fault_actions.take_down(context, names, signal.SIGKILL, seconds)


async def _brokers_one_by_one(context: FaultContext) -> None:
    await fault_actions.restart_one_by_one(context, context.cluster.broker_names)


_SHORT_POINTS = {"act-after-commit-before-reply", "relay-after-send-before-move", "consumer-after-commit-before-offset"}

FAULTS = (
    Fault("nothing", 2, _nothing, short=True),
    *(
        Fault(f"kill -9 {point}", PROCESS, partial(fault_actions.die_at, point=point), short=point in _SHORT_POINTS)
        for point in POINTS
    ),
    Fault("kill -9 at random for 10 s", PROCESS, partial(fault_actions.kill_at_random, seconds=10), short=True),
    Fault("service frozen 4 s", PROCESS, partial(_freeze_one, seconds=4)),
    Fault("service frozen 20 s", PROCESS, partial(_freeze_one, seconds=20)),
    Fault("service frozen 60 s", PROCESS, partial(_freeze_one, seconds=60)),
    Fault("two relays, the leader killed", PROCESS, partial(fault_actions.lose_the_leading_relay, signum=signal.SIGKILL)),
    Fault("two relays, the leader frozen", PROCESS, partial(fault_actions.lose_the_leading_relay, signum=signal.SIGSTOP)),
    Fault("all services restarted one by one", PROCESS, partial(fault_actions.restart_one_by_one, names=SERVICES), short=True),
    Fault("PostgreSQL stopped at once", RETURN, partial(_database, seconds=0), short=True),
    Fault("PostgreSQL down 10 s", RETURN, partial(_database, seconds=10)),
    Fault("PostgreSQL frozen 4 s", RETURN, partial(fault_actions.freeze, names=["postgres"], seconds=4)),
    Fault("PostgreSQL frozen 20 s", RETURN, partial(fault_actions.freeze, names=["postgres"], seconds=20)),
    Fault("PostgreSQL frozen 60 s", RETURN, partial(fault_actions.freeze, names=["postgres"], seconds=60)),
    Fault("broker killed", RETURN, partial(_one_broker, seconds=0), short=True),
    Fault("broker down 20 s", RETURN, partial(_one_broker, seconds=20)),
    Fault("broker frozen 4 s", RETURN, partial(fault_actions.freeze, names=["broker1"], seconds=4)),
    Fault("broker frozen 20 s", RETURN, partial(fault_actions.freeze, names=["broker1"], seconds=20)),
    Fault("broker frozen 60 s", RETURN, partial(fault_actions.freeze, names=["broker1"], seconds=60)),
    Fault("broker replaced by an empty one", RETURN, fault_actions.replace_brokers, short=True, early=True),
    Fault("broker cut off 15 s", RETURN, partial(network.cut_brokers, seconds=15)),
    Fault("PostgreSQL cut off 15 s", RETURN, partial(network.cut_database, seconds=15)),
    Fault("one service cut off from the broker 15 s", RETURN, partial(network.cut_one, other_end="broker", seconds=15)),
    Fault("one service cut off from PostgreSQL 15 s", RETURN, partial(network.cut_one, other_end="database", seconds=15)),
    Fault("a consumer restored from a backup 8 s old", RETURN, partial(backups.restore_older, seconds=8)),
    Fault("disk of PostgreSQL full 10 s", RETURN, partial(fault_actions.fill_disk, of="database", seconds=10)),
    Fault("disk of the broker full 10 s", RETURN, partial(fault_actions.fill_disk, of="broker", seconds=10)),
    Fault(
        "every event three times",
        PROCESS,
        partial(foreign_messages.deliver_again, times=2, shuffled=False),
        short=True,
        early=True,
    ),
    Fault("all topics again, shuffled", PROCESS, partial(foreign_messages.deliver_again, times=1, shuffled=True), early=True),
    Fault("foreign messages", PROCESS, foreign_messages.poison, short=True),
    Fault("a foreign message of 10 MB", PROCESS, foreign_messages.ten_megabytes),
    Fault("wrong password for PostgreSQL", PROCESS, settings.wrong_database_password),
    Fault("wrong password for the broker", PROCESS, settings.wrong_broker_password),
    Fault("broker of another cluster", RETURN, settings.another_cluster, early=True),
    Fault("topic with fewer partitions", RETURN, settings.fewer_partitions, early=True),
    Fault("handlers that raise", PROCESS, partial(fault_actions.misbehave, how="fail 0.05", seconds=8)),
    Fault("a handler that hangs", HANGING, partial(fault_actions.misbehave, how="hang", seconds=1)),
    Fault("slow handlers", RETURN, partial(fault_actions.misbehave, how="dawdle 0.03", seconds=10)),
    Fault("commits in another order", PROCESS, partial(fault_actions.misbehave, what="commits", how="0.1", seconds=8)),
    Fault("clock steps of an hour", PROCESS, partial(fault_actions.step_clock, hours=(1, -2, 1))),
    Fault("connection pool exhausted", PROCESS, partial(fault_actions.exhaust_the_pool, seconds=6)),
    Fault("migration while the old version serves", PROCESS, fault_actions.migrate),
    Fault("3 brokers: one killed", RETURN, partial(_one_broker, seconds=5), brokers=3),
    Fault("3 brokers: restarted one by one", RETURN, _brokers_one_by_one, brokers=3),
    Fault("3 brokers: two lost 20 s", RETURN, partial(_two_brokers, seconds=20), brokers=3),
)


def fault_named(name: str) -> Fault:
    """The fault of this name."""
    return next(fault for fault in FAULTS if fault.name == name)

"""Cuts: packets of the cluster vanish on their way, dropped by the filter of the loopback: to both ends, that is a cut cable."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from deploy import SERVICES
from tests.faults.fault_actions import FaultContext

Rule = Sequence[str]


@asynccontextmanager
async def dropped(*rules: Rule) -> AsyncIterator[None]:
    """What these rules match vanishes, for as long as the context lasts."""
    for rule in rules:
        await _iptables("-I", rule)
    try:
        yield
    finally:
        for rule in rules:
            await _iptables("-D", rule)


async def _iptables(command: str, rule: Rule) -> None:
    chain, *match = rule
    whole = ["iptables", "-w", command, chain, *match, "-j", "DROP"]
    await asyncio.to_thread(subprocess.run, whole, check=True)


async def cut_brokers(context: FaultContext, seconds: float) -> None:
    """Nobody reaches a broker."""
    async with dropped(*_both_ways(context.cluster.worker.broker(1))):
        await asyncio.sleep(seconds)


async def cut_database(context: FaultContext, seconds: float) -> None:
    """Nobody reaches PostgreSQL."""
    async with dropped(*_both_ways(context.cluster.worker.database)):
        await asyncio.sleep(seconds)


async def cut_one(context: FaultContext, other_end: str, seconds: float) -> None:
    """One service alone reaches no broker, or no database: whatever its process sends there vanishes, acknowledgements too."""
    worker, service = context.cluster.worker, context.chance.choice(SERVICES)
    port = worker.database if other_end == "database" else worker.broker(1)
    whose = ("-m", "owner", "--gid-owner", str(worker.group(service)))
    async with dropped(("OUTPUT", "-o", "lo", "-p", "tcp", "--dport", str(port), *whose)):
        await asyncio.sleep(seconds)


def _both_ways(port: int) -> list[Rule]:
    return [("INPUT", "-i", "lo", "-p", "tcp", side, str(port)) for side in ("--dport", "--sport")]

"""Cuts: packets of the plant vanish on their way, dropped by the filter of the loopback: to both ends, that is a cut cable."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from deploy import SERVICES
from tests.faults.breaking import Stage

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


async def cut_brokers(stage: Stage, seconds: float) -> None:
    """Nobody reaches a broker."""
    async with dropped(*_both_ways(stage.plant.lane.broker(1))):
        await asyncio.sleep(seconds)


async def cut_database(stage: Stage, seconds: float) -> None:
    """Nobody reaches PostgreSQL."""
    async with dropped(*_both_ways(stage.plant.lane.database)):
        await asyncio.sleep(seconds)


async def cut_one(stage: Stage, other_end: str, seconds: float) -> None:
    """One service alone reaches no broker, or no database: whatever its process sends there vanishes, acknowledgements too."""
    lane, service = stage.plant.lane, stage.chance.choice(SERVICES)
    port = lane.database if other_end == "database" else lane.broker(1)
    whose = ("-m", "owner", "--gid-owner", str(lane.group(service)))
    async with dropped(("OUTPUT", "-o", "lo", "-p", "tcp", "--dport", str(port), *whose)):
        await asyncio.sleep(seconds)


def _both_ways(port: int) -> list[Rule]:
    return [("INPUT", "-i", "lo", "-p", "tcp", side, str(port)) for side in ("--dport", "--sport")]

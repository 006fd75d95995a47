"""The five checks over a recorded history. Each gives what is wrong, in words; nothing when it holds."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from deploy import SERVICES
from deploy.cli.credentials import Person
from deploy.cli.reconciliation import Proof, compare
from deploy.demo.client import Api, connected
from shared.messaging.operations.reconciliation import first_id
from shared.vocabulary import Role
from tests.faults.cluster import Cluster
from tests.faults.load import Act, Load, asking

OPERATOR = Person("operator-lab", Role.SYSADMIN, "35", "实验室")
EVENT_OF = {
    "status event": "ccc.registry.CertificateStatusChanged",
    "declaration": "ccc.registry.CertificateRegistered",
    "publication": "ccc.sampling.CampaignPublished",
    "closure": "ccc.sampling.CampaignClosed",
    "notice": "ccc.inspection.ObjectNotified",
    "matter report": "ccc.cases.QualificationMatterReported",
    "matter return": "ccc.cases.QualificationMatterReturned",
    "summary submission": "ccc.reporting.SummarySubmitted",
    "summary return": "ccc.reporting.SummaryReturned",
}
"""The event that an act of each kind emits, once."""
LOOK_SECONDS = 0.3
FOREIGN = "poison-"
"""The prefix of the aggregates of foreign messages, which stay dead letters for a person."""
_PRESENT = {
    "status event": ("registry", "SELECT count(*) FROM certificate_event WHERE id = ANY($1::text[]::uuid[])", "id"),
    "declaration": ("registry", "SELECT count(*) FROM certificate WHERE certificate_no = ANY($1::text[])", "certificate_no"),
    "campaign": ("sampling", "SELECT count(*) FROM campaign WHERE id = ANY($1::text[]::uuid[])", "id"),
    "publication": (
        "sampling",
        "SELECT count(*) FROM campaign WHERE published_at IS NOT NULL AND id = ANY($1::text[]::uuid[])",
        "id",
    ),
    "closure": ("sampling", "SELECT count(*) FROM campaign WHERE state = 'closed' AND id = ANY($1::text[]::uuid[])", "id"),
    "notice": ("inspection", "SELECT count(*) FROM notice WHERE id = ANY($1::text[]::uuid[])", "id"),
    "matter return": (
        "cases",
        "SELECT count(*) FROM qualification_matter WHERE state = 'returned' AND id = ANY($1::text[]::uuid[])",
        "id",
    ),
    "summary": ("reporting", "SELECT count(*) FROM summary WHERE summary_id = ANY($1::text[]::uuid[])", "summary_id"),
    "summary return": (
        "reporting",
        "SELECT count(*) FROM summary WHERE state = 'returned' AND summary_id = ANY($1::text[]::uuid[])",
        "summary_id",
    ),
}
_ALL_EVENTS = (
    "SELECT event_id, type FROM event_log WHERE event_id >= $1 UNION ALL SELECT event_id, type FROM outbox WHERE event_id >= $1"
)
_EFFECTS = """
SELECT event_id, count(*) FROM fault_effect
WHERE event_id IN (SELECT event_id FROM fault_effect WHERE position > $1) GROUP BY event_id
"""
"""Over its whole life, of each event that had an effect since a position: an old one may not have another."""
_POSITIONS = f"SELECT source, aggregate, sequence FROM inbox_sequence WHERE aggregate NOT LIKE '{FOREIGN}%'"
_DISORDER = """
SELECT count(*) FROM (SELECT position < lag(position) OVER (PARTITION BY source, aggregate ORDER BY sequence) AS back
FROM inbox JOIN fault_effect USING (event_id) WHERE position > $1) AS steps WHERE back
"""
_DEAD_LETTERS = f"""
SELECT source, aggregate, sequence, reason, error FROM dead_letter
WHERE resolved_at IS NULL AND aggregate NOT LIKE '{FOREIGN}%'
"""
_BY_HAND = "SELECT count(*) FROM audit_log WHERE action LIKE 'dead_letter.%' OR action LIKE 'events.%'"


@dataclass
class Findings:
    """What each check found wrong."""

    wrong: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in ("C1", "C2", "C3", "C4", "C5")})

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not any(self.wrong.values())

    def expect(self, check: str, condition: object, otherwise: str) -> None:
        """Note what is wrong unless the condition holds."""
        if not condition:
            self.wrong[check].append(otherwise)


async def prepare(cluster: Cluster) -> None:
    """The table in which the instrumented services count the effects of events."""
    for service in SERVICES:
        async with cluster.database(service) as connection:
            await connection.execute("CREATE TABLE fault_effect (position bigserial PRIMARY KEY, event_id uuid NOT NULL)")
            await connection.execute("CREATE INDEX ON fault_effect (event_id)")
            await connection.execute(f"GRANT INSERT ON fault_effect TO ccc_{service}")
            await connection.execute(f"GRANT USAGE ON SEQUENCE fault_effect_position_seq TO ccc_{service}")


async def positions(cluster: Cluster) -> dict[str, int]:
    """Up to where each service has counted effects."""
    found = {}
    for service in SERVICES:
        connection = await cluster.look(service)
        found[service] = await connection.fetchval("SELECT coalesce(max(position), 0) FROM fault_effect")
    return found


async def proof(cluster: Cluster, since: datetime, until: datetime | None = None) -> Proof:
    """Compare what was published in a period with what was handled of it."""
    period = {"since": since.isoformat(), "until": (until or datetime.now(UTC) + timedelta(seconds=5)).isoformat()}
    async with connected(cluster.urls, cluster.home, 1) as api:
        reconciliations = {name: await _reconciliation(api, name, period) for name in SERVICES}
    return compare(reconciliations)


async def _reconciliation(api: Api, name: str, period: dict[str, str]) -> Any:
    return await api.get(name, "/v1/operations/reconciliation", OPERATOR, **period)


async def check(cluster: Cluster, load: Load, since: datetime, before: dict[str, int]) -> Findings:
    """All five, after the faults have healed and the load has ended; `before` are the positions at the beginning."""
    found = Findings()
    done = [act for act in load.history if act.acknowledged]
    for act in load.history:
        found.expect("C1", act.acknowledged, f"{act.kind}: {act.status} after {act.tries} tries: {act.answer}")
    await _acknowledged_is_present(cluster, done, found)
    await _published_once(cluster, done, since, found)
    await _effects_are_one(cluster, since, before, found)
    await _sequences_have_no_gap(cluster, before, found)
    await _repeated_answers_are_the_same(cluster, done, load.seed, found)
    await _nobody_was_needed(cluster, found)
    return found


async def _acknowledged_is_present(cluster: Cluster, done: Iterable[Act], found: Findings) -> None:
    for kind, (service, query, name) in _PRESENT.items():
        wanted = sorted({act.answer[name] for act in done if act.kind == kind})
        connection = await cluster.look(service)
        present = await connection.fetchval(query, wanted)
        found.expect("C1", present == len(wanted), f"{len(wanted)} of {kind} acknowledged, {present} present")


async def _published_once(cluster: Cluster, done: Iterable[Act], since: datetime, found: Findings) -> None:
    """Each acknowledged act published exactly one event: neither lost with its act nor published for one that was rolled back."""
    acts = Counter(act.kind for act in done)
    events: Counter[str] = Counter()
    for service in SERVICES:
        connection = await cluster.look(service)
        events.update(row["type"] for row in await connection.fetch(_ALL_EVENTS, first_id(since)))
    for kind, name in EVENT_OF.items():
        check_name = "C1" if events[name] < acts[kind] else "C4"
        found.expect(check_name, events[name] == acts[kind], f"{acts[kind]} of {kind} acknowledged, {events[name]} published")


async def _effects_are_one(cluster: Cluster, since: datetime, before: dict[str, int], found: Findings) -> None:
    agreed = await proof(cluster, since)
    for row in agreed.rows:
        found.expect(
            "C2", row["agrees"], f"{row['type']} published {row['published']}, handled by {row['consumer']} {row['handled']}"
        )
    published: dict[UUID, str] = {}
    for service in SERVICES:
        connection = await cluster.look(service)
        published |= {row["event_id"]: row["type"] for row in await connection.fetch(_ALL_EVENTS, first_id(since))}
    for service in SERVICES:
        consumes = {row["type"] for row in agreed.rows if row["consumer"] == service}
        connection = await cluster.look(service)
        effects = {row[0]: row[1] for row in await connection.fetch(_EFFECTS, before[service])}
        wrong = Counter(effects.pop(event_id, 0) for event_id, kind in published.items() if kind in consumes)
        wrong += Counter(effects.values())
        del wrong[1]
        found.expect("C2", not wrong, f"events by their number of effects at {service}: {dict(wrong)}")


async def _sequences_have_no_gap(cluster: Cluster, before: dict[str, int], found: Findings) -> None:
    published = {}
    for source in SERVICES:
        connection = await cluster.look(source)
        published[source] = {row[0]: row[1] for row in await connection.fetch("SELECT key, sequence FROM aggregate_sequence")}
    for consumer in SERVICES:
        connection = await cluster.look(consumer)
        rows = await connection.fetch(_POSITIONS)
        disorder = await connection.fetchval(_DISORDER, before[consumer])
        found.expect("C3", disorder == 0, f"{consumer}: {disorder} effects out of order")
        for source in SERVICES:
            handled = {row["aggregate"]: row["sequence"] for row in rows if row["source"] == source}
            short = [aggregate for aggregate, sequence in handled.items() if sequence != published[source].get(aggregate)]
            missing = set(published[source]) - set(handled) if handled else set()
            found.expect("C3", not short and not missing, f"{consumer} of {source}: {len(short)} short, {len(missing)} missing")


async def _repeated_answers_are_the_same(cluster: Cluster, done: list[Act], seed: int, found: Findings) -> None:
    async with asking(cluster) as again:
        keyed = [act for act in done if act.method == "POST"]
        for act in random.Random(seed).sample(keyed, min(20, len(keyed))):
            status, answer = await again.answer_to(act)
            same = (status, answer) == (act.status, act.answer)
            found.expect("C4", same, f"{act.kind} answered {act.status}, repeated {status}")


async def _nobody_was_needed(cluster: Cluster, found: Findings) -> None:
    left = []
    for service in SERVICES:
        connection = await cluster.look(service)
        left += [tuple(row) for row in await connection.fetch(_DEAD_LETTERS)]
        by_hand = await connection.fetchval(_BY_HAND)
        found.expect("C5", by_hand == 0, f"{by_hand} acts of operators at {service}")
    found.expect("C5", not left, f"{len(left)} dead letters: {left[:3]}")


async def recovered(cluster: Cluster, since: datetime, within: float) -> float | None:
    """Seconds until every event made before now has taken effect everywhere; None when it takes longer than `within`."""
    begun, until = time.monotonic(), datetime.now(UTC)
    while time.monotonic() - begun < within:
        if (await proof(cluster, since, until)).holds:
            return time.monotonic() - begun
        await asyncio.sleep(LOOK_SECONDS)
    return None


async def settle(cluster: Cluster, before: dict[str, int], within: float) -> None:
    """Wait, `within` seconds at most, until no consumer lags behind and none has dead letters, which are retried by themselves.

    An event without a handler has no effect, and yet the position of its stream has to advance.
    """
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        found = Findings()
        await _sequences_have_no_gap(cluster, before, found)
        await _nobody_was_needed(cluster, found)
        if found.holds:
            return
        await asyncio.sleep(0.5)

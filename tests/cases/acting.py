"""A case led by the people who may lead it, up to the step that a test is about."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from shared.database.session import driver, transaction
from shared.testing.world import ServiceClient, World
from shared.vocabulary import Role

OFFICER, LEAD, REVIEWER = Role.ENFORCEMENT_OFFICER, Role.CITY_LEAD, Role.LEGAL_REVIEWER
POLICE = Role.POLICE_LIAISON
HANDLERS = [
    {"subject": "u1", "name": "张三", "law_enforcement_no": "35010001", "certificate_valid_to": "2026-12-31"},
    {"subject": "u2", "name": "李四", "law_enforcement_no": "35010002", "certificate_valid_to": "2024-12-31"},
]
FILING = {"handlers": HANDLERS, "initial_proof": "现场检查记录", "penalty_due": True}
ENDED = {"final_report": "调查终结报告", "evidence": ["ev-1"]}
FINE = {"kind": "fine", "amount_fen": 5_000_000}
NOTICE = {"penalties": [FINE], "facts": "暂停期间出厂销售"}
DECISION = {
    "outcome": "penalty_decided",
    "decision_no": "榕市监处罚〔2024〕1号",
    "penalties": [FINE],
    "explanation": "依法处罚",
}
NO_PENALTY = {"outcome": "no_penalty", "explanation": "轻微并及时改正", "educated": True}
NOT_ESTABLISHED = {"outcome": "facts_not_established", "explanation": "证据不足"}
TO_THE_DECISION: list[tuple[str, Role, dict[str, Any]]] = [
    ("verification", OFFICER, {}),
    ("filing", LEAD, FILING),
    ("investigation", OFFICER, {}),
    ("investigation-end", OFFICER, ENDED),
    ("review-submission", OFFICER, {"kind": "legal"}),
    ("review", REVIEWER, {"passed": True, "opinion": "同意"}),
    ("notice", OFFICER, NOTICE),
    ("rights-conclusion", OFFICER, {"waived": True}),
    ("decision", LEAD, DECISION),
]


@dataclass
class Acting:
    """Somebody acts on one case or transfer."""

    client: ServiceClient
    path: str

    async def __call__(self, noun: str, role: Role, body: Any = None, **how: Any) -> httpx.Response:
        how.setdefault("org", "3501")
        return await self.client.post(f"{self.path}/{noun}", body or {}, as_=role, **how)

    async def must(self, noun: str, role: Role, body: Any = None, **how: Any) -> dict[str, Any]:
        answer = await self(noun, role, body, **how)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def until(self, noun: str) -> None:
        """Every step of the usual way before `noun`."""
        for step, role, body in TO_THE_DECISION:
            if step == noun:
                return
            await self.must(step, role, body)


async def only(world: World, path: str, **how: Any) -> dict[str, Any]:
    """The single item of a list."""
    how = {"as_": Role.PROV_ADMIN} | how
    items = (await world.cases.get(path, **how)).json()["items"]
    assert len(items) == 1, items
    found: dict[str, Any] = items[0]
    return found


async def the_case(world: World, finding_id: UUID) -> Acting:
    case = await only(world, f"/v1/cases?finding_id={finding_id}")
    return Acting(world.cases, f"/v1/cases/{case['id']}")


async def published(world: World, kind: str) -> list[dict[str, Any]]:
    """The events of a type that the service has published and the relay has not sent yet."""
    async with transaction(world.cases.database) as session:
        query = "SELECT data::text FROM outbox WHERE type = $1 ORDER BY id"
        rows = await (await driver(session)).fetch(query, f"ccc.cases.{kind}")
    import json  # noqa: PLC0415

    return [json.loads(row[0]) for row in rows]

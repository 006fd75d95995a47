"""An inspection as its team walks through it, over HTTP."""

from datetime import date
from typing import Any

from httpx import Response
from sqlalchemy import text

from shared.events.sampling import TeamAssigned
from shared.testing.world import World
from shared.vocabulary import Role
from tests.inspection import facts

ITEMS = [f"C{number:02d}" for number in range(1, 23)]
RECORDING = (
    b"RIFF$\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00@\x1f\x00\x00@\x1f\x00\x00\x01\x00\x08\x00data\x00\x00\x00\x00"
)
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n"
LEAD: dict[str, Any] = {"as_": Role.CITY_LEAD, "org": "3501"}
FIRST: dict[str, Any] = {"as_": Role.CITY_INSPECTOR, "org": "3501", "sub": facts.ONE}
SECOND: dict[str, Any] = {"as_": Role.COUNTY_INSPECTOR, "org": "350121", "sub": facts.TWO}
OBJECT: dict[str, Any] = {"as_": Role.OBJECT_CONTACT, "org": facts.USCC}


class Visit:
    """The steps of one inspection; each returns the answer, and `ok` insists on success."""

    def __init__(self, world: World, inspection_id: str) -> None:
        self.world, self.id = world, inspection_id

    @classmethod
    async def assigned(cls, world: World, team: TeamAssigned | None = None) -> "Visit":
        team = team or facts.team()
        await world.publish(team)
        found = await world.inspection.get(f"/v1/inspections?assignment={team.assignment_id}", **LEAD)
        return cls(world, found.json()["items"][0]["id"])

    @classmethod
    async def begun(cls, world: World, team: TeamAssigned | None = None) -> "Visit":
        visit = await cls.assigned(world, team)
        ok(await visit.schedule())
        world.on(facts.NOTICE_DAY)
        ok(await visit.notify())
        world.on(facts.DAY)
        ok(await visit.post("start", {"place": "厂区"}, **FIRST))
        return visit

    @classmethod
    async def signed(cls, world: World, *, findings: list[dict[str, Any]], **answers: str) -> "Visit":
        visit = await cls.begun(world)
        for finding in findings:
            ok(await visit.find(finding))
        ok(await visit.answer(**answers))
        ok(await visit.record())
        for signature, by in (({"party": "inspector"}, FIRST), ({"party": "inspector"}, SECOND), (AGREES, OBJECT)):
            ok(await visit.sign(signature, **by))
        return visit

    async def post(self, noun: str, body: Any, **by: Any) -> Response:
        return await self.world.inspection.post(f"/v1/inspections/{self.id}/{noun}", body, **by)

    async def get(self, noun: str = "", **by: Any) -> Response:
        path = f"/v1/inspections/{self.id}" + (f"/{noun}" if noun else "")
        return await self.world.inspection.get(path, **(by or LEAD))

    async def put(self, noun: str, body: Any, **by: Any) -> Response:
        version = (await self.get()).json()["version"]
        return await self.world.inspection.put(f"/v1/inspections/{self.id}/{noun}", body, **({"version": version} | by))

    async def schedule(self, day: date = facts.DAY, **by: Any) -> Response:
        path = f"/v1/inspections/{self.id}/schedule"
        return await self.world.inspection.put(path, {"inspection_on": day}, **(by or LEAD))

    async def notify(self, **by: Any) -> Response:
        return await self.post("notice", {"channel": "phone", "recipient": "质量负责人"}, **(by or LEAD))

    async def answer(self, **answers: str) -> Response:
        given = [{"code": code, "answer": answers.get(code, "CONFORM")} for code in ITEMS]
        return await self.put("answers", {"answers": given}, **FIRST)

    async def record(self, **other: Any) -> Response:
        body = {"guidance": "已讲解证书状态查询", "integrity_declared": True, "integrity_acknowledged_by": "李四"}
        return await self.put("record", body | other, **FIRST)

    async def upload(self, content: bytes = PDF, **other: Any) -> Response:
        params = {"kind": "documentary", "file_name": "出库单.pdf"} | other
        path, octets = f"/v1/inspections/{self.id}/evidence", {"Content-Type": "application/octet-stream"}
        return await self.world.inspection.post(path, params=params, content=content, headers=octets, **FIRST)

    async def find(self, other: dict[str, Any]) -> Response:
        """Record a violation of C11 on the day of the visit, with one piece of evidence, unless `other` says otherwise."""
        evidence = ok(await self.upload())["id"]
        return await self.post("findings", FINDING | {"evidence_ids": [evidence]} | other, **FIRST)

    async def sign(self, signature: dict[str, Any], **by: Any) -> Response:
        """Sign the sheet as it stands, unless the signature says which was read."""
        read = ok(await self.get("confirmation-sheet"))["content_hash"]
        return await self.post("signatures", {"content_hash": read} | signature, **by)

    async def submit(self, result: str, **other: Any) -> Response:
        return await self.post("submission", {"result": result, "methods": ["ON_SITE"]} | other, **FIRST)

    async def review(self, decision: str = "approved", **by: Any) -> Response:
        return await self.post("review", {"decision": decision, "opinion": "事实清楚"}, **(by or LEAD))


AGREES = {"party": "object", "opinion": "agree", "name": "李四", "position": "厂长"}
FINDING: dict[str, Any] = {
    "checklist_code": "C09",
    "respondent_type": "object",
    "violation_type": "LABEL_MISMATCH",
    "severity": "general",
    "fact": "包装标注型号与证书不一致，共120台",
    "act_on": facts.DAY.isoformat(),
    "goods_value_fen": 1_200_000,
    "measures": ["order_rectify"],
    "requirement": "改正包装标注",
}


def ok(response: Response) -> Any:
    """The body of a successful answer."""
    assert response.is_success, response.text
    return response.json()


def refused(response: Response, code: str) -> Any:
    """The problem document of a refusal with this code."""
    problem = response.json()
    assert problem["code"] == code, problem
    return problem


async def told(world: World) -> list[tuple[str, dict[str, Any]]]:
    """The facts that the service has told, but for those of deadlines, by name and content, in their order."""
    async with world.inspection.database.reading.connect() as connection:
        rows = await connection.execute(text("SELECT type, data FROM outbox WHERE type NOT LIKE '%Deadlines%' ORDER BY id"))
        return [(row.type.removeprefix("ccc.inspection."), row.data) for row in rows]

"""A small province for the tests: what the registry publishes of it, its inspectors, and the ceremony of a draw."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from shared.core.ids import new_id
from shared.events import Event
from shared.events.inspection import InspectionCompleted
from shared.events.registry import CertificateRegistered, EnterpriseRegistered
from shared.events.value_objects import InspectedObject, Party, ProductOfCertificate, TeamMember
from shared.testing.world import World
from shared.vocabulary import (
    CertificateRoute,
    CertificateStatus,
    FollowUp,
    InspectionMethod,
    InspectionResult,
    ObjectKind,
    ObjectState,
    PriorityGroup,
    Role,
)

GROUPS = (PriorityGroup.EX_ELECTRICAL, PriorityGroup.FIRE, None)
CODES = {PriorityGroup.EX_ELECTRICAL: "2301", PriorityGroup.FIRE: "1801", None: "0705"}


def uscc(city: str, number: int) -> str:
    """A code of the right form; nothing in this service recomputes its check digit."""
    return f"91{city.ljust(6, '0')}MA{number:08d}"


def organisation(city: str, number: int, county: str | None = None, *, in_business: bool = True) -> EnterpriseRegistered:
    return EnterpriseRegistered(
        uscc=uscc(city, number),
        name=f"企业{city}-{number}",
        kind=ObjectKind.CERTIFIED_ORG,
        division=county or f"{city}02",
        city=city,
        county=county or f"{city}02",
        address="某路1号",
        in_business=in_business,
    )


def certificate(
    city: str, number: int, group: PriorityGroup | None, status: CertificateStatus = CertificateStatus.VALID, serial: int = 1
) -> CertificateRegistered:
    party = Party(name=f"企业{city}-{number}", uscc=uscc(city, number), division=f"{city}02")
    return CertificateRegistered(
        certificate_no=f"202201{CODES[group]}{city}{number:01d}{serial}"[:16].ljust(16, "7"),
        edition="00",
        route=CertificateRoute.CERTIFICATE,
        body_code="01",
        body_name="中国质量认证中心有限公司",
        product_category_code=CODES[group],
        priority_group=group,
        product_name="产品",
        models=("A-1",),
        status=status,
        status_since=date(2022, 1, 1),
        first_issued_on=date(2022, 1, 1),
        issued_on=date(2022, 1, 1),
        expires_on=date(2027, 1, 1),
        applicant=party,
        manufacturer=party,
        factory=party,
        enterprise_uscc=uscc(city, number),
        city=city,
        county=f"{city}02",
    )


def province(cities: Sequence[str] = ("3501", "3502"), size: int = 9) -> list[Event]:
    """In each city `size` organisations with one certificate each, over three groups in turn."""
    pairs = [(city, number) for city in cities for number in range(size)]
    return [
        event for city, number in pairs for event in (organisation(city, number), certificate(city, number, GROUPS[number % 3]))
    ]


def inspector(city: str, number: int, **changes: Any) -> dict[str, Any]:
    return {
        "inspector_id": f"FJ{city}{number:02d}",
        "name": f"检查员{number}",
        "org": city,
        "city": city,
        "county": None,
        "law_enforcement_no": f"{city}{number:05d}",
        "certificate_from": "2021-07-01",
        "certificate_to": "2026-06-30",
        "fields": ["*"],
        "workload_cap": 4,
    } | changes


def inspected(campaign: str, one: dict[str, Any], day: date, *inspectors: str) -> InspectionCompleted:
    """The reviewed inspection of an assignment as it is listed."""
    place = {name: one[name] for name in ("uscc", "name", "city", "county", "address")}
    product = {name: one[name] for name in ("certificate_no", "product_category_code", "product_name")}
    body = {"status": CertificateStatus.VALID, "body_code": "01", "body_name": "中国质量认证中心有限公司"}
    return InspectionCompleted(
        inspection_id=new_id(),
        assignment_id=UUID(one["id"]),
        campaign_id=UUID(campaign),
        task_no=one["task_no"],
        object=InspectedObject(**place),
        certificate=ProductOfCertificate(**product, **body),
        inspected_on=day,
        submitted_on=day,
        reviewed_on=day,
        result=InspectionResult.NO_ISSUE,
        methods=(InspectionMethod.ON_SITE,),
        object_state=ObjectState.ACTIVE,
        follow_up=FollowUp.NONE,
        findings=0,
        members=tuple(TeamMember(inspector_id=who, name="检查员", org="3501", law_enforcement_no="1") for who in inspectors),
        experts=(),
        refused_to_sign=False,
        entry_due_on=day,
    )


@dataclass
class Stage:
    """A world with a published campaign; its methods go through the API as the right people."""

    world: World
    campaign: str = ""
    lead: dict[str, Any] = field(default_factory=lambda: {"as_": Role.PROV_ADMIN, "sub": "prov-1"})
    second: dict[str, Any] = field(default_factory=lambda: {"as_": Role.PROV_ADMIN, "sub": "prov-2"})
    watch: dict[str, Any] = field(default_factory=lambda: {"as_": Role.PROV_SUPERVISOR, "sub": "sup-1"})

    async def post(self, path: str, body: Any = None, *, expect: int = 200, **how: Any) -> Any:
        answer = await self.world.sampling.post(path, body, **how)
        assert answer.status_code == expect, answer.text
        return answer.json()

    async def get(self, path: str, *, expect: int = 200, **how: Any) -> Any:
        answer = await self.world.sampling.get(path, **how)
        assert answer.status_code == expect, answer.text
        return answer.json()

    async def campaign_published(self, **changes: Any) -> str:
        wanted = {
            "code": "CCC-2024-215",
            "planned_sample": 8,
            "participating_cities": ["3501", "3502"],
            "embargo_until": "2024-12-01",
        } | changes
        made = await self.post("/v1/campaigns", wanted, expect=201, **self.lead)
        await self.post(f"/v1/campaigns/{made['id']}/approval", **self.second)
        await self.post(f"/v1/campaigns/{made['id']}/publication", **self.lead)
        self.campaign = made["id"]
        return self.campaign

    async def staff(self, city: str, count: int = 8, **changes: Any) -> None:
        people = [inspector(city, number, **changes) for number in range(count)]
        await self.post("/v1/inspectors", {"inspectors": people}, expect=201, **self.lead)

    async def planned(self, **wanted: Any) -> str:
        body = {"campaign_id": self.campaign, "kind": "object"} | wanted
        return str((await self.post("/v1/draws", body, expect=201, **self.lead))["id"])

    async def sealed(self, **wanted: Any) -> str:
        draw = await self.planned(**wanted)
        await self.post(f"/v1/draws/{draw}/freeze", **self.lead)
        await self.post(f"/v1/draws/{draw}/seal", **self.lead)
        return draw

    async def executed(self, **wanted: Any) -> str:
        draw = await self.sealed(**wanted)
        await self.post(f"/v1/draws/{draw}/contributions", {"source": "witness", "value": "8-16-23"}, **self.watch)
        await self.post(f"/v1/draws/{draw}/execute", **self.lead)
        return draw

    async def released(self, **wanted: Any) -> str:
        draw = await self.executed(**wanted)
        await self.post(f"/v1/draws/{draw}/release", **self.lead)
        return draw

    def city(self, city: str, sub: str = "lead") -> dict[str, Any]:
        return {"as_": Role.CITY_LEAD, "org": city, "sub": f"{sub}-{city}"}

    async def run(self, draw: str, city: str) -> None:
        """Bring a planned inspector draw to its release."""
        me = self.city(city)
        await self.post(f"/v1/draws/{draw}/freeze", **me)
        await self.post(f"/v1/draws/{draw}/seal", **me)
        await self.post(f"/v1/draws/{draw}/contributions", {"source": "witness", "value": "42"}, **self.watch)
        await self.post(f"/v1/draws/{draw}/execute", **me)
        await self.post(f"/v1/draws/{draw}/release", **me)

    async def matched(self, city: str) -> str:
        """Draw the teams of a city."""
        body = {"campaign_id": self.campaign, "kind": "inspector", "inspection_on": "2024-08-20"}
        draw = str((await self.post("/v1/draws", body, expect=201, **self.city(city)))["id"])
        await self.run(draw, city)
        return draw

    async def assignments(self, **how: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.get("/v1/assignments", params={"limit": 200}, **(how or self.lead)))["items"]
        return found

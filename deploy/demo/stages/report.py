"""What is reported upward and made public: the interim round, the final round, the merger, the disclosures."""

from functools import partial

from deploy import SERVICES
from deploy.demo import cast
from deploy.demo.agenda import at
from deploy.demo.journey import Journey, Record

INTERIM, FINAL = "interim", "final"
TEXTS = {
    "problems": "部分企业标志使用和变更管理不到位, 个别认证机构跟踪检查缺失",
    "recommendations": "加强宣传帮扶, 强化认证机构监管",
}
_LINE = "reports 汇总与公示"


def plan(journey: Journey) -> None:
    """Enter both rounds and the disclosures."""
    enter, days = journey.enter, journey.timeline
    enter(at(days.day(12), 9), _disclose, journey, "plan")
    enter(at(days.after_cutoff(-1), 15), _report_round, journey, INTERIM)
    enter(at(days.after_cutoff(0), 15), _accept_round, journey, INTERIM)
    enter(at(days.after_cutoff(1), 9), _merge, journey, INTERIM)
    enter(at(days.before_end(6), 9), _disclose_too_early, journey)
    enter(at(days.after_end(2), 15), _report_round, journey, FINAL)
    enter(at(days.after_end(4), 15), _accept_round, journey, FINAL)
    enter(at(days.after_end(5), 9), _merge, journey, FINAL)
    enter(at(days.after_end(6), 9), _publish_draw, journey)
    for kind in ("result", "statistics"):
        enter(at(days.after_end(13), 9), _disclose, journey, kind)
    enter(at(days.after_end(13), 10), _disclose_decisions, journey)
    enter(at(days.after_end(15), 9), _close, journey)


async def _report_round(journey: Journey, round_: str) -> None:
    """Each city computes its summary and submits it; the first one is returned by the province and mended."""
    await _projected(journey)
    cities = await _cities(journey)
    line = journey.show.line(_LINE)
    await journey.each(line, [partial(_submit, journey, round_, city, TEXTS) for city in cities])
    if round_ == INTERIM:
        await _return(journey, round_, cities[0])
    journey.figures[f"{round_} summaries submitted"] = len(cities)


async def _cities(journey: Journey) -> list[str]:
    return sorted({assignment["city"] for assignment in await journey.alive()})


async def _projected(journey: Journey) -> None:
    """Reporting counts what it has consumed: wait until it has consumed every reviewed inspection."""
    listing = partial(journey.api.all, "inspection", "/v1/inspections", cast.PLANNER)
    reviewed = {one["assignment_id"] for one in await listing(campaign_id=journey.campaign, state="completed")}
    path = f"/v1/campaigns/{journey.campaign}/annex-3"

    async def counted() -> bool:
        rows = [row for name in (INTERIM, FINAL) for row in await _rows(journey, path, name)]
        return reviewed <= {row["assignment_id"] for row in rows if row["result"]}

    await journey.wait("every reviewed inspection in annex 3", counted)
    await _caught_up(journey)


async def _caught_up(journey: Journey) -> None:
    """Wait until every service has published what it knows and reporting has taken it in."""

    async def nothing_left() -> bool:
        lags = [await journey.api.get(service, "/v1/operations/lag", cast.OPERATOR) for service in SERVICES]
        unheard = [topic["events"] for topic in lags[SERVICES.index("reporting")]["topics"]]
        return not any(lag["outbox_events"] for lag in lags) and not any(unheard)

    await journey.wait("reporting to know what the others know", nothing_left)


async def _rows(journey: Journey, path: str, round_: str) -> list[Record]:
    return await journey.api.all("reporting", path, cast.PLANNER, round=round_)


async def _submit(journey: Journey, round_: str, city: str, texts: Record) -> None:
    asked = {"campaign_id": journey.campaign, "round": round_, "city": city} | texts
    summary = await journey.api.post("reporting", "/v1/summaries", cast.clerk(city), asked)
    await journey.api.post("reporting", f"/v1/summaries/{summary['summary_id']}/submission", cast.lead(city))
    journey.submitted[round_, city] = summary["summary_id"]


async def _return(journey: Journey, round_: str, city: str) -> None:
    ground = {"ground": "请补充问题原因分析"}
    await journey.api.post("reporting", f"/v1/summaries/{journey.submitted[round_, city]}/return", cast.APPROVER, ground)
    await _submit(journey, round_, city, TEXTS | {"problems": TEXTS["problems"] + "; 原因: 质量管理人员变动频繁"})
    journey.note("a city's summary returned by the province and mended", city)


async def _accept_round(journey: Journey, round_: str) -> None:
    for summary in [one for (name, _), one in journey.submitted.items() if name == round_]:
        await journey.api.post("reporting", f"/v1/summaries/{summary}/acceptance", cast.APPROVER)
    journey.note(f"{round_} summaries accepted by the province", f"{journey.today()}")


async def _merge(journey: Journey, round_: str) -> None:
    asked = {"campaign_id": journey.campaign, "round": round_} | TEXTS
    merged = await journey.api.post("reporting", "/v1/merged-summaries", cast.PLANNER, asked)
    journey.summaries[round_] = merged
    journey.show.line(_LINE).expect(1)
    journey.show.line(_LINE).done()
    journey.note(f"{round_} province merged", f"digest {merged['digest'][:16]}…")


async def _disclose_too_early(journey: Journey) -> None:
    """The list of drawn objects stays closed until the embargo ends, whoever has approved it."""
    draft = await _approved(journey, "draw")
    publishing = journey.api.post("reporting", f"/v1/disclosures/{draft['disclosure_id']}/publication", cast.PLANNER)
    refused = await journey.rejection(publishing, "under-embargo")
    journey.disclosures["draw"] = draft["disclosure_id"]
    journey.note("the drawn list before the end of the embargo", f"publication refused {refused.code}")


async def _publish_draw(journey: Journey) -> None:
    """After the embargo: the list, and the redacted transcript for everybody."""
    path = f"/v1/disclosures/{journey.disclosures['draw']}/publication"
    await journey.api.post("reporting", path, cast.PLANNER)
    public = {"audience": "public"}
    await journey.api.post("sampling", f"/v1/draws/{journey.draws[0]}/release", cast.PLANNER, public)
    journey.note("draw disclosed after the embargo", f"{journey.today()}, with its redacted transcript")


async def _disclose_decisions(journey: Journey) -> None:
    """Each decision that annex 4 shows as published by its case office."""
    await _caught_up(journey)
    path = f"/v1/campaigns/{journey.campaign}/annex-4"
    rows = [row for round_ in (INTERIM, FINAL) for row in await _rows(journey, path, round_)]
    public = dict.fromkeys(row["case_id"] for row in rows if row["published_on"])
    for number, case in enumerate(public, start=1):
        await _disclose(journey, "penalty", number, case_id=case)


async def _disclose(journey: Journey, kind: str, number: int | None = None, **of: str) -> None:
    draft = await _approved(journey, kind, **of)
    path = f"/v1/disclosures/{draft['disclosure_id']}/publication"
    published = await journey.api.post("reporting", path, cast.PLANNER)
    journey.disclosures[f"{kind}-{number}" if number else kind] = draft["disclosure_id"]
    journey.note(f"disclosure of {kind}", f"{len(draft['items'])} items, {published['state']} {journey.today()}")


async def _approved(journey: Journey, kind: str, **of: str) -> Record:
    """Drafted, reviewed for secrecy and approved by three persons."""
    asked = {"campaign_id": journey.campaign, "kind": kind, "round": FINAL if kind == "statistics" else None} | of
    draft: Record = await journey.api.post("reporting", "/v1/disclosures", cast.PLANNER, asked)
    path = f"/v1/disclosures/{draft['disclosure_id']}"
    await journey.api.post("reporting", f"{path}/secrecy-review", cast.SEALER)
    await journey.api.post("reporting", f"{path}/approval", cast.APPROVER)
    return draft


async def _close(journey: Journey) -> None:
    await journey.api.post("sampling", f"/v1/campaigns/{journey.campaign}/closure", cast.APPROVER)
    journey.note("campaign closed", f"{journey.today()}")

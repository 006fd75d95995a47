"""The files that the campaign leaves: forms, annexes, summaries, transcripts, disclosures."""

import json
from functools import partial

from deploy.demo import cast
from deploy.demo.journey import Journey, Record
from deploy.demo.scenarios import Visit
from deploy.demo.stages.report import FINAL, INTERIM

SHEETS = 8


async def collect(journey: Journey, visits: list[Visit]) -> None:
    """Fetch everything through the API into the output directory."""
    line = journey.show.line("files 文件")
    sheets = [visit for visit in visits if visit.scenario.flaws][:SHEETS]
    acts = [partial(_sheet, journey, visit) for visit in sheets]
    cities = sorted({visit.city for visit in visits})
    acts += [partial(_annexes, journey, round_, city) for round_ in (INTERIM, FINAL) for city in (None, *cities)]
    acts += [partial(_summary, journey, round_) for round_ in journey.summaries]
    held = await journey.api.all("sampling", "/v1/draws", None, campaign_id=journey.campaign)
    acts += [partial(_transcript, journey, draw["id"]) for draw in held]
    cases = await journey.api.all("cases", "/v1/cases", cast.PLANNER)
    acts += [partial(_deadlines, journey, case) for case in cases]
    acts += [partial(_shown_case, journey, case) for case in cases if case["state"] == "archived" and case["case_no"]][:1]
    acts += [partial(_disclosure, journey, kind) for kind in journey.disclosures]
    of_objects = [partial(act, journey) for act in (_ledger, _public_transcript, _dossiers, _rank)]
    await journey.each(line, [*acts, *of_objects])


async def _sheet(journey: Journey, visit: Visit) -> None:
    form = await journey.api.download("inspection", f"{visit.path}/confirmation-sheet.pdf", cast.lead(visit.city))
    journey.write(f"annex-2/{visit.assignment['task_no']}.pdf", form)


async def _annexes(journey: Journey, round_: str, city: str | None) -> None:
    """Of one city as its own head gets it, or merged as the province does."""
    by, query = (cast.lead(city), {"city": city}) if city else (cast.PLANNER, {})
    for annex in (3, 4):
        path = f"/v1/campaigns/{journey.campaign}/annex-{annex}.xlsx"
        content = await journey.api.download("reporting", path, by, round=round_, **query)
        journey.write(f"annex-{annex}/{round_}-{city or 'province'}.xlsx", content)


async def _summary(journey: Journey, round_: str) -> None:
    path = f"/v1/summaries/{journey.summaries[round_]['summary_id']}/document"
    for suffix in (".pdf", ""):
        content = await journey.api.download("reporting", f"{path}{suffix}", cast.PLANNER)
        journey.write(f"summary/{round_}-province{suffix or '.json'}", content)


async def _transcript(journey: Journey, draw: str) -> None:
    content = await journey.api.download("sampling", f"/v1/draws/{draw}/transcript", cast.AUDITOR)
    journey.write(f"draws/{draw}.json", content)


async def _public_transcript(journey: Journey) -> None:
    content = await journey.api.download("sampling", f"/v1/draws/{journey.draws[0]}/transcript/public", None)
    journey.write(f"draws/{journey.draws[0]}-public.json", content)


async def _dossiers(journey: Journey) -> None:
    path = f"/v1/draws/{journey.draws[0]}/dossier"
    journey.write(f"draws/{journey.draws[0]}.zip", await journey.api.download("sampling", path, cast.AUDITOR))
    journey.write(f"draws/{journey.draws[0]}-public.zip", await journey.api.download("sampling", f"{path}/public", None))


async def _rank(journey: Journey) -> None:
    """What an organisation that was not drawn may ask for: the proof of its rank."""
    transcript = await journey.api.get("sampling", f"/v1/draws/{journey.draws[0]}/transcript", cast.AUDITOR)
    drawn = {one["unit_id"] for part in transcript["result"].values() for one in part}
    uscc = next(unit["unit_id"] for unit in transcript["frame"] if unit["unit_id"] not in drawn)
    proof = await journey.api.download("sampling", f"/v1/draws/{journey.draws[0]}/membership/{uscc}", cast.PLANNER)
    journey.write(f"draws/{journey.draws[0]}-rank-of-{uscc}.json", proof)


async def _ledger(journey: Journey) -> None:
    journey.write("draws/ledger.json", await journey.api.download("sampling", "/v1/ledger", None))


async def _disclosure(journey: Journey, kind: str) -> None:
    path = f"/v1/public/disclosures/{journey.disclosures[kind]}.json"
    journey.write(f"disclosure/{kind}.json", await journey.api.download("reporting", path, None))


async def _deadlines(journey: Journey, case: Record) -> None:
    """Why each term of a case ends when it ends, for anyone to recompute."""
    for deadline in await journey.api.get("cases", f"/v1/cases/{case['id']}/deadlines", cast.PLANNER):
        if deadline["explanation"] is not None:
            name = f"{case['clue_no']}-{deadline['code'].replace('/', '-')}"
            journey.write(f"deadlines/{name}.json", json.dumps(deadline["explanation"], ensure_ascii=False).encode())


async def _shown_case(journey: Journey, case: Record) -> None:
    """The terms of one case as people look at them: the decision's term in words and as a picture, all of them as a calendar."""
    deadlines = await journey.api.get("cases", f"/v1/cases/{case['id']}/deadlines", cast.PLANNER)
    decision = next(one for one in deadlines if one["code"] == "K15")
    path, name = f"/v1/deadlines/{decision['id']}", f"deadlines/{case['clue_no']}-K15"
    words = await journey.api.download("cases", f"{path}/explanation", cast.PLANNER, accept="text/plain")
    journey.write(f"{name}.txt", words)
    journey.write(f"{name}.svg", await journey.api.download("cases", f"{path}/chart", cast.PLANNER))
    journey.write("deadlines/open.ics", await journey.api.download("cases", "/v1/deadlines/feed", cast.PLANNER))
    terms = ", ".join(f"{one['code']} {one['due_on']} {one['state']}" for one in deadlines if one["due_on"])
    journey.note("the terms of one case", f"{case['clue_no']}: {terms}; K15 explained in {name}.txt and drawn in {name}.svg")

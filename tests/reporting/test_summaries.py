"""Figures that can be followed to their rows, and their way from the city to the province."""

import hashlib
import io
import json
from typing import Any

import pypdf
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.core.canonical import canonical
from shared.database.session import transaction
from shared.testing.world import World
from shared.vocabulary import Role
from tests.reporting.story import CABLE, CAMPAIGN, FIRE, MOVED, TOY

CITY = {"as_": Role.CITY_LEAD, "org": "3501"}
XIAMEN = {"as_": Role.CITY_LEAD, "org": "3502"}
PROVINCE = {"as_": Role.PROV_ADMIN, "org": "35"}


def body(city: str = "3501", which: str = "interim") -> dict[str, Any]:
    texts = {"problems": "证书变更不及时。", "recommendations": "加强帮扶。"}
    return {"campaign_id": str(CAMPAIGN), "round": which, "city": city, **texts}


async def computed(world: World, city: str = "3501", which: str = "interim") -> dict[str, Any]:
    how = {"as_": Role.REPORTER_CLERK, "org": city}
    answer = await world.reporting.post("/v1/summaries", body(city, which), **how)
    assert answer.status_code == 201, answer.text
    summary: dict[str, Any] = answer.json()
    return summary


async def submitted(world: World, city: str, which: str = "interim") -> dict[str, Any]:
    summary = await computed(world, city, which)
    answer = await act(world, summary, "submission", as_=Role.CITY_LEAD, org=city)
    assert answer["state"] == "submitted", answer
    return answer


async def act(world: World, summary: dict[str, Any], what: str, sent: Any = None, **how: Any) -> dict[str, Any]:
    answer = await world.reporting.post(f"/v1/summaries/{summary['summary_id']}/{what}", sent, **(PROVINCE | how))
    result: dict[str, Any] = answer.json()
    return result


def values(summary: dict[str, Any]) -> dict[str, Any]:
    return {figure["key"]: figure["value"] for figure in summary["figures"]}


async def test_the_interim_figures_of_a_city_count_what_had_happened_by_the_cut_off(replicated: World) -> None:
    figures = values(await computed(replicated))
    assert {key: figures[key] for key in ("objects_due", "objects_inspected", "objects_replaced", "recusals")} == {
        "objects_due": 3,
        "objects_inspected": 2,
        "objects_replaced": 1,
        "recusals": 1,
    }
    assert (figures["findings"], figures["advice"], figures["findings_fp4"], figures["findings_other"]) == (2, 1, 1, 1)
    assert (figures["orders"], figures["rectified"], figures["cases_filed"], figures["cases_closed"]) == (1, 1, 1, 0)
    assert (figures["fines_fen"], figures["transfers"], figures["transfers_filed"]) == (1_000_050, 1, 1)
    assert (figures["completion_rate"], figures["finding_rate"], figures["closing_rate"]) == ([2, 3], [1, 2], [1, 2])
    assert (figures["k03_timeliness"], figures["k05_timeliness"], figures["data_quality"]) == ([2, 2], [1, 1], [2, 2])
    assert figures["inspectors_used"] == 2


async def test_findings_add_up_by_focus_point_and_by_respondent(replicated: World) -> None:
    for city in ("3501", "3502"):
        figures = values(await computed(replicated, city))
        by_focus = [figures[f"findings_fp{n}"] for n in range(1, 6)] + [figures["findings_other"]]
        assert figures["findings"] == sum(by_focus) == figures["findings_object"] + figures["findings_body"]


async def test_every_cell_leads_to_the_rows_it_counts(replicated: World) -> None:
    summary = await computed(replicated)
    for figure in summary["figures"]:
        counted = await cell(replicated, summary, figure["key"])
        if figure["unit"] == "fen":
            assert sum(row["amount_fen"] for row in counted) == figure["value"]
        elif figure["unit"] == "count":
            assert len(counted) == figure["value"], figure["key"]
        elif figure["value"] is not None:
            assert [len(counted), len(await cell(replicated, summary, figure["key"], "&part=of"))] == figure["value"]
    (child,) = await cell(replicated, summary, "objects_inspected", "&priority_group=CHILD")
    assert child["label"] == TOY.name
    assert {row["label"] for row in await cell(replicated, summary, "objects_replaced")} == {MOVED.name}


async def cell(world: World, summary: dict[str, Any], key: str, more: str = "") -> list[dict[str, Any]]:
    answer = await world.reporting.get(f"/v1/summaries/{summary['summary_id']}/figures/{key}/rows?limit=200{more}", **CITY)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["items"]
    return rows


async def test_the_digest_is_that_of_the_document_and_later_events_do_not_change_it(replicated: World) -> None:
    summary = await computed(replicated)
    replicated.on("2024-12-05")
    whole = (await replicated.reporting.get(f"/v1/summaries/{summary['summary_id']}/document", **CITY)).content
    assert hashlib.sha256(whole).hexdigest() == summary["digest"]
    assert canonical(json.loads(whole)) == whole
    inspected = next(figure for figure in json.loads(whole)["figures"] if figure["key"] == "objects_inspected")
    assert set(inspected["counted"]) == {str(CABLE.assignment), str(TOY.assignment)}


async def test_frozen_rows_cannot_be_changed(replicated: World) -> None:
    await computed(replicated)
    for change in ("UPDATE summary_row SET city = 'x'", "DELETE FROM summary_row"):
        with pytest.raises(DBAPIError):
            async with transaction(replicated.reporting.database) as session:
                await session.execute(text(change))


async def test_no_inspector_is_named_in_what_is_frozen(replicated: World) -> None:
    rows = await cell(replicated, await computed(replicated), "inspectors_used")
    assert {row["label"] for row in rows} == {"35010001", "35010002"}


async def test_computing_again_replaces_the_open_summary(replicated: World) -> None:
    first, second = await computed(replicated), await computed(replicated)
    assert (first["attempt"], second["attempt"]) == (1, 2)
    listed = (await replicated.reporting.get("/v1/summaries?round=interim", **CITY)).json()["items"]
    assert [row["state"] for row in listed] == ["superseded", "open"]
    answer = await act(replicated, first, "submission", **CITY)
    assert answer["code"] == "summary-transition"


async def test_a_summary_goes_up_comes_back_and_is_accepted_by_another_person(replicated: World) -> None:
    summary = await submitted(replicated, "3501")
    assert summary["late"] is False
    assert (await act(replicated, summary, "acceptance", sub="city_lead-3501"))["code"] == "same-person"
    returned = await act(replicated, summary, "return", {"ground": "缺少货值"})
    assert (returned["state"], returned["return_ground"]) == ("returned", "缺少货值")
    assert (await act(replicated, summary, "acceptance"))["code"] == "summary-transition"
    again = await submitted(replicated, "3501")
    assert (await act(replicated, again, "acceptance"))["state"] == "accepted"
    blocked = await replicated.reporting.post("/v1/summaries", body(), **CITY)
    assert blocked.json()["code"] == "summary-transition"


async def test_the_steps_of_a_summary_are_published_as_events(replicated: World) -> None:
    summary = await submitted(replicated, "3501")
    await act(replicated, summary, "acceptance")
    async with transaction(replicated.reporting.database) as session:
        summaries = "SELECT type, data FROM outbox WHERE type LIKE '%.Summary%' ORDER BY id"
        rows = (await session.execute(text(summaries))).all()
    assert [row.type.rpartition(".")[2] for row in rows] == ["SummarySubmitted", "SummaryAccepted"]
    assert rows[1].data["digest"] == summary["digest"]


async def test_a_late_summary_is_accepted_and_marked_but_a_closed_round_is_closed(replicated: World) -> None:
    replicated.on("2024-11-01")
    late = await submitted(replicated, "3501")
    assert (late["late"], late["as_of"]) == (True, "2024-10-25")
    replicated.on("2024-11-09")
    refused = await replicated.reporting.post("/v1/summaries", body("3502"), **XIAMEN)
    assert (refused.status_code, refused.json()["code"]) == (409, "round-closed")


async def test_the_final_round_does_not_open_before_its_cut_off(replicated: World) -> None:
    refused = await replicated.reporting.post("/v1/summaries", body("3501", "final"), **CITY)
    assert (refused.status_code, refused.json()["code"]) == (409, "round-not-open")
    replicated.on("2024-12-02")
    figures = values(await computed(replicated, which="final"))
    assert (figures["objects_inspected"], figures["completion_rate"], figures["cases_closed"]) == (3, [3, 3], 1)


async def test_a_city_cannot_compute_read_or_submit_for_another(replicated: World) -> None:
    assert (await replicated.reporting.post("/v1/summaries", body("3502"), **CITY)).status_code == 404
    summary = await computed(replicated, "3502")
    for path in ("", "/document", "/document.pdf", "/figures/findings/rows"):
        assert (await replicated.reporting.get(f"/v1/summaries/{summary['summary_id']}{path}", **CITY)).status_code == 404
    assert (await act(replicated, summary, "submission", **CITY))["status"] == 404
    assert (await replicated.reporting.get("/v1/summaries", **CITY)).json()["items"] == []


async def test_only_a_lead_submits_and_only_the_province_accepts(replicated: World) -> None:
    summary = await computed(replicated)
    assert (await act(replicated, summary, "submission", as_=Role.REPORTER_CLERK, org="3501"))["code"] == "forbidden"
    assert (await act(replicated, summary, "acceptance", **CITY))["code"] == "forbidden"


async def test_the_province_merges_only_when_every_city_with_objects_is_accepted(replicated: World) -> None:
    merged = {key: value for key, value in body().items() if key != "city"}
    await act(replicated, await submitted(replicated, "3501"), "acceptance")
    refused = (await replicated.reporting.post("/v1/merged-summaries", merged, **PROVINCE)).json()
    assert (refused["code"], refused["missing"]) == ("summaries-missing", ["350128", "3502"])
    for city in ("3502", "350128"):
        await act(replicated, await submitted(replicated, city), "acceptance")
    whole = (await replicated.reporting.post("/v1/merged-summaries", merged, **PROVINCE)).json()
    figures = values(whole)
    assert (whole["city"], whole["state"], len(whole["parts"])) == (None, "merged", 3)
    assert (figures["objects_due"], figures["objects_inspected"], figures["completion_rate"]) == (5, 3, [3, 5])
    assert (figures["samr_reports"], figures["letters_to_body"], figures["k04_timeliness"]) == (1, 1, [3, 3])
    by_city = next(figure for figure in whole["figures"] if figure["key"] == "objects_inspected")["breakdowns"]["city"]
    assert by_city == {"3501": 2, "3502": 1}
    document = (await replicated.reporting.get(f"/v1/summaries/{whole['summary_id']}/document", **PROVINCE)).content
    assert hashlib.sha256(document).hexdigest() == whole["digest"]
    closed = (await replicated.reporting.post("/v1/merged-summaries", merged, **PROVINCE)).json()
    assert closed["code"] == "round-closed"


async def test_the_assessment_gives_each_city_exact_fractions(replicated: World) -> None:
    await submitted(replicated, "3501")
    path = f"/v1/campaigns/{CAMPAIGN}/assessment?round=interim"
    items = (await replicated.reporting.get(path, **PROVINCE)).json()["items"]
    by_city = {item["city"]: item["figures"] for item in items}
    assert by_city["3501"]["completion_rate"] == [2, 3]
    assert by_city["3501"]["k04_timeliness"] == [1, 1]
    assert by_city["3502"]["k04_timeliness"] is None
    assert by_city["3502"]["closing_rate"] == [2, 2]
    own = (await replicated.reporting.get(path, **CITY)).json()["items"]
    assert [item["city"] for item in own] == ["3501"]


async def test_the_printed_summary_is_official_and_the_same_twice(replicated: World) -> None:
    summary = await computed(replicated)
    first, second = [
        (await replicated.reporting.get(f"/v1/summaries/{summary['summary_id']}/document.pdf", **CITY)).content for _ in range(2)
    ]
    assert first == second
    text_of = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(first)).pages)
    assert "福州市市场监督管理局" in text_of
    assert "2/3（66.7%）" in text_of
    assert FIRE.name not in text_of


async def test_a_figure_that_no_summary_has_is_not_found(replicated: World) -> None:
    summary = await computed(replicated)
    answer = await replicated.reporting.get(f"/v1/summaries/{summary['summary_id']}/figures/nothing/rows", **CITY)
    assert (answer.status_code, answer.json()["code"]) == (404, "figure-not-found")

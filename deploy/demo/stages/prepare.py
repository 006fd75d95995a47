"""Reference data, certificates, failed samplings, and the libraries of inspectors and experts."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TypeVar

from deploy.demo import cast
from deploy.demo.client import UnexpectedError, import_file
from deploy.demo.journey import Journey, Record
from deploy.demo.province.shapes import Expert, Inspector

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
_AT_ONCE = 400
T = TypeVar("T")


async def prepare(journey: Journey) -> None:
    """Everything a campaign starts from."""
    await journey.reach(journey.timeline.day(0), 8, 30)
    await _publish_catalogue(journey)
    await _import_certificates(journey)
    await _import_failures(journey)
    await _fill_libraries(journey)


async def _publish_catalogue(journey: Journey) -> None:
    published = await journey.api.post("registry", "/v1/catalogue-publications", cast.PLANNER)
    journey.note("catalogue published with its dates of obligation", f"{published['published']} products")


async def _import_certificates(journey: Journey) -> None:
    line = journey.show.line("import 证书导入")
    line.expect(2)
    done = await _import(journey, journey.contents(journey.files.certificates), XLSX, kind="certificates")
    line.done()
    expected = json.loads(journey.contents(journey.files.expected_rejections))
    await _compare(journey, done, expected)
    journey.figures["certificates imported"] = done["rows_accepted"]
    trace = f"{done['rows_accepted']} certificates, {done['rows_rejected']} bad rows, each reported as expected"
    journey.note("certificates imported from XLSX", trace)


async def _import_failures(journey: Journey) -> None:
    year = journey.timeline.year - 1
    done = await _import(journey, journey.contents(journey.files.failures), CSV, kind="sampling-failures", year=year)
    if done["rows_accepted"] != len(journey.province.failures):
        raise UnexpectedError(f"{done['rows_accepted']} of {len(journey.province.failures)} failed samplings were accepted")
    journey.show.line("import 证书导入").done()
    journey.note(f"{year} failed samplings imported from CSV", f"{done['rows_accepted']} rows")


async def _import(journey: Journey, content: bytes, media_type: str, **query: str | int) -> Record:
    done: Record = await import_file(journey.api, cast.PLANNER, content, media_type, **query)
    if done["state"] != "completed":
        raise UnexpectedError(f"the file was not imported: {done['failure']}")
    return done


async def _compare(journey: Journey, done: Record, expected: Sequence[Record]) -> None:
    """The report must name exactly the rows that were spoiled, each with a rule it was spoiled against."""
    path = f"/v1/imports/{done['id']}/rejections"
    faults: dict[int, set[str]] = defaultdict(set)
    for fault in await journey.api.all("registry", path, cast.PLANNER, severity="error"):
        faults[fault["line"]].add(fault["code"])
    missing = [row for row in expected if not faults[row["line"]] & set(row["codes"])]
    unexpected = set(faults) - {row["line"] for row in expected}
    if missing or unexpected or done["rows_rejected"] != len(expected):
        raise UnexpectedError(f"rejected rows differ: missing {missing}, unexpected {unexpected}")
    report = await journey.api.download("registry", path, cast.PLANNER, format="csv")
    journey.write("import/rejected_rows.csv", report)


async def _fill_libraries(journey: Journey) -> None:
    province, line = journey.province, journey.show.line("libraries 人员库")
    people = [{"inspectors": [_inspector(one) for one in part]} for part in _parts(province.inspectors)]
    experts = {"experts": [_expert(one) for one in province.experts]}
    post = partial(journey.api.post, "sampling")
    await journey.each(line, [partial(post, "/v1/inspectors", cast.PLANNER, body) for body in people])
    await journey.each(line, [partial(post, "/v1/experts", cast.INSTITUTE, experts)])
    conflicts = [{"person": one.person, "uscc": one.uscc, "reason": one.reason.value} for one in province.conflicts]
    await journey.each(line, [partial(post, "/v1/conflicts", cast.PLANNER, body) for body in conflicts])
    trace = f"{len(province.inspectors)} inspectors, {len(province.experts)} experts, {len(conflicts)} conflicts"
    journey.note("libraries of people filled", trace)


def _parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))


def _inspector(one: Inspector) -> Record:
    leave = [{"from": str(one.leave_from), "to": str(one.leave_to)}] if one.leave_from else []
    return {
        "inspector_id": one.staff_no,
        "name": one.name,
        "org": one.org,
        "city": one.city,
        "county": one.county,
        "law_enforcement_no": one.law_enforcement_no,
        "certificate_from": str(one.certificate_from),
        "certificate_to": str(one.certificate_to),
        "qualified": True,
        "fields": list(one.fields),
        "workload_cap": one.workload_cap,
        "leaves": leave,
    }


def _expert(one: Expert) -> Record:
    return {
        "expert_id": one.expert_no,
        "name": one.name,
        "employer": one.employer,
        "title": one.title,
        "fields": list(one.fields),
    }

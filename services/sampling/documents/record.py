"""The record of a draw as a paper for people (抽取记录): all of it stands in the transcript, the ledger or the log of acts."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from services.sampling.draw.teams import DISTRIBUTION
from services.sampling.rules import reference_data
from services.sampling.rules.issued_documents import Act
from shared.core.clock import SHANGHAI
from shared.core.pdf import pdf

TEMPLATE: Final = Path(__file__).parent / "record.typ"

Transcript = Mapping[str, Any]
Row = list[str]


class Sheet(NamedTuple):
    """A table of the record: its title and its lines, the first of which names the columns."""

    title: str
    rows: list[Row]


def record(document: Transcript, campaign: Mapping[str, str], acts: Sequence[Act], digests: Sequence[Row]) -> bytes:
    """The record as PDF; `digests` are name, SHA-256 and SM3 of the files that lie beside it."""
    content = {
        "title": "“双随机”抽取记录",
        "campaign": campaign,
        "edition": reference_data.word(f"edition/{_edition(document)}"),
        "facts": _facts(document),
        "sheets": [sheet._asdict() for sheet in _sheets(document, acts)],
        "distribution": DISTRIBUTION["zh"] if "distribution" in document else "",
        "digests": _digests(document),
        "files": list(digests),
    }
    return pdf(TEMPLATE, record=json.dumps(content, ensure_ascii=False))


def _edition(document: Transcript) -> str:
    if "frame" in document:
        return "full"
    return "public" if "result" in document else "embargo"


def _facts(document: Transcript) -> list[Row]:
    commitment, terms = document["commitment"], document["commitment"]["parameters"]
    rows = [
        ["抽取编号", commitment["draw_id"]],
        ["抽取类别", reference_data.word(f"kind/{commitment['kind']}")],
        ["抽取次数", f"第 {commitment['attempt']} 次"],
        ["哈希算法", commitment["hash"].upper()],
        ["名录单位数", str(commitment["frame_size"])],
    ]
    if commitment["supersedes"]:
        rows.append(["取代的抽取（承诺摘要）", commitment["supersedes"]])
    if commitment["kind"] == "inspector":
        return [*rows, ["任务数", str(len(terms["tasks"]))]]
    rows += [["样本量", str(terms["sample_size"])], ["最低比例", "/".join(map(str, terms["minimum_ratio"]))]]
    return rows + ([["豁免", f"{terms['waiver']['approved_by']}：{terms['waiver']['reason']}"]] if terms["waiver"] else [])


def _sheets(document: Transcript, acts: Sequence[Act]) -> Iterator[Sheet]:
    yield Sheet("办理经过", [["步骤", "时间（北京时间）", "办理人", "随机数来源"], *map(_act, acts)])
    yield _ledger(document)
    yield _sources(document)
    objects = document["commitment"]["kind"] == "object"
    yield _strata(document) if objects else _tasks(document)
    if "result" in document:
        yield from _objects(document) if objects else _teams(document)
    replaced = _replaced(document)
    if len(replaced) > 1:
        yield Sheet("更换", replaced)


def _act(act: Act) -> Row:
    return [reference_data.word(f"act/{act.action}"), _local(act.at), act.by, act.source or "—"]


def _local(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def _own(document: Transcript) -> list[Mapping[str, Any]]:
    return [entry for entry in document["ledger"] if entry["draw_id"] == document["commitment"]["draw_id"]]


def _ledger(document: Transcript) -> Sheet:
    rows = [
        [
            str(one["seq"]),
            reference_data.word(f"entry/{one['kind']}"),
            _local(datetime.fromisoformat(one["at"])),
            one["by"],
            one["digest"],
        ]
        for one in _own(document)
    ]
    return Sheet("台账条目", [["序号", "事项", "时间（北京时间）", "办理人", "条目摘要"], *rows])


def _sources(document: Transcript) -> Sheet:
    values = {given["source"]: given["value"] for given in document.get("contributions", [])}
    rows = [
        [link["source"], reference_data.word(f"source/{link['kind']}"), _explained(link), values.get(link["source"], "—")]
        for source in document["commitment"]["entropy_plan"]
        for link in (source, *source.get("fallback", []))
    ]
    return Sheet("随机数来源与提交值", [["来源", "类别", "说明", "提交值"], *rows])


def _explained(link: Mapping[str, Any]) -> str:
    parts = [("摘要 ", "commitment"), ("", "person"), ("", "description"), ("不早于 ", "not_before"), ("截止 ", "deadline")]
    return "；".join(f"{before}{link[name]}" for before, name in parts if name in link) or "—"


def _strata(document: Transcript) -> Sheet:
    rows = [
        [row["stratum"], str(row["units"]), str(row["quota"]), str(row["reserves"])]
        for row in document["commitment"]["parameters"]["allocation"]
    ]
    return Sheet("分层与配额", [["层", "单位数", "抽取数", "备选数"], *rows])


def _tasks(document: Transcript) -> Sheet:
    rows = [
        [task["task"], str(task["size"]), str(len(task["eligible"]))] for task in document["commitment"]["parameters"]["tasks"]
    ]
    return Sheet("任务", [["任务", "人数", "合格人员数"], *rows])


def _objects(document: Transcript) -> Iterator[Sheet]:
    head = ["层", "位次", "统一社会信用代码", "证书编号"]
    for title, part in (("抽取结果", "selected"), ("备选单位", "reserves")):
        rows = [[one["stratum"], str(one["rank"]), one["unit_id"], one["item"]] for one in document["result"][part]]
        if rows:
            yield Sheet(title, [head, *rows])


def _teams(document: Transcript) -> Iterator[Sheet]:
    rows = [[team["task"], "、".join(team["members"])] for team in document["result"]["selected"]]
    yield Sheet("检查组", [["任务", "检查人员（按抽取顺序）"], *rows])


def _replaced(document: Transcript) -> list[Row]:
    bodies = [entry["body"] for entry in _own(document) if entry["kind"] == "replacement" and "body" in entry]
    rows = [
        [body.get("task", body.get("stratum")), body["outgoing"], body["incoming"], body["ground"], body["approved_by"]]
        for body in bodies
    ]
    return [["任务或层", "换出", "换入", "理由", "批准人"], *rows]


def _digests(document: Transcript) -> list[Row]:
    head, signature = document["ledger"][-1], document["signature"]
    rows = [
        ["承诺摘要", document["commitment_digest"]],
        ["名录根", document["commitment"]["frame_root"]],
        ["台账链头", f"第 {head['seq']} 条　{head['digest']}"],
        ["签名公钥编号", f"{signature['key_id']}（{signature['algorithm']}）"],
    ]
    return [*rows[:2], ["种子", document["seed"]], *rows[2:]] if "seed" in document else rows

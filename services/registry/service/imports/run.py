"""One import from the received file to its report."""

from dataclasses import asdict
from functools import partial
from typing import Any

from services.registry.models import ImportRun
from services.registry.models.imports import ImportKind, ImportState
from services.registry.rules import certificates as certificate_rules
from services.registry.rules import failures as failure_rules
from services.registry.rules.layout import UnusableFile, layout
from services.registry.service.imports import certificates, failures
from services.registry.service.imports.file import forget_file, kept_file
from services.registry.service.imports.progress import Progress
from services.registry.service.imports.staging import Judge, Staging
from services.registry.sheets import Sheet, open_sheet
from shared.core.clock import legal_day
from shared.database.session import Session, driver
from shared.security import audit
from shared.security.auth import SYSTEM

_WORDS = {
    "file-empty": ("文件为空", "The file is empty"),
    "file-truncated": ("文件不完整或格式错误", "The file is cut off or malformed"),
    "file-encoding": ("文件编码无法识别", "The encoding of the file is not known"),
    "headings-missing": ("缺少必需的表头", "Required headings are missing"),
    "headings-ambiguous": ("表头重复", "Two headings mean the same"),
    "archive-unreadable": ("工作簿无法读取", "The workbook cannot be read"),
    "archive-suspicious": ("工作簿压缩结构异常", "The workbook's archive is out of bounds"),
    "too-many-columns": ("列数过多", "Too many columns"),
    "too-many-rows": ("行数过多", "Too many rows"),
    "processing-failed": ("系统处理失败, 未作任何更改", "The platform failed to process the file; nothing was changed"),
}


async def carry_out(session: Session, run: ImportRun, progress: Progress) -> None:
    """Import the file of `run`. A broken file changes nothing and leaves the import in state `failed` with the reason.

    The row of `run` is written last: until then its progress is committed from outside this transaction.
    """
    connection = await driver(session)
    kind = "certificate" if run.kind is ImportKind.CERTIFICATES else "sampling_failure"
    staging = Staging(connection, run.id, kind, progress)
    try:
        async with kept_file(connection, run.id) as file:
            with open_sheet(file, run.format) as sheet:
                facts = await _stage(staging, sheet, _judge(run))
    except UnusableFile as error:
        await staging.forget()
        await end_failed(session, run, error.code, error.detail)
        return
    merge = certificates.merge if run.kind is ImportKind.CERTIFICATES else failures.merge
    await merge(session, staging, run)
    await staging.clear()
    run.sqlmodel_update(facts | asdict(staging.tally))
    run.rows_accepted = run.rows_total - run.rows_rejected
    await _end(session, run, ImportState.COMPLETED)


async def end_failed(session: Session, run: ImportRun, code: str, detail: str) -> None:
    """Leave the import as one that failed, with the reason."""
    zh, en = _WORDS[code]
    run.failure = {"code": code, "title_zh": zh, "title_en": en, "detail": detail}
    run.rows_total = run.rows_rejected = run.warnings = 0
    await _end(session, run, ImportState.FAILED)


async def _end(session: Session, run: ImportRun, state: ImportState) -> None:
    run.state, run.finished_at = state, session.now
    await forget_file(await driver(session), run.id)
    audit.record(session, SYSTEM, "import.finished", run.id, state=state, sha256=run.sha256, rows=run.rows_total)


async def _stage(staging: Staging, sheet: Sheet, judge: Judge) -> dict[str, Any]:
    plan = layout(staging.kind, sheet.headings)
    await staging.fill(plan, sheet.rows, judge)
    return {"encoding": sheet.encoding, "ignored_headings": list(plan.ignored)}


def _judge(run: ImportRun) -> Judge:
    """The rules as of the day on which the file was received, however late its turn comes."""
    today = legal_day(run.received_at)
    if run.kind is ImportKind.CERTIFICATES:
        return partial(certificate_rules.judge, today=today, legacy=run.legacy)
    return partial(failure_rules.judge, today=today, year=run.year or 0)

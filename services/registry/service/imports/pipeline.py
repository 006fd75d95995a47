"""One import from the stored file to its report: extract, validate, stage, merge."""

from dataclasses import asdict
from functools import partial
from typing import Any

from services.registry.models import ImportRun
from services.registry.models.imports import ImportKind, ImportState
from services.registry.rules import certificates as certificate_rules
from services.registry.rules import failures as failure_rules
from services.registry.rules.layout import UnusableFile, layout
from services.registry.service.imports import certificates, failures
from services.registry.service.imports.staging import Progress, Staging, Validator
from services.registry.service.imports.upload import delete_file, stored_file
from services.registry.sheets import Sheet, open_sheet
from shared.core.clock import legal_day
from shared.database.session import Session, driver
from shared.security import audit
from shared.security.auth import SYSTEM

_FAILURE_TITLES = {
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


async def process_import(session: Session, run: ImportRun, progress: Progress) -> None:
    """Import the file of `run`. A broken file changes nothing and leaves the import in state `failed` with the reason.

    The row of `run` is written last: until then its progress is committed from outside this transaction.
    """
    connection = await driver(session)
    kind = "certificate" if run.kind is ImportKind.CERTIFICATES else "sampling_failure"
    staging = Staging(connection, run.id, kind, progress)
    try:
        async with stored_file(connection, run.id) as file:
            with open_sheet(file, run.format) as sheet:
                properties = await _stage(staging, sheet, _validator(run))
    except UnusableFile as error:
        await staging.discard()
        await end_failed(session, run, error.code, error.detail)
        return
    merge = certificates.merge if run.kind is ImportKind.CERTIFICATES else failures.merge
    await merge(session, staging, run)
    await staging.clear()
    run.sqlmodel_update(properties | asdict(staging.counters))
    run.rows_accepted = run.rows_total - run.rows_rejected
    await _end(session, run, ImportState.COMPLETED)


async def end_failed(session: Session, run: ImportRun, code: str, detail: str) -> None:
    """Mark the import as failed, with the reason."""
    zh, en = _FAILURE_TITLES[code]
    run.failure = {"code": code, "title_zh": zh, "title_en": en, "detail": detail}
    run.rows_total = run.rows_rejected = run.warnings = 0
    await _end(session, run, ImportState.FAILED)


async def _end(session: Session, run: ImportRun, state: ImportState) -> None:
    run.state, run.finished_at = state, session.now
    await delete_file(await driver(session), run.id)
    audit.record(session, SYSTEM, "import.finished", run.id, state=state, sha256=run.sha256, rows=run.rows_total)


async def _stage(staging: Staging, sheet: Sheet, validate: Validator) -> dict[str, Any]:
    file_layout = layout(staging.kind, sheet.headings)
    await staging.fill(file_layout, sheet.rows, validate)
    return {"encoding": sheet.encoding, "ignored_headings": list(file_layout.ignored)}


def _validator(run: ImportRun) -> Validator:
    """The rules as of the day on which the file was received, however late it is processed."""
    today = legal_day(run.received_at)
    if run.kind is ImportKind.CERTIFICATES:
        return partial(certificate_rules.validate, today=today, legacy=run.legacy)
    return partial(failure_rules.validate, today=today, year=run.year or 0)

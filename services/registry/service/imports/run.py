"""One import from the received file to its report."""

from dataclasses import asdict, dataclass
from functools import partial

from sqlmodel import col, select

from services.registry.errors import YearRequired
from services.registry.models import ImportRun
from services.registry.models.imports import ImportKind, ImportState
from services.registry.rules import certificates as certificate_rules
from services.registry.rules import failures as failure_rules
from services.registry.rules.layout import UnusableFile, layout
from services.registry.service.imports import certificates, failures
from services.registry.service.imports.staging import Judge, Staging
from services.registry.service.imports.upload import Upload
from services.registry.sheets import Sheet, open_sheet
from shared import audit
from shared.auth import Caller
from shared.clock import legal_day
from shared.db import Session, driver, lock
from shared.ids import new_id

REGISTERING = "registering"
"""The lock of whoever brings new numbers into the registry: imports and declarations come one after the other."""
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
}


@dataclass(frozen=True)
class Request:
    """What is asked: the kind of list, its year where it has one, and whether early 12-digit numbers are let in."""

    kind: ImportKind
    year: int | None = None
    legacy: bool = False


async def import_file(session: Session, upload: Upload, request: Request, *, by: Caller) -> tuple[ImportRun, bool]:
    """Import a file; the second value tells whether the same file was imported before, and this is that import.

    A broken file changes nothing and leaves an import in state `failed` with the reason.

    Raises:
        YearRequired: a list of failed samplings came without its year.
    """
    if request.kind is ImportKind.SAMPLING_FAILURES and request.year is None:
        raise YearRequired(pointer="query/year")
    await lock(session, REGISTERING)
    earlier = await _earlier(session, upload, request)
    if earlier is not None:
        audit.record(session, by, "import.repeated", earlier.id)
        return earlier, True
    run = _started(session, upload, request, by)
    await _carry_out(session, upload, request, run)
    session.add(run)
    audit.record(session, by, "import.finished", run.id, kind=run.kind, state=run.state, sha256=run.sha256, rows=run.rows_total)
    return run, False


async def _earlier(session: Session, upload: Upload, request: Request) -> ImportRun | None:
    same = select(ImportRun).where(
        ImportRun.sha256 == upload.sha256,
        ImportRun.kind == request.kind,
        col(ImportRun.year).is_not_distinct_from(request.year),
        ImportRun.legacy == request.legacy,
        ImportRun.state == ImportState.COMPLETED,
    )
    return (await session.exec(same)).first()


def _started(session: Session, upload: Upload, request: Request, by: Caller) -> ImportRun:
    return ImportRun(
        id=new_id(),
        kind=request.kind,
        year=request.year,
        legacy=request.legacy,
        state=ImportState.COMPLETED,
        sha256=upload.sha256,
        size_bytes=upload.size,
        format=upload.format,
        started_at=session.now,
        finished_at=session.now,
        imported_by=by.subject,
    )


async def _carry_out(session: Session, upload: Upload, request: Request, run: ImportRun) -> None:
    staging = Staging(
        await driver(session), run.id, "certificate" if request.kind is ImportKind.CERTIFICATES else "sampling_failure"
    )
    judge = _judge(session, request)
    try:
        with open_sheet(upload.file, upload.format) as sheet:
            await _stage(staging, sheet, judge, run)
    except UnusableFile as error:
        await staging.forget()
        zh, en = _WORDS[error.code]
        run.state = ImportState.FAILED
        run.failure = {"code": error.code, "title_zh": zh, "title_en": en, "detail": error.detail}
        return
    merge = certificates.merge if request.kind is ImportKind.CERTIFICATES else failures.merge
    await merge(session, staging, run)
    await staging.clear()
    _count(run, staging)


async def _stage(staging: Staging, sheet: Sheet, judge: Judge, run: ImportRun) -> None:
    plan = layout(staging.kind, sheet.headings)
    run.encoding, run.ignored_headings = sheet.encoding, list(plan.ignored)
    await staging.fill(plan, sheet.rows, judge)


def _judge(session: Session, request: Request) -> Judge:
    today = legal_day(session.now)
    if request.kind is ImportKind.CERTIFICATES:
        return partial(certificate_rules.judge, today=today, legacy=request.legacy)
    return partial(failure_rules.judge, today=today, year=request.year or 0)


def _count(run: ImportRun, staging: Staging) -> None:
    for name, count in asdict(staging.tally).items():
        setattr(run, name, count)
    run.rows_accepted = run.rows_total - run.rows_rejected

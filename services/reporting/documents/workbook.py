"""A form as an XLSX workbook that opens in LibreOffice and WPS like the printed form: no formulas, no links."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from services.reporting.rules.reference_data import document

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAPER_SIZES = {"A3": 8, "A4": 9}
MAX_CELL = 32_767
"""Characters that a cell of the format can hold."""
_CUT = "……（全文见台账）"
_LINE, _TALLEST = 13.5, 409.0
"""Points of a line, and the greatest height of a row in the format."""
_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True}
_BOX = {**_FONT, "border": 1}


@dataclass(frozen=True)
class Cover:
    """The text above the rows and in the foot of each page.

    `number` is such as 附件3, empty for the ledger; `watermark` says who exported the list, and when.
    """

    number: str
    title: str
    campaign: str
    org: str
    day: date
    watermark: str


@dataclass(frozen=True)
class _Sheet:
    sheet: Worksheet
    styles: Mapping[str, Format]
    columns: list[dict[str, Any]]


def workbook(name: str, cover: Cover, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The form `annex3`, `annex4` or `ledger` with its rows."""
    layout, buffer = document(name), BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(buffer, options)
    book.set_properties({"title": cover.title, "company": cover.org})
    form = _Sheet(book.add_worksheet(layout["alias_title"][:31]), _styles(book), layout["items"])
    _page(form, layout, cover)
    first = _head(form, layout, cover)
    last = _body(form, first, rows)
    _foot(form, layout, last)
    form.sheet.print_area(0, 0, last + 1, len(form.columns) - 1)
    book.close()
    return buffer.getvalue()


def _styles(book: Workbook) -> dict[str, Format]:
    centred = {"align": "center"}
    return {
        "title": book.add_format({**_FONT, **centred, "font_name": "方正小标宋简体", "font_size": 18, "text_wrap": False}),
        "line": book.add_format({**_FONT, "text_wrap": False}),
        "group": book.add_format({**_BOX, **centred, "bold": True, "bg_color": "#E7E6E6"}),
        "heading": book.add_format({**_BOX, **centred, "bold": True, "bg_color": "#F2F2F2"}),
        # Text stays text when somebody edits the cell or saves it as CSV, whatever sign it begins with.
        "text": book.add_format({**_BOX, "num_format": "@", "quote_prefix": True}),
        "number": book.add_format({**_BOX, **centred, "num_format": "0"}),
        "date": book.add_format({**_BOX, **centred, "num_format": "yyyy-mm-dd"}),
        "money": book.add_format({**_BOX, "num_format": "#,##0.00"}),
    }


def _page(form: _Sheet, layout: Mapping[str, Any], cover: Cover) -> None:
    sheet, paper = form.sheet, layout["sheet"]
    sheet.set_paper(PAPER_SIZES[paper["paper"]])
    if paper["orientation"] == "landscape":
        sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    if paper["fit_width"]:
        sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L&8{cover.watermark.replace('&', '&&')}&C&9第 &P 页 共 &N 页")
    for index, column in enumerate(form.columns):
        sheet.set_column(index, index, column["width"])


def _head(form: _Sheet, layout: Mapping[str, Any], cover: Cover) -> int:
    """Number of the form, title, who reports and when, groups of columns, columns. Returns the first row of the body."""
    line = layout["sheet"]["head_zh"].format(org=cover.org, date=cover.day, campaign=cover.campaign)
    for row, height, text, style in ((0, 20, cover.number, "line"), (1, 34, cover.title, "title"), (2, 20, line, "line")):
        form.sheet.set_row(row, height)
        form.sheet.merge_range(row, 0, row, len(form.columns) - 1, text, form.styles[style])
    form.sheet.set_row(3, 18)
    for group in layout["groups"]:
        _span(form, 3, (group["from"] - 1, group["to"] - 1), group["title_zh"])
    titles = [column["title_zh"] for column in form.columns]
    form.sheet.set_row(4, _height(form, titles))
    for index, title in enumerate(titles):
        form.sheet.write_string(4, index, title, form.styles["heading"])
    form.sheet.repeat_rows(0, 4)
    form.sheet.freeze_panes(5, 0)
    return 5


def _span(form: _Sheet, row: int, columns: tuple[int, int], text: str) -> None:
    first, last = columns
    if first == last:
        form.sheet.write_string(row, first, text, form.styles["group"])
    else:
        form.sheet.merge_range(row, first, row, last, text, form.styles["group"])


def _body(form: _Sheet, first: int, rows: Iterable[Mapping[str, Any]]) -> int:
    """All rows. Returns the row below the last."""
    at = first
    for row in rows:
        values = [row[column["key"]] for column in form.columns]
        form.sheet.set_row(at, _height(form, values))
        for index, (column, value) in enumerate(zip(form.columns, values, strict=True)):
            _cell(form, (at, index), column["format"], value)
        at += 1
    return at


def _cell(form: _Sheet, at: tuple[int, int], kind: str, value: Any) -> None:
    style = form.styles[kind]
    if value is None or value == "":
        form.sheet.write_blank(*at, None, style)
    elif kind == "date" and isinstance(value, date):
        form.sheet.write_datetime(*at, value, style)
    elif kind == "money":
        form.sheet.write_number(*at, value / 100, style)
    elif kind == "number" and isinstance(value, int):
        form.sheet.write_number(*at, value, style)
    else:
        form.sheet.write_string(*at, _fitting(str(value)), form.styles["text"])


def _height(form: _Sheet, values: list[Any]) -> float:
    """Points that the tallest cell needs: wrapped text is not measured by those who open the file, so it is done here."""
    texts = (value if isinstance(value, str) else "" for value in values)
    lines = (_lines(text, column["width"]) for text, column in zip(texts, form.columns, strict=True))
    return float(min(_TALLEST, max(lines) * _LINE + 6))


def _lines(text: str, width: int) -> int:
    """Lines of a wrapped cell: a Chinese character takes two columns, as it takes two bytes in GBK."""
    room = max(2, width - 1)
    if 2 * len(text) <= room and "\n" not in text:
        return 1
    return sum(max(1, -(-len(line.encode("gbk", "replace")) // room)) for line in text.splitlines())


def _fitting(text: str) -> str:
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - len(_CUT)] + _CUT


def _foot(form: _Sheet, layout: Mapping[str, Any], row: int) -> None:
    form.sheet.set_row(row + 1, 24)
    form.sheet.merge_range(row + 1, 0, row + 1, len(form.columns) - 1, layout["sheet"]["foot_zh"], form.styles["line"])

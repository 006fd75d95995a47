"""Rows of text from untrusted CSV and XLSX files."""

from services.registry.sheets.sheet_file import CSV, XLSX, Sheet, format_of, open_sheet

__all__ = ["CSV", "XLSX", "Sheet", "format_of", "open_sheet"]

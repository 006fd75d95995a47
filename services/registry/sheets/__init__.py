"""Rows of text from CSV and XLSX files that strangers made: nothing in a file is believed before it was checked."""

from services.registry.sheets.sheet_file import CSV, XLSX, Sheet, format_of, open_sheet

__all__ = ["CSV", "XLSX", "Sheet", "format_of", "open_sheet"]

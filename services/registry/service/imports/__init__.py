"""Imports: a file is received and kept; later it is checked as a whole, and what is new or changed enters the registry."""

from services.registry.service.imports.receiving import Request, receive
from services.registry.service.imports.work import keep_working, work_off

__all__ = ["Request", "keep_working", "receive", "work_off"]

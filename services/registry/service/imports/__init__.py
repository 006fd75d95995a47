"""Imports: a file is received and kept; later it is checked as a whole, and what is new or changed enters the registry."""

from services.registry.service.imports.upload import Request, receive
from services.registry.service.imports.worker import keep_working, work_off

__all__ = ["Request", "keep_working", "receive", "work_off"]

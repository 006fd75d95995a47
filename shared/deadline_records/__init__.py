"""Deadline records (期限台账): what the services keep of each statutory clock that one of their acts opened.

The engine `shared.deadlines` computes; this package remembers. An act opens, pauses, extends, meets or waives a deadline in
its own transaction; every change has an entry in the append-only history. The scheduler tells each warning once. A new
calendar moves what it must, and says why.
"""

from shared.deadline_records.calendars import in_force
from shared.deadline_records.changes import extend, pause, resume
from shared.deadline_records.closing import meet, waive
from shared.deadline_records.computation import Granted, Paused
from shared.deadline_records.opening import open_deadline, open_many
from shared.deadline_records.scheduler import Docket
from shared.deadline_records.subject import Subject
from shared.deadline_records.tables import DeadlineRecord

__all__ = [
    "DeadlineRecord",
    "Docket",
    "Granted",
    "Paused",
    "Subject",
    "extend",
    "in_force",
    "meet",
    "open_deadline",
    "open_many",
    "pause",
    "resume",
    "waive",
]

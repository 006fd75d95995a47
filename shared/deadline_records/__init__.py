"""Deadline records (期限台账): the statutory deadlines that a service's transactions opened, with their history.

`shared.deadlines` computes; this package stores. A deadline is opened, paused, extended, met or waived in the transaction of
the act itself; every change has an entry in the append-only history. The scheduler publishes each warning once. A new
calendar moves the deadlines whose days it changes, each with the reason.
"""

from shared.deadline_records.calendars import in_force
from shared.deadline_records.changes import extend, pause, resume
from shared.deadline_records.closing import meet, waive
from shared.deadline_records.computation import Granted, Paused
from shared.deadline_records.opening import open_deadline, open_many
from shared.deadline_records.scheduler import DeadlineScheduler
from shared.deadline_records.subject import Subject
from shared.deadline_records.tables import DeadlineRecord

__all__ = [
    "DeadlineRecord",
    "DeadlineScheduler",
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

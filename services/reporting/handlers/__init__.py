"""The event handlers of reporting: each brings the replica up to date."""

from services.reporting.handlers import cases as on_cases
from services.reporting.handlers import deadlines as on_deadlines
from services.reporting.handlers import inspection as on_inspection
from services.reporting.handlers import sampling as on_sampling
from shared.deadline_records import calendar_handlers
from shared.events import Event, cases, inspection, registry, reporting, sampling
from shared.messaging import Handler

HANDLERS: dict[type[Event], Handler] = {
    **on_sampling.HANDLERS,
    **on_inspection.HANDLERS,
    **on_cases.HANDLERS,
    **{owner.DeadlinesWarned: on_deadlines.on_deadlines_warned for owner in (registry, sampling, inspection, cases, reporting)},
    **{
        owner.OverdueDeadlinesClosed: on_deadlines.on_overdue_deadlines_closed
        for owner in (registry, sampling, inspection, cases, reporting)
    },
    **calendar_handlers.HANDLERS,
}
"""For each event that reporting consumes, its handler."""

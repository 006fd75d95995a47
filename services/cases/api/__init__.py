"""The routes of cases: they translate, call the service or read, and decide nothing."""

from services.cases.api import (
    acts,
    cases,
    copies,
    decision,
    duty_crimes,
    execution,
    investigation,
    letters,
    matters,
    party,
    surcharge,
    transfers,
)

ROUTERS = [
    cases.router,
    investigation.router,
    decision.router,
    party.notice_router,
    party.router,
    execution.router,
    surcharge.router,
    acts.router,
    transfers.router,
    matters.router,
    letters.router,
    copies.router,
    duty_crimes.router,
]

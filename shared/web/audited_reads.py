"""Reads of sensitive data over HTTP: each leaves a row in the audit trail, in one transaction with what was read."""

from typing import Any

from fastapi import Depends, Request

from shared.security import audit
from shared.security.auth import identify
from shared.web.dependencies import Transaction


class Audited:
    """The dependency behind `audited()`; keeps its action where the API description and the guards can read it."""

    def __init__(self, action: str) -> None:
        """Audit under `action`, such as `case.read` or `assignments.listed`."""
        self.action = action

    async def __call__(self, request: Request, session: Transaction) -> None:
        """Audit who reads, and with what filters.

        The object of the row is the one that the path names; of a list it is the caller's own organisation.
        """
        by = identify(request)
        first, *more = [*request.path_params.items()] or [("org", by.org)]
        audit.record(session, by, self.action, str(first[1]), **dict(more) | dict(request.query_params))


def audited(action: str) -> Any:
    """Mark a route as a read of sensitive data: in `dependencies=[...]` of the route."""
    return Depends(Audited(action))

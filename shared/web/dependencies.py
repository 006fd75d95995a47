"""What the functions behind our routes ask for: a session that reads, the session of a transaction, the instant."""

from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Request

from shared.database.session import Database, ReadSession, Session


def database_of(request: Request) -> Database:
    """The database of the service that answers `request`."""
    return cast("Database", request.app.state.database)


async def read_session(request: Request) -> ReadSession:
    """The session that the route class opened for this request."""
    return cast("ReadSession", request.state.session)


async def write_session(request: Request) -> Session:
    """The session of the transaction that the route class began for this request."""
    return cast("Session", request.state.session)


async def _instant(request: Request) -> datetime:
    return database_of(request).clock.now()


Reading = Annotated[ReadSession, Depends(read_session)]
"""A session that only reads; inside a transaction, and where the read itself is audited, that of the transaction."""
Transaction = Annotated[Session, Depends(write_session)]
"""The session of the transaction; it commits when the route has returned and before the response is sent."""
Now = Annotated[datetime, Depends(_instant)]
"""The instant of the request, in UTC."""

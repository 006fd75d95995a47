"""The reporting service: `uvicorn services.reporting.main:app`."""

from services import reporting
from services.reporting.api import ROUTERS
from services.reporting.handlers import HANDLERS
from shared.app import create_service
from shared.settings import settings
from shared.web.examples import examples_of

app = create_service(
    "reporting",
    description=reporting.__doc__ or "",
    examples=examples_of("services.reporting"),
    settings=settings(),
    routers=ROUTERS,
    handlers=HANDLERS,
)

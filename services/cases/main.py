"""The service as a web application: `uvicorn services.cases.main:app`."""

from services import cases
from services.cases.api import ROUTERS
from services.cases.handlers import HANDLERS
from shared.app import create_service
from shared.settings import settings
from shared.web.examples import examples_of

app = create_service(
    "cases",
    description=cases.__doc__ or "",
    examples=examples_of("services.cases"),
    settings=settings(),
    routers=ROUTERS,
    handlers=HANDLERS,
)

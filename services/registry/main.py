"""The registry as a process: `uvicorn services.registry.main:app`."""

from services import registry
from services.registry.api import ROUTERS
from services.registry.handlers import HANDLERS
from shared.app import create_service
from shared.settings import settings
from shared.web.examples import examples_of

app = create_service(
    "registry",
    description=registry.__doc__ or "",
    examples=examples_of("services.registry"),
    settings=settings(),
    routers=ROUTERS,
    handlers=HANDLERS,
)

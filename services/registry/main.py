"""The registry as a process: `uvicorn services.registry.main:app`."""

from services.registry.api import ROUTERS
from services.registry.handlers import HANDLERS
from shared.app import create_service
from shared.settings import settings

app = create_service("registry", settings=settings(), routers=ROUTERS, handlers=HANDLERS)

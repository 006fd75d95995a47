"""The reporting service."""

from services.reporting.api import ROUTERS
from services.reporting.handlers import HANDLERS
from shared.app import create_service
from shared.settings import settings

app = create_service("reporting", settings=settings(), routers=ROUTERS, handlers=HANDLERS)

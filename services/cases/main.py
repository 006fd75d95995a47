"""The service as a web application: `uvicorn services.cases.main:app`."""

from services.cases.api import ROUTERS
from services.cases.handlers import HANDLERS
from shared.app import create_service
from shared.settings import settings

app = create_service("cases", settings=settings(), routers=ROUTERS, handlers=HANDLERS)

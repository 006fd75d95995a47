"""The inspection service: `uvicorn services.inspection.main:app`."""

from services.inspection import api, forms
from services.inspection.handlers import HANDLERS
from shared.app import create_service
from shared.settings import settings

forms.require_fonts()
app = create_service("inspection", settings=settings(), routers=api.ROUTERS, handlers=HANDLERS)

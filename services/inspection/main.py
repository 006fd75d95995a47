"""The inspection service: `uvicorn services.inspection.main:app`."""

from services.inspection import api
from services.inspection.handlers import HANDLERS
from shared.app import create_service
from shared.core.pdf import require_fonts
from shared.settings import settings

require_fonts()
app = create_service("inspection", settings=settings(), routers=api.ROUTERS, handlers=HANDLERS)

"""The process: `uvicorn services.sampling.main:app`."""

from services.sampling.api import ROUTERS
from services.sampling.handlers import HANDLERS
from shared.app import create_service
from shared.core.pdf import require_fonts
from shared.settings import settings

require_fonts()
app = create_service("sampling", settings=settings(), routers=ROUTERS, handlers=HANDLERS)

"""The inspection service: `uvicorn services.inspection.main:app`."""

from services import inspection
from services.inspection import api
from services.inspection.handlers import HANDLERS
from shared.app import create_service
from shared.core.pdf import require_fonts
from shared.settings import settings
from shared.web.examples import examples_of

require_fonts()
app = create_service(
    "inspection",
    description=inspection.__doc__ or "",
    examples=examples_of("services.inspection"),
    settings=settings(),
    routers=api.ROUTERS,
    handlers=HANDLERS,
)

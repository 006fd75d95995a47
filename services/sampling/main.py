"""The process: `uvicorn services.sampling.main:app`."""

from services import sampling
from services.sampling.api import ROUTERS
from services.sampling.handlers import HANDLERS
from shared.app import create_service
from shared.core.pdf import require_fonts
from shared.settings import settings
from shared.web.examples import examples_of

require_fonts()
app = create_service(
    "sampling",
    description=sampling.__doc__ or "",
    examples=examples_of("services.sampling"),
    settings=settings(),
    routers=ROUTERS,
    handlers=HANDLERS,
)

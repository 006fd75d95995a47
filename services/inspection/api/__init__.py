"""Routes of the inspection service."""

from services.inspection.api import confirmation_sheets, evidence, inspections, notices, record, rectifications

ROUTERS = (
    inspections.router,
    notices.router,
    record.router,
    record.finding_router,
    evidence.inspection_router,
    evidence.rectification_router,
    evidence.router,
    confirmation_sheets.router,
    rectifications.router,
    rectifications.alert_router,
)

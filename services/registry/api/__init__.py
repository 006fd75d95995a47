"""Routes of the registry."""

from services.registry.api import calculations, calendars, certificates, declarations, enterprises, imports, reference

ROUTERS = [
    reference.router,
    imports.router,
    enterprises.router,
    certificates.router,
    declarations.router,
    calendars.router,
    calculations.router,
]

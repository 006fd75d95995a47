"""Routes of the registry."""

from services.registry.api import certificates, declarations, enterprises, imports, reference

ROUTERS = [reference.router, imports.router, enterprises.router, certificates.router, declarations.router]

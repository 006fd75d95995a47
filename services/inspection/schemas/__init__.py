"""Request and response bodies of the inspection service."""

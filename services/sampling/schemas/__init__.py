"""Request and response bodies of sampling."""

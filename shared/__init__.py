"""The library that the five services have in common; it knows no service."""

__version__ = "1.0.0"
"""The one version of the package, the HTTP APIs and the events; what breaks a caller raises its first number."""

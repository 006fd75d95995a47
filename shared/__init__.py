"""The library that the five services have in common; it knows no service."""

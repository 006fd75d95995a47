"""How the five services are installed, started and looked after.

Nothing in `services` or `shared` imports from here.
"""

from pathlib import Path

SERVICES: tuple[str, ...] = ("registry", "sampling", "inspection", "cases", "reporting")
"""The services, in the order in which they are shown and in which their default ports follow each other."""

ROOT = Path(__file__).resolve().parent.parent
"""The directory that holds `services`, `shared` and `deploy`."""

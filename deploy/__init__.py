"""How the services are installed, started and looked after.

Nothing in `services` or `shared` imports from here.
"""

from pathlib import Path

from shared.core.services import SERVICES

ROOT = Path(__file__).resolve().parent.parent
"""The directory that holds `services`, `shared` and `deploy`."""

__all__ = ["ROOT", "SERVICES"]

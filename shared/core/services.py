"""The services of the platform. The list is `services.txt` beside this file, which shell scripts read too."""

from pathlib import Path
from typing import Final

SERVICES: Final = tuple(Path(__file__).with_name("services.txt").read_text("utf-8").split())
"""In the order in which they are shown and in which their default ports follow each other."""

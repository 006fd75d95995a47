"""What all services share over HTTP, tried on the routes that every service has."""

import pytest


@pytest.fixture
def services() -> tuple[str, ...]:
    return ("registry",)

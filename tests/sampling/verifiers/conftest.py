from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sampling.verifiers.browser import Browser, chromium
from tests.sampling.verifiers.verdicts import PAGE


@pytest.fixture(scope="session")
def page() -> Iterator[Browser]:
    """The verifier's page, opened from its file with the network off."""
    with chromium() as browser:
        browser.open(PAGE)
        yield browser

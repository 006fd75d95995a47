"""The start page and the docs page of every service: they work with the network off, and ask for nothing from elsewhere."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from deploy.local import state
from deploy.local.home import Home
from shared.core.services import SERVICES
from tests.sampling.verifiers.browser import Browser, chromium

pytestmark = [pytest.mark.journey]
LOADS = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}
"""What a page loads by itself, without a click."""
REQUESTED = "return performance.getEntriesByType('resource').map(one => one.name)"
"""Every address that the page has asked for, those of its scripts too."""


class Loaded(HTMLParser):
    """The addresses that a page loads by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name == LOADS.get(tag) and value]


@pytest.fixture(scope="module")
def urls(campaign_home: Home, campaign: dict[str, Any]) -> dict[str, str]:
    assert campaign["done"]
    now = state.running(campaign_home)
    assert now is not None
    return now.urls


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def foreign(service: str, addresses: list[str]) -> list[str]:
    return [one for one in addresses if urlsplit(urljoin(service, one)).netloc != urlsplit(service).netloc]


@pytest.mark.parametrize("path", ["/", "/docs"])
@pytest.mark.parametrize("service", SERVICES)
def test_a_page_names_nothing_from_elsewhere_that_it_would_load(service: str, path: str, urls: dict[str, str]) -> None:
    answer = httpx.get(urls[service] + path)
    page = Loaded()
    page.feed(answer.text)
    assert page.found
    assert foreign(urls[service], page.found) == []
    styles = "".join(re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL))
    assert re.findall(r"url\(|@import", styles) == []
    assert {httpx.get(urljoin(urls[service], one)).status_code for one in page.found} == {200}


@pytest.mark.browser
@pytest.mark.parametrize("service", SERVICES)
def test_the_docs_show_every_operation_in_a_browser_without_a_network(
    service: str, urls: dict[str, str], browser: Browser
) -> None:
    browser.visit(f"{urls[service]}/docs")
    named = sum(len(operations) for operations in httpx.get(f"{urls[service]}/openapi.json").json()["paths"].values())
    shown = browser.until(f"const n = document.querySelectorAll('.opblock').length; return n >= {named} && n;")
    assert shown == named
    assert foreign(urls[service], browser.run(REQUESTED)) == []


@pytest.mark.browser
@pytest.mark.parametrize("service", SERVICES)
def test_the_start_page_shows_the_service_in_a_browser_without_a_network(
    service: str, urls: dict[str, str], browser: Browser
) -> None:
    browser.visit(f"{urls[service]}/")
    assert browser.until("return document.querySelector('h1').textContent").endswith(service)
    links = browser.run("return [...document.links].map(one => one.href)")
    assert set(urls.values()) - {urls[service]} <= {link.rstrip("/") for link in links} | {urls[service]}
    assert foreign(urls[service], browser.run(REQUESTED)) == []

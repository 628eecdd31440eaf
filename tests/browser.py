"""A real browser for tests. Playwright allows one of itself at a time in a process, and no ORM
beside it, so it lives as long as one file of tests."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserType, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browsers() -> Iterator[BrowserType]:
    """Whoever needs another browser asks here."""
    with sync_playwright() as play:
        yield play.chromium


def started(browsers: BrowserType, *flags: str) -> Browser:
    found = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    return browsers.launch(executable_path=found, args=[*FLAGS, *flags])


@pytest.fixture(scope="module")
def chromium(browsers: BrowserType) -> Iterator[Browser]:
    browser = started(browsers)
    yield browser
    browser.close()

"""Who walks through the product: a guide at her phone, head office at a desk."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import browsers, chromium  # noqa: F401 fixtures
from tests.journeys.shop import Shop, copy_of, pattern
from tests.journeys.visitor import PATIENCE_MS, Visitor

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def chain(testrun_uid: str) -> Iterator[tuple[Path, dict[str, str]]]:
    with pattern(testrun_uid or str(os.getpid())) as made:
        yield made


@pytest.fixture(scope="module")
def shop(chain: tuple[Path, dict[str, str]]) -> Iterator[Shop]:
    """Open on Monday at nine; one for each file of journeys, which may move its clock."""
    with copy_of(chain) as shop:
        shop.open()
        yield shop


@pytest.fixture
def comes(shop: Shop, chromium: Browser) -> Iterator[Callable[..., Visitor]]:  # noqa: F811
    """`comes("zhou")`: she is there, at her phone, and signs in when she is asked to."""
    here: list[Visitor] = []

    def visitor(name: str = "", **how: object) -> Visitor:
        here.append(Visitor(chromium, shop, **how))  # type: ignore[arg-type]
        if name:
            here[-1].sign_in(name)
        return here[-1]

    yield visitor
    troubles = [trouble for one in here for trouble in one.leave()]
    assert troubles == [], "said in the browser's console"

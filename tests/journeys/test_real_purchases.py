"""A year of purchases that nobody here made up: imported, foreseen, and on a guide's phone.

With WARMLINE_SCREENSHOTS=1 it is the morning of the README's picture; else one of January, which
is imported sooner.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.shop import ROOT, Shop
from tests.journeys.test_screenshots import TAKEN, show
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.journey, pytest.mark.slow]
DAY = "2017-10-12" if TAKEN else "2017-01-25"
LONG_S = 1200


@pytest.fixture(scope="module")
def panel() -> Iterator[Shop]:
    with tempfile.TemporaryDirectory(prefix="warmline-panel-") as place:
        home = Path(place)
        home.chmod(0o755)  # root's server runs as another user
        shop = Shop(home, {})
        shop.clock(f"{DAY}T08:00:00-05:00")
        command = [sys.executable, "examples/complete_journey.py", "--on", DAY, "--data", shop.data]
        made = subprocess.run(
            command, cwd=ROOT, env=shop.environment(), capture_output=True, text=True, timeout=LONG_S
        )  # fmt: skip
        assert made.returncode == 0, made.stdout[-2000:] + made.stderr[-2000:]
        [(name, password)] = re.findall(r"Sign in as (\w+) with (\S+)", made.stdout)
        shop.passwords |= {"": password, "name": name}
        try:
            shop.open()
            yield shop
        finally:
            shop.kill()


def test_a_guide_sees_whom_to_call_and_why(panel: Shop, chromium: Browser) -> None:
    visitor = Visitor(chromium, panel)
    visitor.sign_in(panel.passwords["name"])
    cards = visitor.page.locator("article.card.call")
    expect(cards.first).to_contain_text("Household")
    show(visitor.page, "today-complete-journey")
    assert visitor.leave() == []


def test_the_books_of_it_are_in_order(panel: Shop) -> None:
    checked = panel.run("check")
    assert checked.returncode == 0, checked.stdout

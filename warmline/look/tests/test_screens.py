"""The kit in a real browser: no barrier, no broken rule, in both colours and at both widths."""

import os
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.journey

AXE = Path(__file__).resolve().parents[3] / "tests/vendor/axe.min.js"
SCREENS = {
    "today": "/",
    "family": "/families/",
    "board": "/hq/",
    "stale": "/me/",
    "scan": "/scan/",
    "forms": "/forms/",
}
AUDIT = """() => axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
    .then(found => found.violations.map(v => `${v.id}: ${v.nodes.map(n => n.html).slice(0, 3)}`))"""


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_has_no_barriers(screens: str, chromium: Browser, name: str) -> None:
    context = chromium.new_context(bypass_csp=True)  # axe puts itself into the page
    page = context.new_page()
    for width, scheme in product((390, 1280), ("light", "dark")):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        page.goto(screens + SCREENS[name])
        if folder := os.environ.get("LOOK_SHOTS"):
            page.screenshot(path=f"{folder}/{name}-{width}-{scheme}.png", full_page=True)
        page.add_script_tag(path=AXE)
        assert page.evaluate(AUDIT) == []
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, "the page can be pushed sideways"
    context.close()


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_obeys_the_content_security_policy(
    screens: str, chromium: Browser, name: str
) -> None:
    page = chromium.new_page()
    problems: list[str] = []
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    answer = page.goto(screens + SCREENS[name], wait_until="networkidle")
    assert answer is not None
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    page.close()
    assert problems == []

"""Somebody with a browser. Whatever page she looks at is looked over as well."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from tests.journeys.shop import Shop

AXE = (Path(__file__).parents[1] / "vendor/axe.min.js").read_text()
SIZES = {"phone": (390, 844), "desk": (1280, 800)}
PATIENCE_MS = 30_000
AUDIT = """() => axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
    .then(found => found.violations.map(v => `${v.id}: ${v.nodes.map(n => n.html).slice(0, 3)}`))"""
RING = """addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='tel:']");
    if (link) { event.preventDefault(); document.documentElement.dataset.rang = link.href; }
})"""
TAPS = """() => {
    window.taps = 0;
    document.addEventListener("pointerdown", () => { window.taps += 1 }, { capture: true });
}"""
SMALL = """() => [...document.querySelectorAll(".button, .choice, .tabs a, summary")]
    .filter(e => e.checkVisibility() && !e.closest(".timeline"))
    .map(e => [e.getBoundingClientRect(), e])
    .filter(([box]) => box.height < 40)
    .map(([box, e]) => `${e.outerHTML.slice(0, 80)} is ${Math.round(box.height)} px high`)"""


class Visitor:
    """At a phone or a desk, in Chinese or English, in the light or the dark."""

    def __init__(
        self,
        browser: Browser,
        shop: Shop,
        *,
        at: str = "phone",
        language: str = "zh-CN",
        scheme: Any = "light",
        known: Any = None,
    ) -> None:
        """`known` is what another of her browsers holds: she is signed in already."""
        width, height = SIZES[at]
        self.shop, self.is_phone = shop, at == "phone"
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=language,
            color_scheme=scheme,
            base_url=shop.address,
            has_touch=self.is_phone,
            is_mobile=self.is_phone,
            storage_state=known,
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(RING)  # no telephone here: the number is noted instead
        self.troubles: list[str] = []
        self.forgiven: list[str] = []
        self.context.on("weberror", lambda e: self.troubles.append(str(e.error)))
        self.context.on("console", self._hear)
        self.page: Page = self.context.new_page()

    def _hear(self, said: Any) -> None:
        if said.type == "error":
            self.troubles.append(f"{said.text} ({said.location.get('url', '')})")

    def forgive(self, *words: str) -> None:
        """A journey that cuts the network, or knocks at a wrong door, expects to hear of it."""
        self.forgiven += words

    def leave(self) -> list[str]:
        self.context.close()
        return [t for t in self.troubles if not any(words in t for words in self.forgiven)]

    def sign_in(self, name: str, password: str = "") -> None:
        page = self.page
        if "/accounts/login/" not in page.url:
            page.goto("/accounts/login/")
        page.locator("[name=login]").fill(name)
        page.locator("[name=password]").fill(password or self.shop.passwords[""])
        page.locator("main button.main").click()
        page.wait_for_url(lambda url: "/accounts/login/" not in url)

    def count_taps(self) -> None:
        self.page.evaluate(TAPS)

    def taps(self) -> int:
        return int(self.page.evaluate("window.taps"))

    def rang(self) -> str:
        """The number that was last tapped."""
        return str(self.page.evaluate("document.documentElement.dataset.rang ?? ''"))

    def look(self, page: Page | None = None) -> None:
        """No barrier, nothing wider than the screen, nothing too small for a thumb."""
        page = page or self.page
        session = self.context.new_cdp_session(page)
        session.send("Runtime.evaluate", {"expression": f"window.axe || (() => {{{AXE}}})()"})
        session.detach()
        barriers = page.evaluate(AUDIT)
        assert not barriers, f"{page.url}: {barriers}"
        assert page.viewport_size is not None
        # Not innerWidth: a phone makes that as wide as whatever sticks out.
        wide = page.evaluate("document.documentElement.scrollWidth") - page.viewport_size["width"]
        assert wide <= 0, f"{page.url} can be pushed sideways by {wide} px"
        if self.is_phone:
            assert page.evaluate(SMALL) == [], page.url


def outcome(sheet: Locator, value: str) -> Locator:
    """The button of the call sheet that says what came of the call."""
    return sheet.locator(f"label.choice:has(input[value={value}])")

#!/usr/bin/env python3
"""Draw the PNG icons of the installable guide from look/icon.svg, with Chromium."""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

LOOK = Path(__file__).resolve().parent.parent / "warmline/look/static/look"
# A maskable icon is cut to any shape by the phone: the drawing fills the square and stands smaller.
DRAWN = {"icon-180": 180, "icon-192": 192, "icon-512": 512, "icon-maskable-512": 512}


def page_for(name: str, svg: str, size: int) -> str:
    if name != "icon-192" and name != "icon-512":
        svg = svg.replace(' rx="116"', "")
    if "maskable" in name:
        svg = svg.replace("<g ", '<g transform="translate(51 51) scale(.8)" ')
    return (
        f"<body style='margin:0;background:transparent'>"
        f"<div style='width:{size}px;height:{size}px;display:grid'>{svg}</div></body>"
    )


def main() -> None:
    svg = (LOOK / "icon.svg").read_text()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, size in DRAWN.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(page_for(name, svg, size))
            page.screenshot(path=LOOK / f"{name}.png", omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()

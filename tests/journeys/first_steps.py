"""Head office's first sign-in: a password of her own, and a second factor."""

import base64
import hashlib
import hmac
import struct
import time

from playwright.sync_api import expect

from tests.journeys.visitor import Visitor


def code_of(secret: str) -> str:
    """What an authenticator shows now (RFC 6238)."""
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    place = digest[-1] & 15
    [number] = struct.unpack(">I", digest[place : place + 4])
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06d}"


def choose_password(visitor: Visitor, *, old: str, new: str) -> None:
    page = visitor.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("先设一个自己的密码")
    visitor.look()
    page.locator("[name=oldpassword]").fill(old)
    for name in ("password1", "password2"):
        page.locator(f"[name={name}]").fill(new)
    page.locator("main button.main").click()
    page.wait_for_url(lambda url: "password/change" not in url)


def first_steps(visitor: Visitor, name: str = "hq") -> None:
    page, given = visitor.page, visitor.shop.passwords[name]
    visitor.sign_in(name, given)
    page.goto("/hq/")
    choose_password(visitor, old=given, new="warm-tea-at-dusk")
    page.goto("/hq/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("手机就是您的第二把钥匙")
    visitor.look()
    code = page.locator("main img").bounding_box()
    assert code is not None
    assert code["width"] >= 180, "large enough for a phone's camera"
    for _half_minute in range(3):  # a code may grow old on its way
        page.locator("[name=code]").fill(code_of(page.locator("main code").inner_text().strip()))
        with page.expect_navigation():
            page.locator("main button.main").click()
        if "totp/activate" not in page.url:
            break
    visitor.look()
    page.goto("/hq/")
    expect(page.locator("nav a[href='/hq/playbooks/']")).to_be_visible()

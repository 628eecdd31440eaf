"""What the tags put into a page."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils.translation import override

from warmline.look.phones import masked

pytestmark = pytest.mark.urls("warmline.look.tests.screens")


def rendered(source: str, **context: object) -> str:
    with override("zh-hans"):
        return Template(source).render(Context(context))


@pytest.fixture(autouse=True)
def morning(clock: Callable[[str], None]) -> None:
    clock("2026-11-21T09:30:00+08:00")


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800005678", "138****5678"),
        ("+86 138 0000 5678", "138****5678"),
        ("5678", "****5678"),
        ("028-8512345", "028****2345"),
        ("", ""),
    ],
)
def test_a_phone_number_shows_its_last_four(phone: str, shown: str) -> None:
    assert masked(phone) == shown


def test_a_day_has_its_year_only_when_it_is_not_this_one() -> None:
    assert rendered("{% day d %}", d=date(2026, 11, 21)) == "11月21日 星期六"
    assert rendered("{% day d %}", d=date(2017, 3, 5)) == "2017年3月5日 星期日"


def test_an_unknown_birthday_says_nothing() -> None:
    assert rendered("{% age born %}", born=None) == ""


def test_an_icon_without_words_is_silent() -> None:
    assert 'aria-hidden="true"' in rendered("{% icon 'phone' %}")
    spoken = rendered("{% icon 'phone' words %}", words="打给<林晓>")
    assert 'role="img" aria-label="打给&lt;林晓&gt;"' in spoken


def test_an_icon_that_is_not_in_the_sprite_is_a_mistake() -> None:
    with pytest.raises(TemplateSyntaxError):
        rendered("{% icon 'unicorn' %}")


@pytest.mark.parametrize(
    ("path", "here"), [("/families/", True), ("/families/7/", True), ("/", False), ("/me/", False)]
)
def test_a_tab_is_current_on_the_screens_below_it(path: str, here: bool) -> None:
    page = rendered(
        "{% nav_link '/families/' 'house' '家庭' %}", request=RequestFactory().get(path)
    )
    assert ("aria-current" in page) is here


def test_the_first_screen_is_current_only_on_itself() -> None:
    page = rendered("{% nav_link '/' 'sun' '今天' %}", request=RequestFactory().get("/me/"))
    assert "aria-current" not in page


def test_only_two_themes_can_be_chosen() -> None:
    for cookie, shown in [("dark", "dark"), ('"><script>', ""), ("", "")]:
        request = SimpleNamespace(COOKIES={"theme": cookie})
        assert rendered("{% theme %}", request=request) == shown

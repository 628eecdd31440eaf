"""A long list: as many statements as a short one, a day's worth of cards, and the others on asking."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from warmline.base.clock import now
from warmline.core.people import joining, remembering
from warmline.core.people.models import Consent, Reading
from warmline.core.promises.models import Promise


@pytest.fixture
def owe(store, zhou):
    """So many families, each owed a call later today."""

    def make(many, *, first=0):
        for n in range(first, first + many):
            family = joining.join(
                store=store,
                by=zhou,
                name=f"家长{n}",
                phone=f"139{n:08}",
                babies=[
                    joining.Baby(name=f"宝宝{n}", born_on=now().date() - timedelta(days=90 + n))
                ],
                consents=list(Consent.Purpose),
            )
            remembering.remember(family, by=zhou, kind="avoid", text=f"不要提{n}")
            due_at = now() + timedelta(hours=3, minutes=n)
            Promise.make(
                "care.node", household=family, keeper=zhou, due_at=due_at, words=f"约定{n}"
            )

    return make


def statements(page, path="/"):
    with CaptureQueriesContext(connection) as asked:
        assert page.get(path).status_code == 200
    return len(asked)


def test_two_hundred_families_cost_as_many_statements_as_five(page, owe):
    owe(5)
    page.get("/")  # what is looked up once
    of_five = statements(page)
    owe(195, first=5)
    assert statements(page) == of_five
    assert of_five <= 9  # two of them reckon a sundown that no night has laid out yet
    listed = statements(page, "/families/")
    assert listed <= 8


def test_a_day_s_worth_is_shown_and_the_others_follow_on_asking(page, owe, zhou):
    owe(33)
    html = page.get("/").content.decode()
    assert "今天有 33 个约定" in html
    assert html.count('<article class="card') == 20
    assert "再看 13 个" in html
    last = Promise.objects.get(words="约定19")
    assert f"?group=sundown&amp;after={last.pk}" in html
    assert len(Reading.objects.latest("pk").households) == 20  # what was not shown was not read

    rest = page.get("/", {"group": "sundown", "after": last.pk}, headers={"HX-Request": "true"})
    more = rest.content.decode()
    assert more.count('<article class="card') == 13
    assert "<html" not in more
    assert "约定20" in more
    assert "约定19" not in more
    assert len(Reading.objects.latest("pk").households) == 13

    without_script = page.get("/", {"group": "sundown", "after": last.pk}).content.decode()
    assert "<html" in without_script
    assert without_script.count('<article class="card') == 13


def test_the_coming_days_have_names(page):
    assert "周日 11月22日" in page.get("/").content.decode()

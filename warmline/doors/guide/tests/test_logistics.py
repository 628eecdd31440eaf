"""Who moves parcels has no business with families: none of the guide's pages is there for her."""

import pytest
from django.urls import reverse

from warmline.core.people import searching
from warmline.core.people.models import Household, Staff


@pytest.fixture
def gao(store):
    return Staff.objects.create_user("gao", "-", name="高远", role="logistics")


@pytest.fixture
def page(client, gao):
    client.force_login(gao)
    return client


@pytest.mark.parametrize("screen", ["families", "family-new", "scan", "region"])
def test_the_guides_screens_are_not_there(page, screen):
    assert page.get(reverse(f"guide:{screen}")).status_code == 404


def test_the_first_page_leads_her_to_her_own(page):
    """A wrong link says "to the first page", which was a wrong link again."""
    assert page.get(reverse("guide:today"))["Location"] == reverse("guide:me")
    assert "还没有指定您在哪里扫码" in page.get(reverse("guide:me")).content.decode()


@pytest.mark.parametrize("screen", ["family", "dates", "people", "standing", "timeline"])
def test_no_family_is_there(page, lin, screen):
    assert page.get(reverse(f"guide:{screen}", args=[lin.pk])).status_code == 404


def test_she_changes_nothing_of_a_family(page, lin):
    for act in ("contacts", "notes", "members", "consents", "messages", "complaints"):
        assert page.post(reverse(f"guide:{act}", args=[lin.pk]), {}).status_code == 404


def test_no_search_finds_a_family_for_her(gao, lin):
    assert searching.find(gao, "林晓") == []
    assert not Household.objects.seen_by(gao).exists()


def test_her_own_page_is_there_and_leads_nowhere_else(page):
    html = page.get(reverse("guide:me")).content.decode()
    assert "高远" in html
    assert 'href="/families/"' not in html
    assert page.get(reverse("hq:home")).status_code == 404


def test_she_is_led_there_when_she_signs_in(client, gao):
    gao.set_password("a-tin-of-plum-wine")
    gao.save()
    said = {"login": "gao", "password": "a-tin-of-plum-wine"}
    assert client.post(reverse("account_login"), said)["Location"] == reverse("guide:me")

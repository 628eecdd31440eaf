"""Who manages a region sees how each of its stores stands, and goes into a store's day."""

from datetime import timedelta

import pytest
from django.urls import reverse

from warmline.base.clock import now
from warmline.core.people.models import Reading, Region, Staff, Store
from warmline.core.promises.models import Promise


def come(client, **facts):
    qin = Staff.objects.create_user("qin", "-", name="秦岚", **facts)
    client.force_login(qin)
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


@pytest.fixture
def region(store):
    region = Region.objects.create(code="SC", name="川西大区")
    Store.objects.filter(pk=store.pk).update(region=region)
    Store.objects.create(code="JN", name="金牛店", region=region)
    return region


@pytest.fixture
def qin(client, region):
    return come(client, role="manager", region=region)


@pytest.fixture
def owed(lin, zhou):
    for hours in (-2, 3):
        due_at = now() + timedelta(hours=hours)
        Promise.make("contacts.call_back", household=lin, keeper=zhou, due_at=due_at, words="问好")
    Promise.make("x", household=lin, keeper=zhou, due_at=now() + timedelta(days=3))


def test_she_lands_on_her_stores_the_late_ones_first(qin, owed, wu):
    landed = qin.get("/", follow=True)
    assert landed.redirect_chain[-1][0] == reverse("guide:region")
    html = landed.content.decode()
    assert html.index("春熙路店") < html.index("金牛店")
    assert "2 个要兑现" in html
    assert "逾期 1 个" in html
    assert "建设路店" not in html


def test_the_stores_cost_the_same_number_of_queries_however_many(
    qin, region, owed, django_assert_max_num_queries
):
    for n in range(12):
        Store.objects.create(code=f"N{n}", name=f"{n}号店", region=region)
    qin.get(reverse("guide:region"))
    with django_assert_max_num_queries(6):
        qin.get(reverse("guide:region"))


def test_a_store_of_hers_opens_its_day_and_the_read_is_audited(qin, store, lin, owed):
    html = qin.get(reverse("guide:store-day", args=[store.pk])).content.decode()
    assert "林晓" in html
    assert "问好" in html
    assert Reading.objects.latest("pk").households == [lin.pk]


def test_a_store_of_another_region_is_not_there(qin, wu):
    assert qin.get(reverse("guide:store-day", args=[wu.store_id])).status_code == 404


def test_head_office_sees_every_store_and_a_guide_none_of_this(client, store, wu, zhou):
    html = come(client, role="hq").get(reverse("guide:region")).content.decode()
    assert "春熙路店" in html
    assert "建设路店" in html
    client.force_login(zhou)
    assert client.get(reverse("guide:region")).status_code == 404
    assert client.get(reverse("guide:store-day", args=[store.pk])).status_code == 404

"""Head office's pages open, cost a constant number of queries, export, and are nobody else's."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from warmline.base.clock import now
from warmline.core.journal.models import Entry
from warmline.core.people import joining
from warmline.core.people.models import (
    Consent,
    DayOff,
    HandoverItem,
    Merge,
    Reading,
    Region,
    Staff,
    Store,
    StoreDay,
    Token,
)
from warmline.core.playbooks.models import Playbook
from warmline.core.promises.models import Promise

PAGES = [
    "home", "playbooks", "playbook-new", "products", "product-new", "stores", "store-new", "staff",
    "person-new", "regions", "region-new", "days", "tokens", "outbox", "aside", "readings", "merges", "rules",
    "recalls", "recall-new", "lots", "lot-new", "batches", "partners", "partner-new", "prefixes", "oddities",
    "gaps", "suspects",
]  # fmt: skip


@pytest.fixture
def store(db):
    return Store.objects.create(code="CX", name="春熙路店", latitude=30.657, longitude=104.081)


@pytest.fixture
def zhou(store):
    return Staff.objects.create_user("zhou", "-", name="周洁", store=store, role="guide")


@pytest.fixture
def lin(zhou, store):
    return joining.join(
        store=store,
        by=zhou,
        name="林晓",
        phone="13812345678",
        babies=[joining.Baby(name="安安", born_on=date(2026, 7, 9))],
        consents=list(Consent.Purpose),
    )


def sign_in(client, role):
    staff = Staff.objects.create_user(f"{role}1", "-", name=role, role=role)
    client.force_login(staff)
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


@pytest.fixture
def hq(client, db):
    return sign_in(client, "hq")


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_with_nothing_in_it(hq, name):
    assert hq.get(reverse(f"hq:{name}")).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_a_guide_finds_nothing_there(client, zhou, name):
    client.force_login(zhou)
    assert client.get(reverse(f"hq:{name}")).status_code == 404


def test_an_auditor_looks_and_changes_nothing(client, store):
    auditor = sign_in(client, "auditor")
    assert auditor.get(reverse("hq:stores")).status_code == 200
    assert auditor.post(reverse("hq:store", args=[store.pk]), {}).status_code == 403


def test_the_first_page_says_what_was_kept(hq, lin, zhou, store):
    for n in range(4):
        promise = Promise.make("x", household=lin, keeper=zhou, due_at=now() + timedelta(seconds=n))
        promise.keep() if n else promise.break_()
    Promise.objects.update(due_at=now() - timedelta(hours=1))
    html = hq.get(reverse("hq:home")).content.decode()
    assert "75.0%" in html
    assert "周洁" in html


def test_a_store_keeps_two_intervals_a_day(hq, store):
    said = {"code": "CX", "name": "春熙路店", "time_zone": "Asia/Shanghai", "is_open": "on"}
    hours = {f"hours_{n}": "9:00-12:00，14:00-21:00" for n in range(6)} | {"hours_6": ""}
    assert hq.post(reverse("hq:store", args=[store.pk]), said | hours).status_code == 302
    store.refresh_from_db()
    assert store.hours[0] == [["09:00", "12:00"], ["14:00", "21:00"]]
    assert store.hours[6] == []
    for mistake in (
        {"hours_0": "nine to five"},
        {"hours_0": "9:00-13:00, 12:00-18:00"},
        {"hours_0": "9:00-24:30"},
        {"time_zone": "China/Beijing"},
    ):
        wrong = hq.post(reverse("hq:store", args=[store.pk]), said | hours | mistake)
        assert wrong.status_code == 422


def test_a_region_has_stores_and_a_manager(hq, store):
    other = Store.objects.create(code="JS", name="建设路店")
    said = {"code": "SC", "name": "四川", "stores": [store.pk, other.pk]}
    made = hq.post(reverse("hq:region-new"), said)
    region = Region.objects.get()
    assert made["Location"] == reverse("hq:region", args=[region.pk])
    assert set(region.stores.all()) == {store, other}
    hq.post(made["Location"], said | {"name": "川渝", "stores": [other.pk]})
    assert [s.name for s in region.stores.all()] == ["建设路店"]
    form = hq.get(reverse("hq:person-new"), {"role": "manager", "region": region.pk})
    assert f'value="{region.pk}" selected' in form.content.decode()
    person = {"username": "qin", "name": "秦岚", "role": "manager", "region": region.pk}
    hq.post(reverse("hq:person-new"), person | {"calls_a_day": 20})
    assert "秦岚" in hq.get(reverse("hq:regions")).content.decode()
    assert "川渝" in hq.get(reverse("hq:staff")).content.decode()
    twice = hq.post(reverse("hq:region-new"), said)
    assert twice.status_code == 422


def test_a_holiday_of_the_whole_chain_is_every_stores_and_can_be_taken_back(hq, store, clock):
    clock("2026-11-23T09:00:00+08:00")
    Store.objects.create(code="JS", name="建设路店")
    on = {"on": "2026-11-25", "name": "半天", "hours": "09:00-12:00，13:00-15:00"}
    assert hq.post(reverse("hq:days"), on).status_code == 302
    closes = StoreDay.objects.filter(on="2026-11-25").values_list("closes_at", flat=True)
    assert [at.astimezone(store.zone).hour for at in closes] == [15, 15]
    assert "09:00–12:00, 13:00–15:00" in hq.get(reverse("hq:days")).content.decode()
    for mistake in ({"on": "2026-11-22"}, {"hours": "9 to 5"}, {"name": ""}):
        assert hq.post(reverse("hq:days"), on | mistake).status_code == 422
    day = DayOff.objects.get()
    hq.post(reverse("hq:day-end", args=[day.pk]))
    closes = StoreDay.objects.filter(on="2026-11-25").values_list("closes_at", flat=True)
    assert [at.astimezone(store.zone).hour for at in closes] == [21, 21]


def test_a_day_of_one_store_is_taken_back_on_its_page_and_no_others(hq, store, clock):
    clock("2026-11-23T09:00:00+08:00")
    hq.post(reverse("hq:store-day", args=[store.pk]), {"on": "2026-11-25", "name": "停电"})
    day = DayOff.objects.get()
    assert hq.post(reverse("hq:day-end", args=[day.pk])).status_code == 404
    assert hq.post(reverse("hq:store-day-end", args=[store.pk + 1, day.pk])).status_code == 404
    assert hq.post(reverse("hq:store-day-end", args=[store.pk, day.pk])).status_code == 302
    assert not DayOff.objects.exists()


def test_a_token_is_shown_once_works_and_is_taken_back(hq, store, client):
    said = {"name": "收银一号", "role": "guide", "store": ""}
    assert hq.post(reverse("hq:tokens"), said).status_code == 422  # of which store?
    made = hq.post(reverse("hq:tokens"), said | {"store": store.pk})
    [secret] = re.findall(r"wl_[\w-]{32}", made.content.decode())
    assert made["Cache-Control"] == "no-store"
    page = hq.get(reverse("hq:tokens")).content.decode()
    assert "收银一号" in page
    assert secret not in page
    asked = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/api/v1/households", headers=asked).status_code == 200
    token = Token.objects.get()
    for _twice in range(2):
        assert hq.post(reverse("hq:token-end", args=[token.pk])).status_code == 302
    assert Client().get("/api/v1/households", headers=asked).status_code == 401
    told = Entry.objects.filter(kind__startswith="people.token").order_by("pk")
    assert [entry.kind for entry in told] == ["people.token_given", "people.token_taken_back"]
    assert all(entry.by_id for entry in told)


def test_who_moves_parcels_finds_no_head_office(client, store):
    logistics = sign_in(client, "logistics")
    assert logistics.get(reverse("hq:tokens")).status_code == 404


def test_families_are_handed_to_somebody_who_is_there(hq, zhou):
    for nobody in ("", "x", "999999"):
        answer = hq.post(reverse("hq:person-handover", args=[zhou.pk]), {"heir": nobody})
        assert answer.status_code == 404


def test_somebody_new_gets_a_one_time_password(hq, store):
    said = {"username": "li", "name": "李娜", "role": "guide", "store": store.pk, "calls_a_day": 20}
    answer = hq.post(reverse("hq:person-new"), said)
    assert "一次性密码" in answer.content.decode()
    assert Staff.objects.get(username="li").must_change_password
    homeless = hq.post(reverse("hq:person-new"), said | {"username": "wu", "store": ""})
    assert homeless.status_code == 422


def test_a_playbook_is_tried_on_last_month_and_nothing_is_written(hq, lin):
    playbook = Playbook.objects.filter(signal="people.family_joined").first()
    page = hq.get(reverse("hq:playbook", args=[playbook.pk]))
    form = page.context["form"]
    said = {name: form[name].value() for name in form.fields}
    data = {k: v for k, v in said.items() if v is not None}
    tried = hq.post(reverse("hq:playbook", args=[playbook.pk]), data | {"preview": "1"})
    assert not tried.context["form"].errors
    assert tried.status_code == 200
    assert tried.context["preview"].total == 0
    assert not Promise.objects.exists()
    saved = hq.post(reverse("hq:playbook", args=[playbook.pk]), data | {"weight": "2.5"})
    assert saved.status_code == 302
    playbook.refresh_from_db()
    assert playbook.weight == 2.5


def test_families_with_one_telephone_are_offered_and_a_merge_can_be_undone(hq, lin, zhou, store):
    twin = joining.join(store=store, by=zhou, name="林小晓", phone="13812345678")
    assert "林小晓" in hq.get(reverse("hq:merges")).content.decode()
    hq.post(reverse("hq:merges"), {"kept": lin.pk, "merged": twin.pk})
    done = Merge.objects.get()
    hq.post(reverse("hq:merge-undo", args=[done.pk]))
    twin.refresh_from_db()
    assert twin.merged_into_id is None


def test_who_looked_is_shown(hq, client, zhou, lin):
    client.force_login(zhou)
    client.get(reverse("guide:family", args=[lin.pk]))
    reading = Reading.objects.latest("pk")
    staff = Staff.objects.get(username="hq1")
    client.force_login(staff)
    session = client.session
    session["second_factor"] = True
    session.save()
    html = client.get(reverse("hq:readings")).content.decode()
    assert "周洁" in html
    assert reading.purpose == "guide:family"
    assert "手机 · 家庭档案" in html


def test_a_case_of_somebody_who_is_no_family_is_named_by_its_number(hq):
    Reading.objects.create(
        at=now(), households=[], purpose="agent:case", fields=["name", "case:12"]
    )
    html = hq.get(reverse("hq:readings")).content.decode()
    assert "00012-5" in html
    assert "case:12" not in html


def test_a_colleague_of_her_own_shop_is_offered_first(hq, zhou, store, lin):
    other = Store.objects.create(code="AA", name="一号店")  # by name it would come first
    Staff.objects.create_user("an", "-", name="安然", role="guide", store=other)
    Staff.objects.create_user("mei", "-", name="梅子", role="guide", store=store)
    html = hq.get(reverse("hq:person", args=[zhou.pk])).content.decode()
    assert html.index("梅子 · ") < html.index("安然 · ")


def test_a_leavers_families_may_say_no_and_the_page_says_who_answers(hq, lin, zhou, store):
    li = Staff.objects.create_user("li", "-", name="李娜", store=store, role="guide")
    joining.join(store=store, by=zhou, name="王芳", phone="13800000000")
    hq.post(reverse("hq:person-handover", args=[zhou.pk]), {"heir": li.pk})
    hq.post(reverse("hq:person-leave", args=[zhou.pk]))
    item = HandoverItem.objects.get(household=lin)
    page = reverse("hq:handover-item", args=[item.pk])
    assert "林晓" in hq.get(page).content.decode()
    assert hq.post(page, {"reason": ""}).status_code == 422
    assert hq.post(page, {"reason": "要换一家店"}).status_code == 302
    html = hq.get(reverse("hq:handover", args=[item.handover_id])).content.decode()
    assert "要换一家店" in html
    assert html.count("李娜") >= 3  # her name in the title, and she answers for both
    assert "1 户等待" in hq.get(reverse("hq:person", args=[zhou.pk])).content.decode()
    assert hq.post(page, {"reason": "再说一次"}).status_code == 409

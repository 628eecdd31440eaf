"""Whatever is wrong with a form, it comes back with all that was typed; and a second tap is no second
act."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from warmline.base.clock import now
from warmline.core.contacts.models import Contact
from warmline.core.journal.models import Entry
from warmline.core.people import joining
from warmline.core.people.models import Consent
from warmline.core.promises.models import Promise
from warmline.doors.guide import calls
from warmline.goods.catalog.models import Category
from warmline.service.care.models import Correction, RunOut

SHEET = {"HX-Request": "true"}


@pytest.fixture
def tins(lin):
    """They bought two tins of 800 g last."""
    formula = Category.objects.get(code="formula")
    return RunOut.objects.create(
        household=lin, category=formula, store=lin.store, last_content=1600, last_packs=2
    )


@pytest.fixture
def promise(lin, zhou, tins):
    return Promise.make(
        "care.run_out",
        household=lin,
        keeper=zhou,
        due_at=now() + timedelta(hours=5),
        why={
            "category": "formula",
            "p10_on": "2026-11-22",
            "p50_on": "2026-11-24",
            "p90_on": "2026-11-27",
        },
    )


def call(page, promise, *, headers=SHEET, **said):
    data = {"key": "k1", "promise": promise.pk, "medium": "phone", **said}
    return page.post(reverse("guide:contacts", args=[promise.household_id]), data, headers=headers)


def test_a_call_that_lacks_something_comes_back_in_its_sheet_with_all_that_was_typed(page, promise):
    typed = {"note": "奶奶接的", "stock": "1.5", "elsewhere": "0.5", "next_words": "周末再打"}
    answer = call(page, promise, outcome="later", **typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#call-form", "outerHTML")
    assert "什么时候" in html
    for words in ("奶奶接的", 'value="1.5"', "周末再打"):
        assert words in html
    assert 'name="elsewhere" value="0.5" id="call_elsewhere_3" checked' in html.replace(
        "required ", ""
    )
    assert f'hx-target="#promise-{promise.pk}"' in html


def test_on_the_familys_page_it_comes_back_as_a_page(page, promise):
    answer = call(page, promise, headers={}, outcome="later", note="奶奶接的", stock="2")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "<html" in html
    assert "奶奶接的" in html
    assert 'value="2"' in html


def test_packs_at_home_and_what_they_buy_elsewhere_are_learned_from_a_call(page, promise, lin):
    assert call(page, promise, outcome="reached", stock="1.5", elsewhere="0.5").status_code == 200
    heard = {c.kind: c.value for c in Correction.objects.filter(household=lin)}
    assert heard == {"stock": 1200.0, "elsewhere": 0.5}


def test_packs_of_unknown_size_are_not_thrown_away(page, promise, tins):
    RunOut.objects.update(last_content=0, last_packs=0)
    answer = call(page, promise, outcome="reached", stock="2")
    assert answer.status_code == 422
    assert "一包" in answer.content.decode()
    assert not Contact.objects.exists()


def test_the_day_that_was_chosen_before_midnight_is_the_day_that_is_meant(page, promise, clock):
    clock("2026-11-22T00:20:00+08:00")  # the page said "tomorrow" yesterday evening
    assert call(page, promise, outcome="no_answer", next_on="2026-11-22").status_code == 200
    due = Promise.objects.get(kind="contacts.call_back").due_at
    assert due.astimezone(promise.store.zone).date() == date(2026, 11, 22)


def test_a_phone_without_a_network_promised_what_it_says(page, promise, clock):
    """Called on Saturday noon, "again on Sunday"; sent on Monday: owed since Sunday, and broken."""
    clock("2026-11-23T12:00:00+08:00")
    waited = {**SHEET, "X-Waited-S": str(48 * 3600)}
    said = {"outcome": "no_answer", "next_on": "2026-11-22"}
    assert call(page, promise, headers=waited, **said).status_code == 200
    assert Contact.objects.get().at.isoformat() == "2026-11-21T04:00:00+00:00"
    due = Promise.objects.get(kind="contacts.call_back").due_at
    assert due.astimezone(promise.store.zone).date() == date(2026, 11, 22)
    assert due < now()


@pytest.mark.parametrize(
    ("waited", "day"),
    [("", "2026-11-20"), ("9999999", "2026-11-20"), ("x", "2026-11-20"), ("", "2028-01-01")],
)
def test_no_other_day_gone_by_is_promised(page, promise, waited, day):
    answer = call(
        page, promise, headers={**SHEET, "X-Waited-S": waited}, outcome="reached", next_on=day
    )
    assert answer.status_code == 422
    assert f'value="{day}"' in answer.content.decode()
    assert not Contact.objects.exists()


def test_a_call_that_was_refused_is_opened_again_for_its_promise(page, promise, lin):
    address = reverse("guide:family", args=[lin.pk])
    html = page.get(f"{address}?promise={promise.pk}").content.decode()
    form = html[html.index('id="log-form"') :]
    assert f'name="promise" value="{promise.pk}"' in form
    assert 'name="stock"' in form
    assert page.get(f"{address}?promise=99999999").status_code == 200


def test_drawn_forms_may_be_forgotten_while_they_are_drawn(page, promise, monkeypatch):
    """Another thread clears the drawer between two lines of ours."""

    class Forgetful(dict):
        def __setitem__(self, key, value):
            pass

    monkeypatch.setattr(calls, "DRAWN", Forgetful())
    assert page.get(reverse("guide:call", args=[promise.pk])).status_code == 200


def test_an_amount_that_cannot_be_stands_where_it_was_typed(page, lin, tins):
    url = reverse("guide:corrections", args=[lin.pk])
    answer = page.post(url, {"category": "formula", "kind": "stock", "packs": "201"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="201"' in html
    assert "200" in html
    page.post(url, {"category": "formula", "kind": "stock", "packs": "1.5"})
    assert Correction.objects.get().value == 1200


def test_a_family_that_bought_nothing_yet_says_what_it_has(page, lin):
    address = reverse("guide:family", args=[lin.pk])
    assert 'id="first-stock"' in page.get(address).content.decode()
    url = reverse("guide:corrections", args=[lin.pk])
    wrong = page.post(url, {"category": "formula", "kind": "stock", "value": "100001"})
    assert (wrong.status_code, 'value="100001"' in wrong.content.decode()) == (422, True)
    page.post(url, {"category": "formula", "kind": "stock", "value": "400"})
    assert RunOut.objects.get().p50_on is not None
    assert 'id="forecast-formula"' in page.get(address).content.decode()


def test_a_birthday_still_to_come_is_said_beside_the_baby(page, zhou, store):
    family = joining.join(
        store=store,
        by=zhou,
        name="孙悦",
        phone="13811112222",
        babies=[joining.Baby(due_on=date(2026, 12, 1))],
        consents=list(Consent.Purpose),
    )
    url = reverse("guide:child", args=[family.pk, family.children.get().pk])
    answer = page.post(url, {"born_on": "2026-11-25", "name": "果果", "feeding": "mixed"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "还没到" in html
    assert page.post(url, {"name": "果果"}).status_code == 302
    assert family.children.get().name == "果果"
    for typed in ("2026-11-25", "果果", 'value="mixed" selected'):
        assert typed in html


def test_a_second_tap_adds_no_second_baby(page, lin):
    url = reverse("guide:children", args=[lin.pk])
    said = {"once": "a", "name": "乐乐", "born_on": "2026-10-01", "consent": "on"}
    for _tap in range(2):
        assert page.post(url, said).status_code == 302
    assert lin.children.count() == 2
    page.post(url, {**said, "name": "康康"})  # a twin, after the back button
    assert lin.children.count() == 3


def test_a_second_tap_welcomes_no_second_family(page, store):
    url = reverse("guide:family-new")
    said = {"name": "陈雨", "phone": "13900001111", "born_on": "2026-05-21", "consent": "on"}
    answers = [page.post(url, {**said, "once": "a"}) for _tap in range(2)]
    assert [a.status_code for a in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]


def test_a_form_of_a_strange_kind_is_no_accident(lin, zhou):
    """With a key, as multipart, through the CSRF check, which has read it already."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(zhou)
    browser.get(reverse("guide:family", args=[lin.pk]))
    said = {"kind": "say", "text": "x", "csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    url = reverse("guide:notes", args=[lin.pk])
    assert browser.post(url, said, headers={"Idempotency-Key": "k"}).status_code == 302


def complain(page, lin, words, **said):
    data = {"key": "c1", "medium": "visit", "kind": "complaint", "words": words, **said}
    return page.post(reverse("guide:complaints", args=[lin.pk]), data)


def test_a_complaint_is_kept_in_their_words(page, lin):
    for _tap in range(2):
        assert complain(page, lin, "送货晚了三天").status_code == 302
    lin.refresh_from_db()
    assert lin.complained_at is not None
    contact = Contact.objects.get()
    assert (contact.note, contact.is_inbound, contact.medium) == ("送货晚了三天", True, "visit")
    assert "送货晚了三天" in page.get(reverse("guide:family", args=[lin.pk])).content.decode()


def test_a_complaint_that_cannot_wait_shows_whom_to_ring(page, lin):
    answer = complain(page, lin, "奶粉里有异物，宝宝吐了")
    html = answer.content.decode()
    assert "<html" in html
    assert "12315" in html
    assert Entry.objects.filter(kind="contacts.red_flag").count() == 1


def test_a_complaint_without_words_is_asked_for_them(page, lin):
    assert complain(page, lin, "").status_code == 422
    lin.refresh_from_db()
    assert lin.complained_at is None

"""Beside a family's file: days that matter, what was written down wrongly, how it stands with us."""

from datetime import date

import pytest
from django.urls import reverse

from warmline.core.journal.models import Entry
from warmline.core.people import consenting, joining, remembering
from warmline.core.people.models import Consent, Household, ImportantDate, Member, Reading, Staff


@pytest.fixture
def manager(client, store):
    chen = Staff.objects.create_user("chen", "-", name="陈静", store=store, role="manager")
    client.force_login(chen)
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


def file_of(page, lin):
    return page.get(reverse("guide:family", args=[lin.pk])).content.decode()


def test_what_they_allow_is_a_form_for_each_purpose(page, lin):
    html = file_of(page, lin)
    allowed = html[html.index('id="consents"') : html.index('id="text"')]
    assert allowed.count("<form") == len(Consent.Purpose)
    assert "安安" in allowed
    assert "&lt;" not in allowed


def test_a_file_asks_no_more_for_many_than_for_few(page, lin, django_assert_max_num_queries):
    for n in range(5):
        joining.add_member(lin, joining.Adult(name=f"亲{n}", relation="other"))
        remembering.remember(lin, by=lin.home_guide, kind="fact", text=f"记住{n}")
    file_of(page, lin)
    with django_assert_max_num_queries(8):
        html = file_of(page, lin)
    assert html.index("林晓") < html.index("亲0") < html.index("亲4")
    assert html.count("记住") >= 5


def mark(page, lin, **said):
    said = {"name": "外婆生日", "whose": "", "calendar": "lunar", "month": 8, "day": 15, **said}
    return page.post(reverse("guide:dates", args=[lin.pk]), said)


def test_a_day_by_the_moon_is_marked_and_stands_on_the_file_with_its_next_day(page, lin):
    mother = lin.members.get()
    assert mark(page, lin, whose=f"m{mother.pk}").status_code == 302
    html = file_of(page, lin)
    assert "外婆生日" in html
    assert "农历八月十五" in html
    assert "2027" in html  # 15 September 2027
    assert ImportantDate.objects.get().member == mother


def test_a_day_that_is_not_there_is_refused_and_nothing_typed_is_lost(page, lin):
    wrong = mark(page, lin, calendar="solar", month=2, day=30)
    assert wrong.status_code == 422
    assert "外婆生日" in wrong.content.decode()
    assert mark(page, lin, whose="m999").status_code == 422
    assert not ImportantDate.objects.exists()


def test_a_day_is_put_right_and_taken_out(page, lin):
    mark(page, lin)
    day = ImportantDate.objects.get()
    at = reverse("guide:date", args=[lin.pk, day.pk])
    assert "外婆生日" in page.get(at).content.decode()
    said = {"name": "百日宴", "calendar": "solar", "month": 10, "day": 17}
    said |= {"whose": f"c{lin.children.get().pk}"}
    assert page.post(at, said).status_code == 302
    assert "百日宴" in file_of(page, lin)
    end = reverse("guide:date-end", args=[lin.pk, day.pk])
    assert page.post(end).status_code == 302
    assert page.post(end).status_code == 404
    assert "百日宴" not in file_of(page, lin)


def test_a_number_is_put_right_on_her_page_and_the_read_is_audited(page, lin, zhou):
    people = reverse("guide:people", args=[lin.pk])
    assert "+8613812345678" in page.get(people).content.decode()
    assert "phone" in Reading.objects.latest("pk").fields
    mother = lin.members.get()
    at, p = reverse("guide:person", args=[lin.pk, mother.pk]), f"m{mother.pk}-"
    said = {p + "name": "林晓", p + "phone": "186 1111 2222", p + "relation": "mother"}
    wrong = page.post(at, said | {p + "phone": "12"})
    assert wrong.status_code == 422
    assert 'value="12"' in wrong.content.decode()
    assert page.post(at, said).status_code == 302
    assert Member.objects.get().phone_last4 == "2222"
    html = page.get(people).content.decode()
    assert "谁改了什么" in html
    assert html.count("周洁") >= 1


def test_one_number_of_two_families_is_said(page, lin, zhou, store):
    other = joining.join(store=store, by=zhou, name="王芳", phone="13900001111")
    mother = other.members.get()
    p = f"m{mother.pk}-"
    said = {p + "name": "王芳", p + "phone": "13812345678", p + "relation": "mother"}
    at = reverse("guide:person", args=[other.pk, mother.pk])
    assert f"林晓 (#{lin.pk})" in page.post(at, said, follow=True).content.decode()


def test_a_birthday_is_put_right(page, lin):
    baby = lin.children.get()
    at, p = reverse("guide:person-baby", args=[lin.pk, baby.pk]), f"c{baby.pk}-"
    said = {p + "name": "安宁", p + "born_on": "2026-07-19", p + "sex": "f"}
    assert page.post(at, said | {p + "born_on": "2001-01-01"}).status_code == 422
    assert page.post(at, said).status_code == 302
    baby.refresh_from_db()
    assert (baby.name, baby.born_on) == ("安宁", date(2026, 7, 19))


def test_a_baby_whose_record_is_not_kept_is_not_there(page, lin):
    baby = lin.children.get()
    consenting.withdraw(lin, "record", child=baby, channel="store")
    at = reverse("guide:person-baby", args=[lin.pk, baby.pk])
    assert page.post(at, {}).status_code == 404


def test_a_manager_says_that_a_family_moved_away(manager, lin):
    at = reverse("guide:standing", args=[lin.pk])
    assert at in file_of(manager, lin)
    wrong = manager.post(at, {"tier": 3, "status": "gone", "why": ""})
    assert wrong.status_code == 422
    assert manager.post(at, {"tier": 3, "status": "gone", "why": "moved"}).status_code == 302
    assert (Household.objects.get().tier, Household.objects.get().status) == (3, "gone")
    html = file_of(manager, lin)
    assert "搬走了" in html
    assert Entry.objects.get(kind="people.standing_changed").body["why"] == "moved"


def test_how_a_family_stands_is_not_a_guides_to_say(page, lin):
    at = reverse("guide:standing", args=[lin.pk])
    assert at not in file_of(page, lin)
    assert page.get(at).status_code == 404
    assert page.post(at, {"tier": 3, "status": "active"}).status_code == 404


@pytest.mark.parametrize("screen", ["dates", "people", "standing"])
def test_another_store_finds_none_of_it(client, lin, wu, screen):
    client.force_login(wu)
    assert client.get(reverse(f"guide:{screen}", args=[lin.pk])).status_code == 404
    day = ImportantDate.objects.create(household=lin, name="x", month=1, day=1)
    client.post(reverse("guide:date-end", args=[lin.pk, day.pk]))
    assert ImportantDate.objects.exists()

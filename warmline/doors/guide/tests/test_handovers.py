"""A handover is under way: the family's file says so, takes its no, and says who answers now."""

import pytest
from django.urls import reverse

from warmline.core.people import handing_over
from warmline.core.people.models import HandoverItem, Staff


@pytest.fixture
def chen(store):
    return Staff.objects.create_user("chen", "-", name="陈静", store=store, role="manager")


@pytest.fixture
def li(store):
    return Staff.objects.create_user("li", "-", name="李娜", store=store, role="guide")


@pytest.fixture
def offered(lin, zhou, wu, chen):
    return handing_over.propose(zhou, wu, by=chen).handovers[0].items.get()


def refuse(page, family, **said):
    said = {"reason": "只认周姐", "instead": "", **said}
    return page.post(reverse("guide:handover-refusal", args=[family.pk]), said)


def test_nothing_is_said_of_handovers_where_there_is_none(page, lin):
    assert "handover" not in page.get(reverse("guide:family", args=[lin.pk])).content.decode()
    assert refuse(page, lin).status_code == 404


def test_the_file_says_who_comes_next_and_until_when_they_may_say_no(page, lin, offered):
    html = page.get(reverse("guide:family", args=[lin.pk])).content.decode()
    assert "吴倩" in html
    assert "明天 9:00" in html
    assert reverse("guide:handover-refusal", args=[lin.pk]) in html


def test_a_no_needs_the_familys_words_and_nothing_typed_is_lost(page, lin, offered, li):
    answer = refuse(page, lin, reason="", instead=li.pk)
    assert answer.status_code == 422
    assert f'value="{li.pk}" selected' in answer.content.decode()
    offered.refresh_from_db()
    assert offered.status == HandoverItem.Status.WAITING


def test_after_their_no_the_file_says_who_answers(page, lin, offered, zhou):
    assert refuse(page, lin).status_code == 302
    html = page.get(reverse("guide:family", args=[lin.pk])).content.decode()
    assert "只认周姐" in html
    assert "周洁" in html.split('id="handover"')[1][:400]
    assert refuse(page, lin).status_code == 409  # a second phone


def test_they_may_name_somebody_else_of_the_store_and_nobody_of_another(page, lin, offered, li, wu):
    assert refuse(page, lin, instead=wu.pk).status_code == 422
    assert refuse(page, lin, instead=li.pk).status_code == 302
    lin.refresh_from_db()
    assert lin.home_guide == li


def test_when_the_guide_has_left_and_nobody_is_at_work_the_store_answers(
    client, lin, offered, zhou, chen, li
):
    handing_over.leave(zhou, by=chen)
    client.force_login(chen)
    session = client.session
    session["second_factor"] = True
    session.save()
    refuse(client, lin)
    html = client.get(reverse("guide:family", args=[lin.pk])).content.decode()
    assert "李娜" in html.split('id="handover"')[1][:400]


def test_another_stores_guide_refuses_nothing(client, lin, offered, wu):
    client.force_login(wu)
    assert refuse(client, lin).status_code == 404

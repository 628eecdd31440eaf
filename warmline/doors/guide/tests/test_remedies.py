"""On her phone: something is given, or asked for; whoever may says yes or no in one tap."""

import re

import pytest
from django.urls import reverse

from warmline.core.people.models import Staff
from warmline.service.desk import builtin, deciding
from warmline.service.desk.models import Authority, CaseKind, Cause, Department
from warmline.service.desk.receiving import Asker, receive


@pytest.fixture(autouse=True)
def kinds(db):
    builtin.install(CaseKind, Department)
    builtin.install_more(Cause, Authority)


@pytest.fixture
def case(lin, store):
    asker = Asker(name="林晓", phone="+8613812345678")
    return receive(
        channel="web", words="罐口没有封好", asker=asker, store=store, kind="quality"
    ).case


@pytest.fixture
def manager(store):
    return Staff.objects.create_user("hejing", "-", name="何静", store=store, role="manager")


def shown(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def give(page, case, **said):
    case.refresh_from_db()
    return page.post(reverse("guide:case-remedy", args=[case.pk]), {"seq": case.seq, **said})


def as_manager(client, manager):
    client.force_login(manager)
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


def test_a_guide_replaces_within_her_authority_and_asks_for_more(page, case, client, manager):
    assert give(page, case, kind="replaced", amount="98", why="罐口破损").status_code == 302
    assert case.remedies.get().status == "approved"
    assert give(page, case, kind="refunded", amount="268", why="不敢再喝了").status_code == 302
    asked = case.remedies.get(kind="refunded")
    assert asked.status == "asked"
    assert "待批准" in shown(page.get(reverse("guide:case", args=[case.pk])))
    browser = as_manager(client, manager)
    assert "不敢再喝了" in shown(browser.get(reverse("guide:cases")))
    address = reverse("guide:remedy-decision", args=[case.pk, asked.pk])
    refused = browser.post(address, {"is_yes": "0"})
    assert refused.status_code == 422
    assert "说一下为什么" in shown(refused)
    assert browser.post(address, {"is_yes": "1"}).status_code == 302
    asked.refresh_from_db()
    assert (asked.status, asked.decided_by) == ("approved", manager)
    assert browser.post(address, {"is_yes": "1"}).status_code == 409
    assert "不敢再喝了" not in shown(browser.get(reverse("guide:cases")))


def test_a_guide_cannot_say_yes_for_herself(page, case, zhou):
    remedy = deciding.give(case, kind="refunded", amount=268, why="退", by=zhou)
    answer = page.post(reverse("guide:remedy-decision", args=[case.pk, remedy.pk]), {"is_yes": "1"})
    assert answer.status_code == 422
    remedy.refresh_from_db()
    assert remedy.status == "asked"


def test_what_cannot_be_right_comes_back_as_it_was_typed(page, case):
    answer = give(page, case, kind="refunded", amount="0", why="不敢再喝了")
    assert answer.status_code == 422
    assert "不敢再喝了" in answer.content.decode()
    assert "remedy_amount_error" in answer.content.decode()

"""A guide sees her cases with their clock, answers with the next promised time, and takes over only
what she accepted."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from warmline.base.clock import now
from warmline.core.people.models import Staff
from warmline.service.desk import answering, builtin, owning
from warmline.service.desk.models import Case, CaseKind, Department
from warmline.service.desk.receiving import Asker, receive


@pytest.fixture(autouse=True)
def kinds(db):
    builtin.install(CaseKind, Department)


@pytest.fixture
def mate(store):
    """A colleague of the same store."""
    return Staff.objects.create_user("li", "-", name="李娜", store=store, role="guide")


@pytest.fixture
def case(lin, store):
    asker = Asker(name="林晓", phone="+8613812345678")
    return receive(
        channel="web", words="罐口没有封好", asker=asker, store=store, kind="quality"
    ).case


def send(page, case, name, **said):
    case.refresh_from_db()
    address = reverse(f"guide:case-{name}", args=[case.pk])
    return page.post(address, {"seq": case.seq, **said})


def shown(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def test_her_case_stands_on_today_and_in_her_list_and_leads_to_its_page(page, case):
    href = f'href="{reverse("guide:case", args=[case.pk])}"'
    today = page.get("/").content.decode()
    assert href in today
    assert "罐口没有封好" in today
    assert f"promises/{case.pk}/call" not in today
    listed = page.get(reverse("guide:cases"))
    assert href in listed.content.decode()
    assert "有 1 件事等您回话" in shown(listed)


def test_one_tap_answers_and_says_when_the_next_word_comes(page, case):
    form = page.get(reverse("guide:case", args=[case.pk])).context["answer_form"]
    ready = {name: form[name].value() for name in ("words", "next_on", "medium")}
    assert all(ready.values())  # nothing is left to be chosen
    assert send(page, case, "answer", **ready).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.answer_by) == ("working", None)
    assert case.promise_by > now()


def test_an_answer_without_a_next_time_comes_back_as_it_was_typed(page, case):
    answer = send(page, case, "answer", words="我们在查批次", medium="phone")
    assert answer.status_code == 422
    assert "我们在查批次" in answer.content.decode()
    assert "answer_next_at_error" in answer.content.decode()


def test_what_came_in_over_the_counter_is_a_case_of_hers_in_four_taps(page, lin, zhou):
    said = {"key": "k1", "kind": "return", "medium": "visit", "words": "想换大一码尿不湿"}
    for _tap in range(2):
        answer = page.post(reverse("guide:complaints", args=[lin.pk]), said)
    case = Case.objects.get()
    assert answer["Location"] == reverse("guide:case", args=[case.pk])
    assert (case.channel, case.owner, case.household) == ("walk_in", zhou, lin)
    assert case.answer_by is not None
    assert lin.complained_at is None  # a wish to exchange is no complaint


def test_a_hand_over_is_hers_only_when_she_accepts(client, page, case, mate, zhou):
    assert send(page, case, "offer", to=mate.pk, words="我明天休息").status_code == 302
    client.force_login(mate)
    assert "请您接手" in shown(client.get(reverse("guide:cases")))
    case.refresh_from_db()
    assert case.owner == zhou
    assert send(client, case, "acceptance").status_code == 302
    case.refresh_from_db()
    assert case.owner == mate


def test_who_declines_does_not_see_it_any_more(client, page, case, mate, zhou):
    send(page, case, "offer", to=mate.pk)
    client.force_login(mate)
    answer = send(client, case, "refusal")
    assert answer["Location"] == reverse("guide:cases")
    assert client.get(reverse("guide:case", args=[case.pk])).status_code == 404
    case.refresh_from_db()
    assert (case.owner, case.offered_to) == (zhou, None)


def test_cases_of_others_are_not_there(client, case, mate, wu):
    for stranger in (mate, wu):
        client.force_login(stranger)
        assert client.get(reverse("guide:case", args=[case.pk])).status_code == 404
        for name in ("answer", "end", "offer", "ownership", "acceptance", "refusal"):
            assert send(client, case, name, words="x").status_code == 404
        assert "罐口没有封好" not in client.get(reverse("guide:cases")).content.decode()


def test_the_first_who_takes_it_from_the_store_has_it(client, page, case, mate, zhou):
    owning.route(case, owner=None, because="left")
    seq = case.seq
    assert send(page, case, "ownership").status_code == 302
    client.force_login(mate)
    late = client.post(reverse("guide:case-ownership", args=[case.pk]), {"seq": seq})
    assert late.status_code == 404  # it is hers by now, and no longer the store's
    case.refresh_from_db()
    assert case.owner == zhou


def test_a_page_from_before_is_told_what_happened_meanwhile(page, case, zhou):
    seq = case.seq
    answering.answer(case, words="店长答复过了", by=zhou, next_at=now() + timedelta(hours=2))
    said = {"seq": seq, "words": "我再说一遍", "medium": "phone", "next_at": "2026-11-22T12:00"}
    answer = page.post(reverse("guide:case-answer", args=[case.pk]), said)
    assert answer.status_code == 409
    assert "店长答复过了" in shown(answer)
    assert "我再说一遍" in answer.content.decode()


def test_she_says_that_it_is_put_right_and_somebody_else_reviews(page, case):
    wrong = send(page, case, "end", words="换了两罐")
    assert wrong.status_code == 422
    assert "换了两罐" in wrong.content.decode()
    assert send(page, case, "end", words="换了两罐", outcome="replaced").status_code == 302
    case.refresh_from_db()
    assert case.state == "review"


def test_agents_go_to_the_desk(client, db, morning):
    ding = Staff.objects.create_user("ding", "-", name="丁宁", role="agent")
    client.force_login(ding)
    assert client.get("/")["Location"] == reverse("agent:inbox")
    assert client.get(reverse("guide:cases"))["Location"] == reverse("agent:inbox")

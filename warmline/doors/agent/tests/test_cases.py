"""A case's page: every act on it, what comes back when something is wrong, and what happened meanwhile."""

import re
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from warmline.base.clock import now
from warmline.core.people.models import MemoryNote, Reading
from warmline.doors.agent.acts import ACTS, possible
from warmline.service.desk import answering, feeding_back, owning, presence, reviewing
from warmline.service.desk.models import Case, Department

TOMORROW = "2026-11-24T12:00"


def page_of(browser, case, **query):
    return browser.get(reverse("agent:case", args=[case.pk]), query)


def act(browser, case, name, **said):
    case.refresh_from_db()
    address = reverse("agent:act", args=[case.pk, name])
    return browser.post(address, {"seq": case.seq, **said})


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.content.decode()))


def test_a_page_shows_clocks_stamps_the_words_and_the_family(case, lin, ding, at):
    MemoryNote.objects.create(household=lin, kind="avoid", text="不要提体重")
    text = text_of(page_of(at(ding), case))
    for words in ("答复", "下次回话", "办结", "已记录", "已办理", "已复查", "已反馈"):
        assert words in text
    for words in ("奶粉罐口没有封好", "林浩", "4 个月", "不要提体重", "139****5678", "周洁"):
        assert words in text
    assert Reading.objects.latest("pk").fields == ["case", "child", "name", "note", "phone"]


def test_what_a_family_brought_before_is_shown_at_once(ask, lin, ding, at, afternoon):
    afternoon("2026-10-01T10:00:00+08:00")
    ask("上次也是罐子有凹陷")
    afternoon("2026-11-23T16:40:00+08:00")
    text = text_of(page_of(at(ding), ask("又一罐封口坏了")))
    assert "上次也是罐子有凹陷" in text
    assert "九十天内第二次出同类问题" in text


def test_an_answer_is_never_without_the_next_promised_time(case, ding, at):
    page = act(at(ding), case, "answer", words="我们在查批次", medium="phone")
    assert page.status_code == 422
    assert "我们在查批次" in page.content.decode()  # nothing typed is lost
    assert "answer_next_at_error" in page.content.decode()
    page = act(at(ding), case, "answer", words="在查", medium="phone", next_at="2020-01-01T10:00")
    assert page.status_code == 422
    page = act(at(ding), case, "answer", words="在查", medium="phone", next_at=TOMORROW)
    assert page.status_code == 302
    case.refresh_from_db()
    assert case.state == "working"
    assert case.promise_by == datetime.fromisoformat("2026-11-24T12:00:00+08:00")


def test_a_time_may_be_one_tap(case, ding, at):
    page = page_of(at(ding), case)
    offered = re.findall(r'name="next_on" value="([^"]+)"', page.content.decode())
    assert len(offered) >= 3
    page = act(at(ding), case, "answer", words="在查", medium="phone", next_on=offered[0])
    assert page.status_code == 302
    page = act(at(ding), case, "answer", words="还在查", medium="phone", next_on="whenever")
    assert page.status_code == 422


def test_a_case_goes_through_all_four_stamps_on_its_page(case, ding, mei, zhou, at):
    purchasing = Department.objects.get(code="purchasing")
    purchasing.keepers.add(mei)
    assert act(at(ding), case, "answer", words="在查", medium="phone", next_at=TOMORROW)
    done = act(at(ding), case, "end", words="换了两罐新的", outcome="replaced", medium="phone")
    assert done.status_code == 302
    refused = act(at(ding), case, "review", is_good="1", words="家庭说可以")
    assert refused.status_code == 422  # she handled it herself
    assert "家庭说可以" in refused.content.decode() or "没有经手" in refused.content.decode()
    assert act(at(mei), case, "review", is_good="1", words="家庭说可以").status_code == 302
    sent = act(at(ding), case, "finding", department="purchasing", finding="封口机温度不够")
    assert sent.status_code == 302
    feedback = case.feedback.get()
    address = reverse("agent:feedback-reply", args=[feedback.pk])
    assert at(mei).post(address, {"is_change": "1", "words": "换了封口机"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "settled"
    text = text_of(page_of(at(ding), case))
    assert "换了封口机" in text


def test_a_stale_form_is_told_what_happened_and_keeps_its_words(case, ding, mei, at):
    seq = case.seq
    answering.answer(case, words="梅兰已经答复了", by=mei, next_at=now() + timedelta(hours=3))
    address = reverse("agent:act", args=[case.pk, "answer"])
    said = {"seq": seq, "words": "我来答复一下", "medium": "phone", "next_at": TOMORROW}
    page = at(ding).post(address, said)
    assert page.status_code == 409
    text = text_of(page)
    assert "梅兰已经答复了" in text
    assert "我来答复一下" in page.content.decode()
    assert case.events.filter(kind="answered").count() == 1
    case.refresh_from_db()
    assert f'name="seq" value="{case.seq}"' in page.content.decode()
    again = at(ding).post(address, {**said, "seq": case.seq})
    assert again.status_code == 302


def test_an_escalation_takes_nothing_from_who_is_typing(case, ding, at):
    seq = case.seq
    case.happen("escalated", by=None, body={"level": "manager"})
    address = reverse("agent:act", args=[case.pk, "answer"])
    said = {"seq": seq, "words": "在查", "medium": "phone", "next_at": TOMORROW}
    assert at(ding).post(address, said).status_code == 302


def test_what_can_no_longer_be_done_still_shows_what_was_typed(case, ding, mei, at):
    seq = case.seq
    answering.finish(case, outcome="explained", words="讲清楚了", by=mei)
    address = reverse("agent:act", args=[case.pk, "end"])
    said = {"seq": seq, "words": "已经换货", "outcome": "replaced", "medium": "phone"}
    page = at(ding).post(address, said)
    assert page.status_code == 409
    assert "已经换货" in page.content.decode()
    assert "讲清楚了" in page.content.decode()


def test_a_wrong_move_is_a_409_even_with_the_newest_form(case, ding, at):
    page = act(at(ding), case, "review", is_good="1", words="好")
    assert page.status_code == 409
    case.refresh_from_db()
    assert case.reviewed_at is None


@pytest.mark.parametrize(
    "name", [a.name for a in ACTS if a.name not in ("acceptance", "ownership")]
)
def test_an_empty_form_never_breaks_a_page(case, ding, at, name):
    answer = at(ding).post(reverse("agent:act", args=[case.pk, name]), {})
    assert answer.status_code in (409, 422)
    assert answer.status_code == 422 or case.events.count() == 1


def test_only_what_is_possible_is_offered(case, ding, hire):
    names = {a.name for a in possible(case, ding)}
    assert {"answer", "end", "finding", "no-reply", "offer", "merger", "split", "link"} <= names
    assert not {"acceptance", "review", "reopening", "no-finding", "waiting", "resumption"} & names
    assert possible(case, hire("audit", role="auditor", store=None)) == []


def test_an_auditor_looks_and_changes_nothing(case, hire, at):
    browser = at(hire("audit", role="auditor", store=None))
    page = page_of(browser, case)
    assert page.status_code == 200
    assert 'method="post" id=' not in page.content.decode()
    assert act(browser, case, "ownership").status_code == 403


def test_a_case_is_handed_over_and_declined_by_who_was_asked(case, ding, mei, at):
    owning.route(case, owner=ding, because="assigned")
    assert act(at(ding), case, "offer", to=mei.pk, words="你更熟").status_code == 302
    assert "请您接手" in text_of(at(mei).get("/desk/"))
    assert act(at(mei), case, "refusal", words="今天满了").status_code == 302
    case.refresh_from_db()
    assert (case.owner, case.offered_to) == (ding, None)
    act(at(ding), case, "offer", to=mei.pk)
    assert act(at(mei), case, "acceptance").status_code == 302
    case.refresh_from_db()
    assert case.owner == mei


def test_cases_are_joined_by_the_number_that_people_say(ask, lin, ding, at, far_store, hejing):
    first, second = ask("封口坏了"), ask("同一罐，底部也凹了", by=ding)
    wrong = act(at(ding), first, "merger", code="99999-9")
    assert wrong.status_code == 422
    assert "99999-9" in wrong.content.decode()
    other = ask("别家的事", phone="+8613900000044", store=far_store)
    hidden = act(at(hejing), first, "link", code=other.code)
    assert hidden.status_code == 422  # for her it is not there
    assert act(at(ding), first, "merger", code=other.code).status_code == 422  # another family
    assert act(at(ding), first, "merger", code=second.code).status_code == 302
    second.refresh_from_db()
    assert second.merged_into == first
    assert first.code in text_of(page_of(at(ding), second))


def test_two_who_have_it_open_are_told(case, ding, mei, at, afternoon):
    page_of(at(mei), case)
    assert "梅兰 也正打开着这一单" in text_of(page_of(at(ding), case))
    browser = at(ding)
    address = reverse("agent:presence", args=[case.pk])
    told = browser.post(address, {"seq": case.seq, "writing": ""})
    assert "梅兰" in told.content.decode()
    afternoon("2026-11-23T16:42:00+08:00")
    assert "梅兰" not in browser.post(address, {"seq": case.seq}).content.decode()
    answering.answer(case, words="在查", by=mei, next_at=now() + timedelta(hours=1))
    assert "1 处变化" in browser.post(address, {"seq": case.seq - 1}).content.decode()
    presence.come(case, mei, is_writing=True)
    assert "正在这一单里写字" in browser.post(address, {"seq": case.seq}).content.decode()


def test_macros_are_filled_in_and_cannot_carry_a_script(case, ding, at):
    new = reverse("agent:macro-new")
    words = {"title_zh": "在查", "text_zh": "{name}您好，单号 {code}", "text_en": "", "is_on": "on"}
    assert at(ding).post(new, {**words, "text_zh": "{phone} 您好"}).status_code == 422
    assert at(ding).post(new, {"title_zh": "", "text_zh": "x"}).status_code == 422
    assert at(ding).post(new, {**words, "title_en": "<script>"}).status_code == 302
    page = page_of(at(ding), case).content.decode()
    assert f"林先生您好，单号 {case.code}" in page
    assert "<script>" not in page.split("</head>")[1].replace('<script id="page-settings"', "")


def test_a_department_answers_once_and_only_its_keeper_does(case, ding, mei, zhou, at, hire):
    buyer = hire("cai", "采购", role="logistics", store=None)
    Department.objects.get(code="purchasing").keepers.add(buyer)
    department = Department.objects.get(code="purchasing")
    feedback = feeding_back.feed_back(case, department, finding="封口机温度不够", by=ding)
    address = reverse("agent:feedback-reply", args=[feedback.pk])
    assert "封口机温度不够" in text_of(at(buyer).get(reverse("agent:feedback")))
    assert at(mei).post(address, {"is_change": "1", "words": "改"}).status_code == 404
    assert "封口机" not in text_of(at(zhou).get(reverse("agent:feedback")))
    bad = at(buyer).post(address, {"words": "先放着"})
    assert bad.status_code == 422
    assert "先放着" in bad.content.decode()
    assert at(buyer).post(address, {"is_change": "0", "words": "只此一罐"}).status_code == 302
    assert at(buyer).post(address, {"is_change": "1", "words": "又改了"}).status_code == 409


def test_find_by_number_phone_and_pinyin(case, lin, ding, hejing, far_store, hire, at):
    for said in (case.code, case.code.replace("-", ""), "139 1234 5678", "5678", "lh", "林浩"):
        page = at(ding).get(reverse("agent:find"), {"q": said, "list": ""})
        assert f'href="/desk/{case.pk}/"' in page.content.decode(), said
    other = hire("far", role="manager", store=far_store)
    for said in (case.code, "13912345678", "lh"):
        page = at(other).get(reverse("agent:find"), {"q": said, "list": ""})
        assert "/desk/" not in page.content.decode(), said


def test_several_cases_are_assigned_at_once_and_what_cannot_be_is_said(ask, ding, mei, at, zhou):
    free = ask("门店有没有辅食课", phone="+8613900000031", kind="question")
    owned = ask("推车坏了", phone="+8613900000032", kind="repair", owner=ding)
    address = reverse("agent:bulk")
    ids = [free.pk, owned.pk]
    nobody = at(ding).post(address, {"case": ids, "act": "assign"})
    assert nobody.status_code == 422
    assert nobody.content.decode().count("checked") == 2  # still chosen
    assert at(ding).post(address, {"case": ids, "act": "assign", "to": mei.pk}).status_code == 302
    free.refresh_from_db()
    owned.refresh_from_db()
    assert free.owner == mei  # nobody's: hers at once
    assert (owned.owner, owned.offered_to) == (ding, mei)  # somebody's: she is asked
    assert at(ding).post(address, {"case": [], "act": "merge"}).status_code == 422
    assert at(zhou).post(address, {"case": ids, "act": "merge"}).status_code == 404


def test_what_could_not_be_done_with_the_others_is_still_chosen(ask, ding, mei, at):
    free = ask("门店有没有辅食课", phone="+8613900000031", kind="question")
    other = ask("推车坏了", phone="+8613900000032", kind="repair")
    answer = at(ding).post(
        reverse("agent:bulk"), {"case": [free.pk, other.pk], "act": "merge", "to": mei.pk}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert other.code in text_of(answer).split("只能合并")[0][-20:]
    assert page.count(" checked") == 1, "the one that was not merged"
    assert f'<option value="{mei.pk}" selected' in page


def test_no_more_at_once_than_somebody_can_look_at(ding, mei, at, store, lin, ask):
    cases = [ask(f"{n}", phone=f"+861390000{n:04}").pk for n in range(52)]
    page = at(ding).post(reverse("agent:bulk"), {"case": cases, "act": "assign", "to": mei.pk})
    assert page.status_code == 422
    assert Case.objects.filter(owner=mei).count() == 0


def test_a_manager_merges_only_what_she_may_see(ask, hejing, ding, at, far_store):
    one = ask("一", phone="+8613900000077")
    two = ask("二", phone="+8613900000077", store=far_store, by=ding)
    answer = at(hejing).post(reverse("agent:bulk"), {"case": [one.pk, two.pk], "act": "merge"})
    assert answer.status_code == 422
    assert not Case.objects.filter(state="merged").exists()


def test_a_word_that_can_reach_nobody_is_not_given(case, ding, at, lin):
    page = act(at(ding), case, "answer", words="在查", medium="email", next_at=TOMORROW)
    assert page.status_code == 422
    case.refresh_from_db()
    assert case.answer_by is not None


def test_reopening_and_review_that_says_no(case, ding, mei, at):
    answering.finish(case, outcome="explained", words="讲清楚了", by=ding)
    assert act(at(mei), case, "review", is_good="0", words="还是漏").status_code == 302
    case.refresh_from_db()
    assert case.finished_at is None
    answering.finish(case, outcome="replaced", words="换了", by=ding)
    reviewing.review(case, is_good=True, words="好", by=mei)
    assert act(at(ding), case, "reopening", words="又漏了").status_code == 302
    case.refresh_from_db()
    assert case.state == "open"


def test_of_a_stranger_too_it_is_written_down_who_read_it(ask, ding, wu, at):
    """No family of ours has this number: the case itself says whose data it was (G19)."""
    case = ask(phone="+8613700000009", owner=wu)
    assert case.household is None
    named = f"case:{case.pk}"
    page_of(at(ding), case)
    read = Reading.objects.latest("pk")
    assert (read.staff_id, read.households) == (ding.pk, [])
    assert {named, "name", "phone"} <= set(read.fields)
    at(ding).get(reverse("agent:inbox"), {"format": "csv"})
    assert named in Reading.objects.latest("pk").fields
    assert at(wu).get(reverse("guide:case", args=[case.pk])).status_code == 200
    assert (
        Reading.objects.latest("pk").staff_id,
        named in Reading.objects.latest("pk").fields,
    ) == (
        wu.pk,
        True,
    )

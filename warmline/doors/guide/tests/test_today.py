"""Today: how many promises, which first; a call in three taps; another store's are not there."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from warmline.base.clock import now
from warmline.core.contacts.models import Contact
from warmline.core.people import consenting, joining
from warmline.core.people.models import Consent, Reading
from warmline.core.promises.models import Promise
from warmline.service.care.models import RunOut

CHENGDU = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def promise(lin, zhou):
    return Promise.make(
        "contacts.call_back",
        household=lin,
        keeper=zhou,
        by=zhou,
        due_at=now() + timedelta(minutes=40),
        words="问问便便和睡眠",
        why={"promised_on": "2026-11-19"},
    )


def call(page, promise, outcome="reached", key="k1", **more):
    data = {"key": key, "promise": promise.pk, "outcome": outcome, "medium": "phone", **more}
    url = reverse("guide:contacts", args=[promise.household_id])
    return page.post(url, data, headers={"HX-Request": "true"})


def test_an_empty_day_says_so_and_what_to_do(page):
    html = page.get("/").content.decode()
    assert "早上好，周洁。" in html
    assert "今天有 0 个约定" in html


def test_one_sentence_says_how_many_and_the_card_says_why(page, promise):
    html = page.get("/").content.decode()
    assert "今天有 1 个约定" in html
    assert "林晓" in html
    assert "安安" in html
    assert "4 个月 12 天" in html
    assert "问问便便和睡眠" in html
    assert "还有 40 分钟" in html
    assert "tel:+8613812345678" in html


def test_who_looked_is_written_down(page, promise, zhou):
    page.get("/")
    reading = Reading.objects.get()
    assert (reading.staff_id, reading.households) == (zhou.pk, [promise.household_id])
    assert {"name", "phone", "child"} <= set(reading.fields)


def test_a_page_costs_the_same_number_of_queries_however_many_cards(
    page, promise, lin, zhou, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        page.get("/")
    for hour in range(5, 10):
        Promise.make("care.node", household=lin, keeper=zhou, due_at=now() + timedelta(hours=hour))
    with django_assert_num_queries(len(one)):
        page.get("/")


def test_logging_a_call_keeps_the_promise(page, promise):
    answer = call(page, promise)
    assert answer.status_code == 200
    assert "已完成" in answer.content.decode()
    promise.refresh_from_db()
    assert promise.status == Promise.Status.KEPT
    assert Contact.objects.get().outcome == "reached"


def test_a_double_tap_is_one_call(page, promise):
    call(page, promise)
    call(page, promise)
    assert Contact.objects.count() == 1


def test_a_promise_for_thursday_stands_on_thursdays_list(page, promise, clock):
    call(page, promise, next_on="2026-11-26", next_words="周四再问一次")
    following = Promise.objects.get(kind="contacts.call_back", status="made")
    assert following.due_at.astimezone(CHENGDU).date().isoformat() == "2026-11-26"
    assert 17 <= following.due_at.astimezone(CHENGDU).hour <= 19  # Chengdu's sundown
    assert "周四再问一次" not in page.get("/").content.decode()
    assert "周四再问一次" in page.get("/?on=2026-11-26").content.decode()
    clock("2026-11-26T09:00:00+08:00")
    assert "周四再问一次" in page.get("/").content.decode()


def test_another_time_must_be_named(page, promise):
    answer = call(page, promise, outcome="later")
    assert answer.status_code == 422
    assert "什么时候" in answer.content.decode()
    assert not Contact.objects.exists()


def test_three_calls_that_nobody_answers_end_the_promise(page, promise):
    for n in range(3):
        call(page, promise, outcome="no_answer", key=f"k{n}")
    promise.refresh_from_db()
    assert (promise.status, promise.tries) == (Promise.Status.WAIVED, 3)


def test_a_call_after_the_deadline_makes_good_and_stays_broken(page, promise, clock):
    clock("2026-11-21T12:00:00+08:00")
    promise.break_()
    call(page, promise)
    promise.refresh_from_db()
    assert promise.status == Promise.Status.BROKEN
    assert promise.done_at is not None


def test_a_broken_promise_is_let_off_with_a_reason_and_leaves_the_list(page, promise, clock):
    clock("2026-11-21T12:00:00+08:00")
    promise.break_()
    assert "今天有 1 个约定" in page.get("/").content.decode()
    answer = page.post(reverse("guide:waiver", args=[promise.pk]), {"reason": "妈妈自己来店里了"})
    assert answer.status_code == 200
    assert "失约，已免除" in answer.content.decode()
    html = page.get("/").content.decode()
    assert "今天有 0 个约定" in html
    assert "妈妈自己来店里了" in html
    file = page.get(reverse("guide:family", args=[promise.household_id])).content.decode()
    assert "失约" in file
    assert "（已免除）" in file


def test_what_was_made_good_late_counts_as_broken_for_ever(page, promise, clock):
    from warmline.insight import measures

    clock("2026-11-21T12:00:00+08:00")
    promise.break_()
    assert "迟了，已补上" in call(page, promise).content.decode()
    [row] = measures.promises_kept(measures.Period.of_days(1))
    assert (row.kept, row.broken, row.still_owed) == (0, 1, 0)


def test_a_red_flag_shows_whom_to_ring(page, promise):
    answer = call(page, promise, note="妈妈说不想活了")
    html = answer.content.decode()
    assert "12356" in html
    assert Promise.objects.get(pk=promise.pk).status == Promise.Status.KEPT


def test_do_not_call_ends_what_we_owed(page, promise, lin, zhou):
    other = Promise.make("care.node", household=lin, keeper=zhou, due_at=now() + timedelta(days=2))
    call(page, promise, outcome="refused")
    other.refresh_from_db()
    assert other.status == Promise.Status.WAIVED


def test_before_a_call_the_rule_that_is_against_it_is_said(page, promise, lin, zhou):
    sheet = reverse("guide:call", args=[promise.pk])
    assert "notice" not in page.get(sheet).content.decode()
    consenting.withdraw(lin, Consent.Purpose.CARE, channel="phone", by=zhou)
    assert "这家已撤回" in page.get(sheet).content.decode()


def test_what_the_phone_sends_again_is_written_once(page, lin):
    url = reverse("guide:notes", args=[lin.pk])
    for _try in range(2):
        said = {"kind": "say", "text": "喜欢聊睡眠"}
        answer = page.post(url, said, headers={"Idempotency-Key": "kept-on-the-phone"})
        assert answer.status_code == 302
    assert lin.memory_notes.count() == 1


def test_consent_is_said_of_a_baby_or_of_a_family_and_not_of_both(page, lin):
    url = reverse("guide:consents", args=[lin.pk])
    child = lin.children.get()
    assert page.post(url, {"purpose": "record", "granted": "1"}).status_code == 422
    assert page.post(url, {"purpose": "care", "child": child.pk}).status_code == 422
    assert page.post(url, {"purpose": "record", "child": child.pk}).status_code == 302
    child.refresh_from_db()
    assert child.frozen_at
    heading = re.search("<h1>(.*?)</h1>", page.get(f"/families/{lin.pk}/").content.decode(), re.S)
    assert heading
    assert heading[1].strip() == "林晓"  # a baby that may not be kept is not spoken of


def test_another_stores_promise_does_not_exist(client, promise, wu):
    client.force_login(wu)
    for name in ("promise", "call"):
        assert client.get(reverse(f"guide:{name}", args=[promise.pk])).status_code == 404
    assert call(client, promise).status_code == 404
    assert client.get(reverse("guide:family", args=[promise.household_id])).status_code == 404
    assert "林晓" not in client.get("/").content.decode()
    assert "本店没有找到" in client.get("/families/?q=林晓").content.decode()


def test_signed_out_nothing_is_shown(client, promise):
    assert client.get("/").status_code == 302


def test_a_stale_page_gets_told_not_a_crash(page, promise, zhou):
    promise.waive("不需要了", by=zhou)
    answer = page.post(reverse("guide:waiver", args=[promise.pk]), {"reason": "again"})
    assert answer.status_code == 409


def test_the_family_file_shows_everything_in_a_constant_number_of_queries(
    page, promise, lin, django_assert_max_num_queries
):
    RunOut.objects.all().delete()
    with django_assert_max_num_queries(32):
        html = page.get(reverse("guide:family", args=[lin.pk])).content.decode()
    assert "安安" in html
    assert "问问便便和睡眠" in html


def test_a_new_family_needs_four_facts(page, store):
    said = {"name": "陈雨", "phone": "13900001111", "born_on": "2026-05-21", "consent": "on"}
    answer = page.post(reverse("guide:family-new"), said)
    assert answer.status_code == 302
    assert "陈雨" in page.get(answer.url).content.decode()
    without = page.post(reverse("guide:family-new"), {**said, "consent": ""})
    assert without.status_code == 422


def test_a_new_family_with_a_number_that_is_known_is_asked_about(page, lin, wu):
    joining.join(store=wu.store, name="外店的", phone="13812345678")
    said = {"name": "陈雨", "phone": "１３８ 1234 5678", "born_on": "2026-05-21", "consent": "on"}
    shown = page.post(reverse("guide:family-new"), said, follow=True).content.decode()
    assert f"林晓 (#{lin.pk}) 用的是同一个号码" in shown
    assert "外店的" not in shown  # another store's family does not exist here
    shown = page.post(reverse("guide:family-new"), {**said, "phone": "13900001111"}, follow=True)
    assert "同一个号码" not in shown.content.decode()


def test_a_birthday_in_the_far_future_is_refused_with_a_reason(page, store):
    said = {"name": "陈雨", "phone": "13900001111", "born_on": "2031-05-21", "consent": "on"}
    answer = page.post(reverse("guide:family-new"), said)
    assert answer.status_code == 422
    assert "陈雨" in answer.content.decode()  # nothing typed is lost


def test_what_to_remember_stands_on_the_card(page, promise, lin):
    page.post(reverse("guide:notes", args=[lin.pk]), {"kind": "avoid", "text": "不要提早产"})
    assert "不要提早产" in page.get("/").content.decode()


def test_an_auditor_looks_and_changes_nothing(client, lin, promise, store):
    from warmline.core.people.models import Staff

    auditor = Staff.objects.create_user("shen", "-", name="沈", role="auditor")
    client.force_login(auditor)
    session = client.session
    session["second_factor"] = True
    session.save()
    assert client.get(reverse("guide:family", args=[lin.pk])).status_code == 200
    assert call(client, promise).status_code == 403


def test_now_and_sundown_and_later_are_apart(page, lin, zhou):
    at = datetime(2026, 11, 21, 16, 0, tzinfo=CHENGDU)
    Promise.make("care.node", household=lin, keeper=zhou, due_at=at, words="今天的事")
    Promise.make(
        "care.node", household=lin, keeper=zhou, due_at=at + timedelta(days=3), words="三天后的事"
    )
    html = page.get("/").content.decode()
    assert html.index("今天的事") < html.index("可以等") < html.index("三天后的事")


def text(page, family, words, key="t1", purpose="care"):
    data = {"sms-key": key, "sms-purpose": purpose, "sms-text": words}
    return page.post(reverse("guide:messages", args=[family.pk]), data)


def test_a_text_stands_in_the_outbox_once(page, lin):
    from warmline.core.contacts.models import Message

    for _tap in range(2):
        assert text(page, lin, "周四上午来店里称体重吗？").status_code == 302
    assert Message.objects.get().text == "周四上午来店里称体重吗？"


def test_a_gate_that_holds_a_text_back_says_which_rule(page, lin, zhou):
    consenting.withdraw(lin, "care", channel="phone", by=zhou)
    answer = text(page, lin, "来看看新品")
    assert answer.status_code == 422
    assert "撤回" in answer.content.decode()
    assert "来看看新品" in answer.content.decode()


def test_the_baby_is_born_and_fed(page, zhou, store):
    family = joining.join(
        store=store,
        by=zhou,
        name="孙悦",
        phone="13811112222",
        babies=[joining.Baby(due_on=date(2026, 12, 1))],
        consents=list(Consent.Purpose),
    )
    child = family.children.get()
    said = {"born_on": "2026-11-20", "name": "果果", "feeding": "mixed"}
    page.post(reverse("guide:child", args=[family.pk, child.pk]), said)
    child.refresh_from_db()
    assert (child.name, child.feeding, child.born_on) == ("果果", "mixed", date(2026, 11, 20))

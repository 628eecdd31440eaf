"""The inbox shows what waits by its clock, and nothing that is not hers."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from warmline.doors.agent import pages
from warmline.doors.agent.filters import VIEWS
from warmline.service.desk import answering, owning
from warmline.service.desk.models import Case

INBOX = "/desk/"


def listed(page):
    """The cases on the page, in their order."""
    text = page.content.decode()
    return [int(part.split('"')[0]) for part in text.split('id="case-')[1:]]


@pytest.fixture
def three(ask, lin, afternoon):
    """Asked in the morning and late by now, asked now, and a child that is unwell."""
    afternoon("2026-11-20T10:00:00+08:00")
    late = ask("想问下有没有赠品", phone="+8613900000011", kind="question")
    afternoon("2026-11-23T16:40:00+08:00")
    fresh = ask("快递还没到", phone="+8613900000012", kind="delivery")
    unwell = ask("宝宝喝了一直吐", phone="+8613900000013")
    return late, fresh, unwell


def test_red_flags_come_first_then_whose_time_is_up_soonest(three, ding, at):
    late, fresh, unwell = three
    assert listed(at(ding).get(INBOX)) == [unwell.pk, late.pk, fresh.pk]
    assert listed(at(ding).get(INBOX, {"when": "late"})) == [late.pk]
    assert listed(at(ding).get(INBOX, {"when": "urgent"})) == [unwell.pk]


def test_a_line_says_which_clock_and_how_long_is_left(case, ding, at, afternoon):
    afternoon("2026-11-23T17:30:00+08:00")
    text = at(ding).get(INBOX).content.decode()
    assert "还有 33 分钟" in text
    assert "答复" in text


def test_guides_and_strangers_have_no_desk(case, zhou, hire, client):
    assert client.get(INBOX).status_code == 302
    for who in (zhou, hire("lo", role="logistics", store=None)):
        client.force_login(who)
        assert client.get(INBOX).status_code == 404
        assert client.get(reverse("agent:case", args=[case.pk])).status_code == 404
        assert client.post(reverse("agent:act", args=[case.pk, "ownership"])).status_code == 404


def test_a_manager_sees_her_store_and_nobody_elses(ask, lin, hejing, far_store, at, ding):
    mine = ask()
    other = ask("包裹破了", phone="+8613900000019", store=far_store)
    assert listed(at(hejing).get(INBOX)) == [mine.pk]
    for address in ("agent:case", "agent:presence"):
        method = at(hejing).get if address == "agent:case" else at(hejing).post
        assert method(reverse(address, args=[other.pk])).status_code == 404
    for act in ("answer", "ownership", "end", "link", "no-such-act"):
        assert at(hejing).post(reverse("agent:act", args=[other.pk, act])).status_code == 404
    assert set(listed(at(ding).get(INBOX))) == {mine.pk, other.pk}


def test_a_manager_of_a_region_sees_its_stores(case, ask, far_store, hire, region, at):
    ask("包裹破了", phone="+8613900000019", store=far_store)
    boss = hire("boss", role="manager", store=None, region=region)
    assert listed(at(boss).get(INBOX)) == [case.pk]


def test_pages_follow_each_other_without_a_gap(ask, lin, ding, at, monkeypatch):
    monkeypatch.setattr(pages, "PAGE", 3)
    for n in range(8):
        ask("宝宝一直吐" if n % 4 == 0 else f"第 {n} 件", phone=f"+86139000001{n:02}")
    whole = list(Case.objects.open().by_clock().values_list("pk", flat=True))
    found, address = [], INBOX
    for _page in range(9):
        page = at(ding).get(address)
        found += listed(page)
        if not (after := page.context["next"]):
            break
        address = f"{INBOX}?after={after.replace('+', '%2B')}"
    assert found == whole
    assert listed(at(ding).get(INBOX, {"after": "nonsense"})) == whole[:3]


def test_a_page_costs_the_same_for_three_cases_and_for_thirty(ask, lin, ding, at):
    def statements():
        with CaptureQueriesContext(connection) as seen:
            browser.get(INBOX)
        return len(seen)

    browser = at(ding)

    for n in range(3):
        ask(f"第 {n} 件", phone=f"+86139000002{n:02}")
    browser.get(INBOX)
    few = statements()
    for n in range(3, 30):
        ask(f"第 {n} 件", phone=f"+86139000002{n:02}")
    assert statements() == few <= 11  # the last writes down whose words were read


def test_views_count_what_waits(three, zhou, ding, at):
    late, fresh, unwell = three
    owning.take(fresh, by=ding)
    page = at(ding).get(INBOX)
    counts = {view.name: n for view, n, _here in page.context["views"]}
    assert counts["mine"] == "1"
    assert counts["late"] == "1"
    assert counts["urgent"] == "1"
    assert listed(at(ding).get(INBOX, {"whose": "me"})) == [fresh.pk]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "谁在等我们，等到什么时候？"),
        ({"when": "urgent"}, "有 1 件事插着红旗。"),
        ({"whose": "me"}, "您手上现在没有服务单。"),
        ({"whose": "offered"}, "没有同事请您接手。"),
        ({"state": "settled"}, "已经了结的，最近的在前"),
        ({"channel": "web"}, "符合筛选的，按时限排"),
    ],
)
def test_the_heading_says_what_the_list_is(three, ding, at, query, words):
    assert f"<h1>{words}</h1>" in at(ding).get(INBOX, query).content.decode()


def test_of_more_than_it_counts_the_heading_says_more():
    [late] = [view for view in VIEWS if view.name == "late"]
    with override("zh-hans"):
        assert late.says("99+") == "有 99+ 件事已经超时。"


def test_whoever_only_answers_for_a_department_is_led_to_no_closed_door(hire, at):
    page = at(hire("cai", "采购", role="logistics", store=None)).get(reverse("agent:feedback"))
    text = page.content.decode()
    for name in ("inbox", "approvals", "samples", "macros"):
        assert f'href="{reverse(f"agent:{name}")}"' not in text


def test_filters_that_make_no_sense_are_left_out(case, ding, at):
    page = at(ding).get(INBOX, {"state": "x", "store": "x", "kind": "x", "whose": "x", "when": "?"})
    assert listed(page) == [case.pk]


def test_she_keeps_a_view_under_her_own_name(case, ding, mei, at):
    browser = at(ding)
    browser.post(reverse("agent:views"), {"name": "质量", "query": "?kind=quality&"})
    page = browser.get(INBOX)
    [view] = page.context["saved"]
    assert (view.name, view.query) == ("质量", "kind=quality")
    assert list(at(mei).get(INBOX).context["saved"]) == []
    assert at(mei).post(reverse("agent:view-end", args=[view.pk])).status_code == 404
    at(ding).post(reverse("agent:view-end", args=[view.pk]))
    assert list(at(ding).get(INBOX).context["saved"]) == []


def test_the_list_leaves_as_a_file_that_is_safe_to_open(ask, lin, ding, at):
    ask("=cmd|' /C calc'!A0", phone="+8613900000015")
    answer = at(ding).get(INBOX, {"format": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "'=cmd" in text
    assert at(ding).get(INBOX, {"format": "xlsx"}).content[:2] == b"PK"


def test_who_looked_is_written_down(case, lin, ding, at):
    from warmline.core.people.models import Reading

    at(ding).get(INBOX)
    reading = Reading.objects.latest("pk")
    assert (reading.staff_id, reading.households, reading.purpose) == (
        ding.pk,
        [lin.pk],
        "agent:inbox",
    )


def test_closed_cases_are_a_history(case, ding, at):
    answering.no_reply_needed(case, because="打错了", by=ding)
    assert listed(at(ding).get(INBOX, {"state": "settled"})) == []
    assert listed(at(ding).get(INBOX, {"state": "merged"})) == []

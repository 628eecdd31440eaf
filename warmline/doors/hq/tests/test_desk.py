"""Head office sees three rates, and each figure opens the cases behind it."""

from datetime import date

import pytest
from django.urls import reverse

from warmline.base.clock import today
from warmline.core.people.models import Staff, Store
from warmline.doors.hq import desk_report
from warmline.service.desk import answering, ruling, sampling
from warmline.service.desk.models import Sample
from warmline.service.desk.receiving import Asker, receive
from warmline.service.desk.reckoning import reckon


@pytest.fixture
def store(db):
    return Store.objects.create(code="CX", name="春熙路店")


@pytest.fixture
def hq_client(client, db, monkeypatch):
    staff = Staff.objects.create_user("hq", "-", name="总部", role="hq")
    monkeypatch.setattr("warmline.core.people.signing_in.has_passed", lambda request: True)
    client.force_login(staff)
    return client


def case(store, n=0, **more):
    asker = Asker(name="林晓", phone=f"+861370000000{n}")
    return receive(
        channel="web", words="罐口没有封好", asker=asker, store=store, kind="quality", **more
    ).case


def test_the_rates_and_the_cases_behind_them(hq_client, store):
    made = case(store)
    page = hq_client.get(reverse("hq:desk")).content.decode()
    assert store.name in page
    for level in ("store", "region", "guide"):
        assert hq_client.get(reverse("hq:desk"), {"level": level}).status_code == 200
    where = reverse("hq:desk-behind", args=["complaints"])
    found = hq_client.get(where, {"level": "store", "of": store.pk}).content.decode()
    assert made.code in found
    assert "林晓" not in found
    assert made.code not in hq_client.get(where, {"level": "store", "of": "999"}).content.decode()


def test_what_was_missed_is_listed_with_the_way_in_which_it_was(hq_client, store, clock):
    clock("2026-11-23T10:00:00+08:00")
    made = case(store)
    clock("2026-11-25T02:00:00+08:00")
    reckon(date(2026, 11, 23))
    page = hq_client.get(reverse("hq:desk"), {"level": "guide"})
    assert (page.context["total"].omitted, page.context["total"].contacts) == (1, 1)
    where = reverse("hq:desk-missed")
    assert f'href="{where}?' in page.content.decode()
    listed = hq_client.get(where, {"level": "store", "of": store.pk}).content.decode()
    assert made.code in listed
    assert "日落前没有答复" in listed
    assert "林晓" not in listed
    assert made.code not in hq_client.get(where, {"level": "store", "of": "999"}).content.decode()
    lines = b"".join(hq_client.get(where, {"format": "csv"}).streaming_content)
    assert made.code in lines.decode("utf-8-sig")


def test_they_are_exported(hq_client, store):
    case(store)
    for name in ("hq:desk", "hq:desk-causes"):
        assert hq_client.get(reverse(name), {"format": "xlsx"}).content[:2] == b"PK"
    where = reverse("hq:desk-behind", args=["came"])
    lines = b"".join(hq_client.get(where, {"format": "csv"}).streaming_content)
    assert store.name in lines.decode("utf-8-sig")


def test_causes_that_nobody_knows_yet(hq_client, store):
    case(store)
    assert hq_client.get(reverse("hq:desk-causes")).status_code == 200


def test_what_is_no_figure_is_not_there(hq_client):
    assert hq_client.get(reverse("hq:desk-behind", args=["nonsense"])).status_code == 404


def test_spot_checks_stand_beside_the_rates(hq_client, store):
    agent = Staff.objects.create_user("ding", "-", name="丁宁", role="agent")
    other = Staff.objects.create_user("mei", "-", name="梅兰", role="agent")
    ruling.keep_rules(by=None, sample_percent=100)
    for n in range(2):
        answering.no_reply_needed(case(store, n), because="打错了", by=agent)
    assert sampling.draw(today()) == 2
    sampling.look(Sample.objects.latest("pk"), is_right=False, words="他在问退款", by=other)
    page = hq_client.get(reverse("hq:desk"))
    [(_words, row)] = page.context["samples"]
    assert (row.drawn, row.looked_at, row.wrong, row.wrong_rate) == (2, 1, 1, 100.0)
    where = reverse("hq:desk-samples")
    assert "他在问退款" in hq_client.get(where, {"status": "wrong"}).content.decode()
    assert "他在问退款" not in hq_client.get(where, {"status": "right"}).content.decode()
    assert hq_client.get(where, {"format": "xlsx"}).content[:2] == b"PK"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("level", ["store", "region", "guide"])
def test_the_rates_are_printed_with_their_samples(hq_client, store, language, level):
    for n in range(2):
        case(store, n)
    head = Staff.objects.get(username="hq")
    head.language = language
    head.save()
    asked = {"format": "pdf", "level": level, "days": "7"}
    answer = hq_client.get(reverse("hq:desk"), asked, headers={"Accept-Language": language})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer.content.rstrip().endswith(b"%%EOF")


def test_a_share_of_few_says_so_and_a_share_of_nothing_is_none():
    assert desk_report.share(1, 3) == "33.3%*"
    assert desk_report.share(10, 30) == "33.3%"
    assert desk_report.share(0, 0) == "—"


def test_a_printed_name_is_no_markup(hq_client, store):
    store.name = "春熙路店 <b>&amp;</i>"
    store.save()
    case(store)
    assert hq_client.get(reverse("hq:desk"), {"format": "pdf"}).status_code == 200


def test_a_file_of_the_rates_says_of_which_days_and_of_how_many(hq_client, store):
    case(store)
    asked = {"format": "csv", "days": "7"}
    lines = b"".join(hq_client.get(reverse("hq:desk"), asked).streaming_content).decode("utf-8-sig")
    heads, total, row = lines.strip().splitlines()
    for words in ("首日", "末日", "范围", "小票", "来件总数", "已评分", "应办结"):
        assert words in heads
    assert f"{today()}" in total
    assert "合计" in total
    assert store.name in row


@pytest.mark.parametrize(
    "asked",
    [
        {"format": "ods"},
        {"format": "'\"><"},
        {"days": "9" * 30, "level": "\ud7ff"},
        {"of": "9" * 30, "cause": "9" * 30, "level": "store"},
    ],
)
@pytest.mark.parametrize("name", ["home", "desk", "desk-causes", "desk-behind"])
def test_a_question_that_makes_no_sense_is_no_accident(hq_client, store, name, asked):
    where = reverse(f"hq:{name}", args=["cause"] if name == "desk-behind" else [])
    assert hq_client.get(where, asked).status_code == 200

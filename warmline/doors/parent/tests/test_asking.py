"""A father scans the code at the till and writes what happened; then he follows it on one page."""

import io
import re
import time
from datetime import timedelta

import pytest
from django.urls import reverse
from PIL import Image

from warmline.base.logs import Hush
from warmline.core.contacts.models import Message
from warmline.core.journal.reacting import react_once
from warmline.core.journal.workers import Shift
from warmline.doors.parent import access
from warmline.service.desk import answering, joining_up, limiting, picturing
from warmline.service.desk.masking import masked
from warmline.service.desk.models import Arrival, Case
from warmline.service.desk.tests.conftest import AFTERNOON


@pytest.fixture
def page(clock, store, lin):
    clock(AFTERNOON)
    return reverse("parent:store", args=[store.code])


@pytest.fixture
def send(client, page):
    def send(**said):
        form = {
            "words": "罐口没有封好",
            "kind": "quality",
            "name": "林先生",
            "phone": "139 1234 5678",
            "key": "0123456789abcdef",
            **said,
        }
        return client.post(page, form)

    return send


@pytest.fixture
def case(send):
    """What the other fixture of this name is, by way of the page."""
    assert send().status_code == 302
    return Case.objects.get()


def photo(size=(3000, 2000), format="JPEG", **more):
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, format, **more)
    out.seek(0)
    out.name = "罐口.jpg"
    return out


def react():
    with Shift("test") as shift:
        while react_once(shift):
            pass


def test_the_stores_page_says_its_word_in_both_languages(client, page):
    assert "日落前" in client.get(page, headers={"accept-language": "zh-CN"}).content.decode()
    english = client.get(page, headers={"accept-language": "en"}).content.decode()
    assert "before sundown" in english


def test_a_store_that_is_closed_for_good_has_no_page(client, page, store):
    store.is_open = False
    store.save()
    assert client.get(page).status_code == 404


def test_what_a_father_writes_is_a_case_and_he_sees_it_at_once(client, send, zhou):
    answer = send()
    case = Case.objects.get()
    assert answer.url == reverse("parent:case", args=[case.token])
    seen = client.get(answer.url).content.decode()
    assert "罐口没有封好" in seen
    assert zhou.name in seen
    assert case.code in seen
    assert "林" not in seen
    assert "1391234" not in seen


def test_his_first_message_carries_the_link(case, settings, zhou):
    settings.ENV = settings.ENV.model_copy(update={"site": "https://shop.example"})
    react()
    text = Message.objects.get(household=case.household).text
    assert f"https://shop.example/s/{case.token}/" in text
    assert "18:03" in text
    assert Message.objects.get(staff=zhou).channel == "wecom"


def test_a_stranger_gets_it_too_and_not_more_than_a_few(send, settings):
    settings.ENV = settings.ENV.model_copy(update={"site": "https://shop.example"})
    send(phone="13700000000")
    react()
    message = Message.objects.get(household=None, staff=None)
    assert message.to == "+8613700000000"


def test_the_same_form_sent_twice_is_one(send):
    assert send().url == send().url
    assert Arrival.objects.count() == 1


def test_who_merely_knows_the_number_does_not_see_the_case(send, case):
    answer = send(words="我是他邻居", key="another-key-0000")
    assert case.token not in answer.url
    assert Arrival.objects.count() == 2


def test_what_the_number_itself_says_elsewhere_is_not_on_the_page_of_who_typed_it(
    client, send, ask, page, case
):
    """Somebody types her number, keeps the page open and waits until she writes."""
    ask("孩子住院了，我住青羊区", channel="sms")
    send(words="我是本人", key="another-key-0000", photos=[photo()])
    assert case.arrivals.count() == 3
    seen = client.get(reverse("parent:case", args=[case.token])).content.decode()
    assert "住院" not in seen
    assert "本人" not in seen
    assert "罐口没有封好" in seen
    assert "/photos/" not in seen
    hers = reverse("parent:photo", args=[case.token, case.photos.get().pk])
    assert client.get(hers).status_code == 404
    mine = {"words": "我再说一句", "key": "words-key-0001"}
    client.post(reverse("parent:words", args=[case.token]), mine)
    seen = client.get(reverse("parent:case", args=[case.token])).content.decode()
    assert "我再说一句" in seen


def test_of_a_case_whose_link_went_to_the_number_all_of_it_is_seen(client, ask, page):
    case = ask("罐口没有封好", channel="sms").case
    ask("补一句", channel="sms")
    assert "补一句" in client.get(reverse("parent:case", args=[case.token])).content.decode()


def test_a_case_that_somebody_opened_in_her_name_leads_to_none_of_hers(
    client, clock, ask, send, page, ding
):
    hers = ask("我的事", channel="sms").case
    clock("2026-11-23T17:10:00+08:00")
    send(words="我是邻居")
    theirs = Case.objects.exclude(pk=hers.pk).get()
    joining_up.merge(hers, theirs, by=ding)
    answer = client.get(reverse("parent:case", args=[theirs.token]), follow=True)
    assert hers.token not in answer.content.decode()
    assert "我的事" not in answer.content.decode()


def test_photos_are_not_looked_at_once_somebody_posts_too_often(client, case, monkeypatch):
    looked = []
    monkeypatch.setattr(picturing, "draw", lambda *a, **k: looked.append(1))
    few = limiting.Limit("few", 3, timedelta(minutes=10))
    monkeypatch.setattr(access, "POSTS_FROM_ONE_PLACE", few)
    where = reverse("parent:words", args=[case.token])
    codes = [
        client.post(where, {"words": "", "key": "", "photos": [photo()]}).status_code
        for _n in range(6)
    ]
    assert codes.count(429) >= 3
    assert len(looked) <= 3


def test_a_body_that_nobody_takes_is_not_even_read(client, page):
    answer = client.post(
        page, b"x" * 10, content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=2**30
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "path", ["/store/%00/", "/01/06901234567892/10/%00/papers/1/", "/store/S1/?x=%00"]
)
def test_a_nul_in_an_address_is_a_mistake_and_no_accident(client, page, path):
    assert client.get(path).status_code == 400


def test_all_addresses_of_one_line_count_together(client, case):
    for n in range(30):
        wrong = reverse("parent:case", args=[f"wrong{n}"])
        client.get(wrong, REMOTE_ADDR=f"2001:db8:1:2::{n:x}")
    where = reverse("parent:case", args=[case.token])
    assert client.get(where, REMOTE_ADDR="2001:db8:1:2::ffff").status_code == 429
    assert client.get(where, REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


def test_no_key_to_a_page_stands_in_the_log(client, case, caplog):
    from logging import makeLogRecord

    where = reverse("parent:words", args=[case.token])
    assert client.post(where, {"words": "", "key": "12345678"}).status_code == 422
    (line,) = [r for r in caplog.records if r.name == "django.request"]
    assert line.getMessage().endswith(": /s/…/words/")
    secret = makeLogRecord({"msg": "%s", "args": ("/api/v1/hooks/aliyun/replies/s3cret-s3cret",)})
    Hush().filter(secret)
    assert "s3cret" not in secret.getMessage()


def test_words_that_never_end_do_not_keep_the_page_busy():
    begin = time.process_time()
    for words in ("a.b+" * 2000, "+86" * 2600, "1" * 8000):
        masked(words)
    assert time.process_time() - begin < 0.1


def test_too_many_in_a_short_time_wait_and_nothing_is_lost(send):
    codes = [send(key=f"key-{n:08}").status_code for n in range(12)]
    assert codes.count(429) == 4
    assert Case.objects.count() == 1
    assert Arrival.objects.count() == 8


@pytest.mark.parametrize("said", [{"words": " "}, {"phone": "123"}, {"name": ""}, {"key": "x"}])
def test_what_is_missing_is_said_and_nothing_typed_is_lost(send, said):
    answer = send(**said)
    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_a_wrong_link_is_a_page_that_is_not_there(client, case):
    assert client.get(reverse("parent:case", args=["x" * 22])).status_code == 404


def test_who_tries_many_links_is_shut_out(client, case):
    for n in range(30):
        client.get(reverse("parent:case", args=[f"wrong{n}"]))
    assert client.get(reverse("parent:case", args=[case.token])).status_code == 429


def test_the_page_is_kept_by_nobody(client, case):
    answer = client.get(reverse("parent:case", args=[case.token]))
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]


def test_numbers_in_his_own_words_are_masked(client, send):
    answer = send(words="请打13912345678，卡号6222021234567890123，lin@example.com")
    seen = client.get(answer.url).content.decode()
    assert "139****5678" in seen
    assert "6222****23" in seen
    assert "lin@" not in seen


def test_he_adds_a_photo_which_is_drawn_anew(client, case):
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    where = reverse("parent:words", args=[case.token])
    added = {"words": "", "key": "photo-key-1", "photos": [photo(exif=exif)]}
    assert client.post(where, added).status_code == 302
    kept = case.photos.get()
    assert (kept.width, kept.height) == (1600, 1067)
    shown = client.get(reverse("parent:photo", args=[case.token, kept.pk]))
    assert shown["Content-Type"] == "image/jpeg"
    assert b"SecretPhone" not in shown.content
    assert Image.open(io.BytesIO(shown.content)).size == (1600, 1067)
    assert re.search(
        r"/photos/\d+/", client.get(reverse("parent:case", args=[case.token])).content.decode()
    )


@pytest.mark.parametrize(
    "bad", [b"<svg onload=alert(1)>", b"GIF89a" + b"\0" * 50, b"\xff\xd8\xff" * 99, b""]
)
def test_what_is_no_photo_is_refused(client, case, bad):
    file = io.BytesIO(bad)
    file.name = "x.jpg"
    where = reverse("parent:words", args=[case.token])
    answer = client.post(where, {"words": "看", "key": "photo-key-2", "photos": [file]})
    assert answer.status_code == 422
    assert not case.photos.exists()
    assert Arrival.objects.count() == 1


def test_a_picture_that_unfolds_to_a_giant_is_refused(client, case):
    file = photo((9000, 9000), "PNG")
    where = reverse("parent:words", args=[case.token])
    assert (
        client.post(where, {"words": "看", "key": "photo-key-3", "photos": [file]}).status_code
        == 422
    )


def test_not_solved_opens_it_again_with_a_new_clock(client, case, zhou):
    answering.finish(case, outcome="replaced", words="换了一罐", by=zhou)
    where = reverse("parent:unsolved", args=[case.token])
    client.post(where, {"words": "新的也漏", "key": "unsolved-1"})
    case.refresh_from_db()
    assert (case.state, case.finished_at) == ("open", None)
    assert case.answer_by


def test_he_says_once_how_it_was(client, case, zhou):
    answering.finish(case, outcome="replaced", words="换了一罐", by=zhou)
    where = reverse("parent:rating", args=[case.token])
    client.post(where, {"score": 2})
    client.post(where, {"score": 5})
    client.post(where, {"score": "drop table"})
    assert [e.body["score"] for e in case.events.filter(kind="rated")] == [2]


def test_every_word_and_time_of_ours_stands_there_and_none_that_is_not_his(
    client, case, zhou, ding
):
    from datetime import datetime

    next_at = datetime.fromisoformat("2026-11-24T12:00:00+08:00")
    answering.answer(case, words="我们在查批次", by=zhou, next_at=next_at)
    case.happen("noted", by=ding, words="他好像很生气")
    seen = client.get(reverse("parent:case", args=[case.token])).content.decode()
    assert "我们在查批次" in seen
    assert "12:00" in seen
    assert "生气" not in seen

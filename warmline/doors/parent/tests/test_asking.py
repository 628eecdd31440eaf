"""A father scans the code at the till and writes what happened; then he follows it on one page."""

import io
import re

import pytest
from django.urls import reverse
from PIL import Image

from warmline.core.contacts.models import Message
from warmline.core.journal.reacting import react_once
from warmline.core.journal.workers import Shift
from warmline.service.desk import answering
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

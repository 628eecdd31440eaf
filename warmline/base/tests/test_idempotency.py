"""The same request twice has one effect and one answer, also when both come at once."""

import threading
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from warmline.base import idempotency
from warmline.base.idempotency import KeyBusy, KeyMalformed, KeyRefused, once
from warmline.base.models import Idempotent

pytestmark = pytest.mark.django_db


@pytest.fixture
def effects():
    """What a request does that must not be done twice: a row for each time it ran."""
    return lambda: ContentType.objects.filter(app_label="effect").count()


def ask(body="{}", *, key="k1", status=201, path="/api/v1/things"):
    headers = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    request = RequestFactory().post(path, body, content_type="application/json", **headers)

    def work():
        number = ContentType.objects.filter(app_label="effect").count()
        ContentType.objects.create(app_label="effect", model=f"{threading.get_ident()}{number}")
        if status == 302:
            return HttpResponseRedirect("/there/")
        return HttpResponse(f"answer {number}", status=status, content_type="text/plain")

    return once(request, work, scope="token:1 POST things")


def test_without_a_key_each_request_counts(effects):
    ask(key=None)
    ask(key=None)
    assert effects() == 2


def test_what_is_kept_cannot_be_read_in_the_database():
    ask()
    assert b"answer" not in bytes(Idempotent.objects.get().answer)


def test_the_same_key_and_body_get_the_same_answer_and_one_effect(effects):
    first, again = ask(), ask()
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again["Content-Type"] == "text/plain"
    assert again["Idempotent-Replay"] == "true"
    assert effects() == 1


@pytest.mark.parametrize("other", [{"body": '{"a":1}'}, {"path": "/api/v1/things/2"}])
def test_the_same_key_for_another_request_is_refused(effects, other):
    ask()
    with pytest.raises(KeyRefused):
        ask(**other)
    assert effects() == 1


def test_what_was_wrong_once_stays_wrong_and_leaves_no_trace(effects):
    assert [ask(status=422).content, ask(status=422).content] == [b"answer 0"] * 2
    assert effects() == 0


def test_what_broke_is_tried_again(effects):
    ask(status=503)
    assert effects() == 0
    assert ask(status=201).status_code == 201
    assert effects() == 1


def test_a_redirect_leads_to_the_same_place_again(effects):
    ask(status=302)
    again = ask(status=302)
    assert (again.status_code, again["Location"], effects()) == (302, "/there/", 1)


@pytest.mark.parametrize("key", ["", "x" * 81, "schlüssel", "a\tb"])
def test_a_key_that_is_none_is_said_to_be_none(key):
    request = RequestFactory().post("/", HTTP_IDEMPOTENCY_KEY=key)
    with pytest.raises(KeyMalformed):
        once(request, HttpResponse, scope="s")


def test_answers_are_forgotten_after_three_days(effects):
    ask()
    assert idempotency.purge() == 0
    row = Idempotent.objects.get()
    row.created_at -= timedelta(hours=73)
    row.save()
    Idempotent.objects.create(scope="s", key="2", created_at=row.created_at)
    assert idempotency.purge(batch=1) == 2
    ask()
    assert effects() == 2


def both_at_once(times=6, *, key="race"):
    """As many twins as there are threads, let go at the same moment."""
    gate, said = threading.Barrier(times), []

    def run():
        gate.wait()
        try:
            said.append(ask(key=key).content)
        except KeyBusy:
            said.append("busy")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


@pytest.mark.django_db(transaction=True)
def test_twins_that_come_at_once_have_one_effect(effects):
    assert set(both_at_once()) <= {b"answer 0", "busy"}
    assert effects() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_key_row_twins_have_as_many_effects(effects, monkeypatch):
    monkeypatch.setattr(idempotency, "key_of", lambda request: None)
    both_at_once()
    assert effects() == 6


@pytest.mark.django_db(transaction=True)
def test_a_twin_gives_up_where_the_databases_patience_ends():
    begun, go_on = threading.Event(), threading.Event()
    request = RequestFactory().post("/", "{}", "application/json", HTTP_IDEMPOTENCY_KEY="slow")

    def slow():
        def work():
            begun.set()
            go_on.wait(10)
            return HttpResponse(status=201)

        once(request, work, scope="s")
        connection.close()

    first = threading.Thread(target=slow)
    first.start()
    begun.wait(10)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
    try:
        with pytest.raises(KeyBusy):
            once(request, HttpResponse, scope="s")
    finally:
        go_on.set()
        first.join()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    assert once(request, HttpResponse, scope="s").status_code == 201

"""Somebody else holds the family's row for too long: nothing is stored, and nothing typed is lost."""

import re
import threading

import psycopg
import pytest
from django.db import OperationalError, connection, connections
from django.test import Client

from warmline.core.contacts.models import Contact
from warmline.doors.guide import calls, family

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(zhou):
    client = Client(headers={"accept-language": "en"})
    client.raise_request_exception = False
    client.force_login(zhou)
    return client


@pytest.fixture
def impatient():
    """As the shop's role is, only quicker: it waits 50 ms for a row."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    yield
    connection.close()


def words_kept(answer):
    said = answer.content.decode()
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', said)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_what_was_typed_is_sent_again_by_a_button(page, lin, impatient):
    call = {"key": "k1", "outcome": "reached", "note": "外婆 & <妈妈>"}
    where = f"/families/{lin.pk}/contacts/"
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT FROM people_household WHERE id = %s FOR UPDATE", [lin.pk])
        answer = page.post(where, call)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "was not saved" in answer.content.decode()
    assert f'action="{where}"' in answer.content.decode()
    assert not Contact.objects.exists()

    kept = words_kept(answer)
    assert kept["note"] == "外婆 &amp; &lt;妈妈&gt;"
    assert page.post(where, call).status_code == 302
    assert Contact.objects.get().note == "外婆 & <妈妈>"


def test_a_second_tap_that_waited_too_long_is_told_and_is_the_same_act(page, lin, impatient):
    note = {"kind": "say", "text": "爱听孩子的小名", "once": "tap-1"}
    where = f"/families/{lin.pk}/notes/"
    begun, ended = threading.Event(), threading.Event()

    def first_tap(*args, **kwargs):
        begun.set()
        ended.wait(10)
        return remember(*args, **kwargs)

    remember = family.remembering.remember
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(family.remembering, "remember", first_tap)
        tapping = threading.Thread(target=tap, args=(page, where, note))
        tapping.start()
        assert begun.wait(10)
        answer = page.post(where, note)
        ended.set()
        tapping.join()

    assert answer.status_code == 503
    assert words_kept(answer) == note
    assert page.post(where, note).status_code == 302  # the button: the answer of the first
    assert lin.memory_notes.count() == 1


def tap(page, where, said):
    other = Client()
    other.cookies = page.cookies
    try:
        other.post(where, said)
    finally:
        connections.close_all()


def test_a_database_that_went_away_is_told_apart_and_keeps_the_words_too(page, lin, monkeypatch):
    def away(**_said):
        error = OperationalError("going down")
        raise error from psycopg.errors.AdminShutdown("going down")

    monkeypatch.setattr(calls, "log_call", away)
    answer = page.post(f"/families/{lin.pk}/contacts/", {"key": "k", "outcome": "reached"})
    assert answer.status_code == 503
    assert "not known to be saved" in answer.content.decode()
    assert words_kept(answer) == {"key": "k", "outcome": "reached"}

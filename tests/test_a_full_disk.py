"""When the server's disk is full: families can be read, and what a guide sends is not lost (G24)."""

import errno
from collections import namedtuple

import psycopg
import pytest
from django.db import OperationalError
from django.test import Client

from warmline.base import disk
from warmline.core.people import reading
from warmline.core.people.models import Staff, Store
from warmline.doors.guide import today

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def room(monkeypatch):
    """Set how many MB are free."""

    def free(megabytes):
        monkeypatch.setattr(disk.shutil, "disk_usage", lambda _p: Usage(1, 1, megabytes << 20))
        monkeypatch.setattr(disk, "glance", disk.Glance())

    return free


@pytest.fixture
def page(db):
    store = Store.objects.create(code="CX", name="春熙路店")
    zhou = Staff.objects.create_user("zhou", "-", name="周洁", store=store, role="guide")
    client = Client(headers={"accept-language": "en"}, enforce_csrf_checks=True)
    client.raise_request_exception = False
    client.force_login(zhou)
    return client


def typed(page, **words):
    """A form of ours, sent as the browser sends it."""
    page.get("/families/new/")
    return {"csrfmiddlewaretoken": page.cookies["csrftoken"].value, **words}


def test_a_post_is_answered_507_and_the_page_keeps_what_was_typed(page, room):
    form = typed(page, name="林<晓>", phone="13812345678")
    room(100)
    answer = page.post("/families/new/", form)
    said = answer.content.decode()
    assert answer.status_code == 507
    assert answer["Retry-After"]
    assert "was not saved" in said
    assert 'action="/families/new/"' in said
    assert '<input type="hidden" name="name" value="林&lt;晓&gt;">' in said
    assert said.count("csrfmiddlewaretoken") == 1


def test_it_is_said_in_chinese_too(page, room):
    form = typed(page, name="林晓")
    room(100)
    said = page.post(
        "/families/new/", form, headers={"accept-language": "zh-hans"}
    ).content.decode()
    assert "磁盘" in said
    assert "没有保存" in said


def test_reading_goes_on_and_who_read_is_written_down(page, room):
    room(100)
    assert page.get("/").status_code == 200
    assert page.get("/families/").status_code == 200
    assert page.post("/accounts/logout/", typed(page)).status_code == 302  # signing in and out too


def test_words_of_another_site_are_not_kept_to_be_sent_in_her_name(page, room):
    room(100)
    answer = page.post("/families/new/", {"name": "somebody else's"})
    assert answer.status_code == 403
    assert "somebody else" not in answer.content.decode()


def test_it_comes_back_by_itself(page, room):
    form = typed(page, name="")
    room(100)
    assert page.post("/families/new/", form).status_code == 507
    room(5000)
    assert page.post("/families/new/", form).status_code == 422  # a form with mistakes, as ever


def broken_by(error):
    def breaks(*_args, **_kwargs):
        raise error

    return breaks


def refused_by_the_database(cause):
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (refused_by_the_database(psycopg.errors.DiskFull("could not extend file")), 507),
        (refused_by_the_database(psycopg.errors.AdminShutdown("going down")), 503),
        (OSError(errno.ENOSPC, "No space left on device"), 507),
        (OSError(errno.EIO, "I/O error"), 500),
    ],
)
def test_a_disk_that_fills_up_in_the_middle_is_told_from_other_trouble(
    page, monkeypatch, error, status
):
    monkeypatch.setattr(today, "families_of", broken_by(error))
    answer = page.get("/")
    assert answer.status_code == status
    assert ("<h1>No room left" in answer.content.decode()) == (status == 507)


def test_a_read_that_cannot_be_written_down_is_not_shown(page, monkeypatch):
    """No audit, no data; and the reason is the disk, not "something broke"."""
    full = refused_by_the_database(psycopg.errors.DiskFull("could not extend file"))
    monkeypatch.setattr(reading, "write", broken_by(full))
    monkeypatch.setattr(today, "families_of", lambda _shown: [1])
    answer = page.get("/")
    assert answer.status_code == 507
    assert "cannot be shown" in answer.content.decode()

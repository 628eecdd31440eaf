"""Whatever goes wrong is said as problem+json, with a code and a sentence, and never as a page."""

import pytest
from django.db import OperationalError
from django.test import Client

from warmline.core.people.models import Token
from warmline.doors.api import entrance, tokens
from warmline.doors.api.tests.conftest import Caller

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_guessed_yet():
    tokens.guesses.begun = tokens.requests.begun = 0.0


def problem(answer, status, code=None):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == status
    assert said["detail"]
    assert answer["X-Request-Id"]
    if code:
        assert said["code"] == code
    return said


@pytest.mark.parametrize("path", ["/households", "/sales/1", "/promises", "/run-outs", "/nothing"])
def test_without_a_token_nothing_is_said(nobody, path):
    answer = nobody.get(path)
    problem(answer, 404 if path == "/nothing" else 401)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic eDp5", "Bearer é"])
def test_a_token_that_is_none_is_a_401(nobody, header, receipt):
    for answer in (
        nobody.get("/households", authorization=header),
        nobody.post("/sales", receipt(), authorization=header),
    ):
        problem(answer, 401)
        assert answer["WWW-Authenticate"] == "Bearer"


def test_guessing_tokens_is_slowed_down(nobody):
    for n in range(tokens.GUESSES_A_MINUTE):
        problem(nobody.get("/households", authorization=f"Bearer x{n}"), 401)
    said = nobody.get("/households", authorization="Bearer x")
    problem(said, 429)
    assert said["Retry-After"] == "60"


def test_a_token_that_asks_too_much_waits(hq, settings):
    settings.ENV = settings.ENV.model_copy(update={"api_per_second": 2})
    statuses = [hq.get("/products").status_code for _n in range(4)]
    assert 429 in statuses


def test_wrong_methods_are_named(hq):
    answer = hq("DELETE", "/households")
    problem(answer, 405)
    assert "GET" in answer["Allow"]


def test_a_body_has_a_limit(hq, lin, receipt):
    problem(hq.post("/sales", b" " * (2**20 + 1)), 413)
    problem(hq.post("/sales/batch", b" " * (5 * 2**20 + 1)), 413)
    problem(hq.post("/sales/batch", b" " * (2**20 + 1)), 422)


def test_only_json_is_read(hq):
    problem(hq.post("/households", "a=1", content_type="application/x-www-form-urlencoded"), 415)


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"\\ud800"', '{"a": 1e999}', "\x00", "{}"])
def test_what_cannot_be_read_is_said_to_be_so(hq, body):
    for path in ("/sales", "/sales/batch", "/households"):
        answer = hq.post(path, body)
        assert answer.status_code in (400, 422), (path, answer.content)
        problem(answer, answer.status_code)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_a_character_that_is_none_harms_nobody(hq, store, text, receipt):
    family = {"store": store.code, "name": text, "phone": "13912345678"}
    assert hq.post("/households", family).status_code in (400, 422)
    assert hq.post("/sales", receipt(document_no=text)).status_code == 422
    said = hq.post("/sales/batch", {"sales": [receipt(document_no=text), receipt()]})
    assert said.status_code in (200, 422)


@pytest.mark.parametrize("path", ["/households?q=%00", "/products/%00", "/sales?document_no=%00"])
def test_nul_in_an_address_is_no_500(hq, path):
    problem(hq.get(path), 422)


@pytest.mark.parametrize("cursor", ["x", "!!!", "a2s", "aw", "a" * 101])
def test_a_cursor_that_is_not_ours_is_refused(hq, cursor):
    problem(hq.get(f"/products?cursor={cursor}"), 422)


def test_each_wrong_field_is_named_in_the_callers_language(hq):
    for language, words in (("en-GB", "This is needed."), ("zh-CN", "必填。")):
        said = problem(hq.post("/sales", {}, accept_language=language), 422, "invalid")
        assert {"field": "document_no", "code": "missing", "message": words} in said["errors"]


def test_an_unforeseen_error_names_the_request_and_nothing_else(hq, monkeypatch):
    def broken(request):
        raise RuntimeError("a secret: +8613912345678")

    monkeypatch.setitem(entrance.HOT, ("POST", "/api/v1/sales"), broken)
    answer = hq.post("/sales", {})
    problem(answer, 500)
    assert b"13912345678" not in answer.content


def test_a_database_that_is_away_is_a_503_with_patience(hq, monkeypatch):
    def away(request):
        raise OperationalError("gone")

    monkeypatch.setitem(entrance.HOT, ("POST", "/api/v1/sales"), away)
    answer = hq.post("/sales", {})
    problem(answer, 503)
    assert answer["Retry-After"]


def test_a_session_cookie_opens_nothing_here(db, django_user_model):
    staff = django_user_model.objects.create_user("hq", "long enough a word", name="x", role="hq")
    client = Client()
    client.force_login(staff)
    problem(Caller(client, "").get("/households"), 401)


def test_a_token_is_used_noted_by_the_day(hq):
    hq.get("/products")
    assert str(Token.objects.get().last_used_on) == "2026-11-21"


def test_the_description_and_its_page_need_nothing_from_elsewhere(nobody):
    described = nobody.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert "/api/v1/sales/batch" in described["paths"]
    page = nobody.get("/docs")
    assert page.status_code == 200
    assert b"http://" not in page.content.replace(b"http://www.w3.org", b"")
    assert b"https://" not in page.content
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert b"<script>" not in page.content

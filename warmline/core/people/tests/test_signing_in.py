"""Accounts are given, a one-time password is changed, and who sees much shows a second key."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.db import connection
from django.urls import NoReverseMatch, reverse

from warmline.core.people import signing_in
from warmline.core.people.models import Staff

pytestmark = pytest.mark.django_db

PASSWORD = "warm-milk-at-four"
WORK = "/anywhere/"  # any page of any door: there is none here
LOGIN, CHANGE, SET_UP = (
    "/accounts/login/",
    "/accounts/password/change/",
    "/accounts/2fa/totp/activate/",
)


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def guide(store):
    return Staff.objects.create_user("zhou", PASSWORD, name="周洁", store=store)


@pytest.fixture
def hq(db):
    return Staff.objects.create_user("hong", PASSWORD, name="洪敏", role="hq")


def sign_in(client, username, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": username, "password": password, **more})


def code_for(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def set_up_second_key(client):
    secret = client.get(SET_UP).context["form"].secret
    return secret, client.post(SET_UP, {"code": code_for(secret)})


def again(client, secret):
    """Sign in at another time: a code is taken once only."""
    cache.clear()
    client.post("/accounts/logout/")
    sign_in(client, "hong")
    return client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})


def test_a_guide_signs_in_and_stands_before_her_families(client, guide):
    assert "登录" in client.get(LOGIN).content.decode()
    page = sign_in(client, "zhou")
    assert (page.status_code, page.url) == (302, "/")


def test_after_signing_in_she_is_back_where_she_was(client, guide):
    page = client.get(LOGIN, {"next": "/families/5/?tab=notes"})
    assert 'name="next" value="/families/5/?tab=notes"' in page.content.decode()
    assert sign_in(client, "zhou", next="/families/5/?tab=notes").url == "/families/5/?tab=notes"


def test_nobody_is_sent_elsewhere_after_signing_in(client, guide):
    assert sign_in(client, "zhou", next="https://elsewhere.example/").url == "/"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_speak_both_languages(client, guide, language):
    client.cookies["django_language"] = language
    page = client.get(LOGIN).content.decode()
    assert ("欢迎回来" in page) == (language == "zh-hans")
    assert ("Good to have you here" in page) == (language == "en")


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(client, guide):
    wrong = sign_in(client, "zhou", "wrong").context["form"].non_field_errors()
    unknown = sign_in(client, "nobody", "wrong").context["form"].non_field_errors()
    assert wrong == unknown
    assert wrong


def test_guessing_ends_after_five_tries(client, guide):
    for _n in range(5):
        sign_in(client, "zhou", "wrong")
    page = sign_in(client, "zhou", PASSWORD)
    assert page.status_code == 200
    assert not page.wsgi_request.user.is_authenticated


def test_who_has_left_neither_comes_in_nor_stays_in(client, guide):
    sign_in(client, "zhou")
    guide.leave()
    assert not client.get(LOGIN).wsgi_request.user.is_authenticated
    assert sign_in(client, "zhou").url == "/accounts/inactive/"
    assert not client.get(LOGIN).wsgi_request.user.is_authenticated


def test_a_one_time_password_is_changed_before_anything_else(client, guide):
    password = signing_in.give_one_time_password(guide)
    page = sign_in(client, "zhou", password, next="/families/")
    assert page.url == "/families/"
    page = client.get(WORK)
    assert page.url == f"{CHANGE}?next=%2Fanywhere%2F"
    assert "一次性" in client.get(page.url).content.decode()
    own = {"oldpassword": password, "password1": PASSWORD + "!", "password2": PASSWORD + "!"}
    assert client.post(CHANGE, {**own, "next": "/families/"}).url == "/families/"
    guide.refresh_from_db()
    assert not guide.must_change_password
    assert guide.check_password(PASSWORD + "!")


def test_htmx_is_led_there_as_a_whole_page(client, guide):
    password = signing_in.give_one_time_password(guide)
    sign_in(client, "zhou", password)
    page = client.get(WORK, headers={"HX-Request": "true"})
    assert (page.status_code, page["HX-Redirect"]) == (204, CHANGE)


@pytest.mark.parametrize("new", ["short", "1234567890", None])
def test_her_own_password_is_a_new_and_a_good_one(client, guide, new):
    password = signing_in.give_one_time_password(guide)
    sign_in(client, "zhou", password)
    new = new or password
    page = client.post(CHANGE, {"oldpassword": password, "password1": new, "password2": new})
    assert page.status_code == 200
    assert page.context["form"].errors
    guide.refresh_from_db()
    assert guide.must_change_password


def test_one_time_passwords_can_be_read_out_and_differ(guide):
    given = {signing_in.give_one_time_password(guide) for _n in range(3)}
    assert len(given) == 3
    assert all(len(p) == 14 and not set("01ijlo") & set(p) for p in given)


@pytest.mark.parametrize("role", ["hq", "manager", "auditor"])
def test_who_sees_much_sets_up_a_second_key_first(client, store, role):
    Staff.objects.create_user("chen", PASSWORD, name="陈", role=role, store=store)
    sign_in(client, "chen")
    page = client.get(WORK)
    assert page.url.startswith(SET_UP)
    secret, page = set_up_second_key(client)
    assert page.url == "/accounts/2fa/recovery-codes/"
    codes = client.get(page.url).content.decode()
    assert codes.count("<code>") == 10
    assert client.get(WORK).status_code == 404


@pytest.mark.parametrize("role", ["guide", "agent", "logistics"])
def test_the_others_need_none(client, store, role):
    Staff.objects.create_user("li", PASSWORD, name="李", role=role, store=store)
    sign_in(client, "li")
    assert client.get(WORK).status_code == 404  # she gets as far as that


def test_the_second_key_is_asked_for_at_the_next_sign_in(client, hq):
    sign_in(client, "hong")
    secret, _page = set_up_second_key(client)
    cache.clear()
    client.post("/accounts/logout/")
    page = sign_in(client, "hong", next="/hq/stores/")
    assert page.url.startswith("/accounts/2fa/authenticate/")
    assert not page.wsgi_request.user.is_authenticated
    assert "恢复码" in client.get(page.url).content.decode()
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert wrong.context["form"].errors
    right = client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert right.url == "/hq/stores/"
    assert right.wsgi_request.user == hq


def test_whoever_finds_an_open_phone_cannot_change_its_keys(client, hq):
    sign_in(client, "hong")
    set_up_second_key(client)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 600
    session.save()
    page = client.get("/accounts/2fa/recovery-codes/")
    assert page.url.startswith("/accounts/reauthenticate/")
    page = client.post(page.url, {"password": PASSWORD})
    assert page.url == "/accounts/2fa/recovery-codes/"
    assert client.get(page.url).status_code == 200


def test_a_recovery_code_opens_once(client, hq):
    cache.clear()
    sign_in(client, "hong")
    secret, _page = set_up_second_key(client)
    codes = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert again(client, secret).status_code == 302
    for expected in (302, 200):
        cache.clear()
        client.post("/accounts/logout/")
        sign_in(client, "hong")
        page = client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert page.status_code == expected


def test_a_session_from_before_the_second_key_is_worth_nothing(client, hq, django_user_model):
    """Somebody with the password alone waits for the owner to set up her key."""
    thief = type(client)()
    sign_in(thief, "hong")
    sign_in(client, "hong")
    set_up_second_key(client)
    assert thief.get(WORK).url.startswith(LOGIN)
    assert not thief.get(LOGIN).wsgi_request.user.is_authenticated


def test_the_secret_of_the_key_is_not_readable_in_the_database(client, hq):
    sign_in(client, "hong")
    secret, _page = set_up_second_key(client)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        kept = "".join(row[0] for row in cursor.fetchall())
    assert secret not in kept


def test_a_role_that_needs_the_key_cannot_put_it_away(client, hq):
    sign_in(client, "hong")
    set_up_second_key(client)
    page = client.post("/accounts/2fa/totp/deactivate/")
    assert page.context["form"].errors
    assert signing_in.has_second_factor(hq)


def test_whose_phone_is_gone_sets_up_another(client, hq):
    sign_in(client, "hong")
    set_up_second_key(client)
    client.post("/accounts/logout/")
    signing_in.forget_second_factor(hq)
    assert not Authenticator.objects.exists()
    sign_in(client, "hong")
    assert client.get(WORK).url.startswith(SET_UP)


@pytest.mark.parametrize(
    "path",
    ["signup/", "password/reset/", "email/", "confirm-email/", "password/set/", "login/code/"],
)
def test_there_is_no_page_to_register_or_to_reset_a_password(client, path):
    assert client.get(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password", "account_email"])
def test_nor_an_address_of_one(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "password/change/",
        "2fa/",
        "2fa/recovery-codes/",
        "2fa/recovery-codes/generate/",
        "logout/",
        "2fa/totp/deactivate/",
        "2fa/reauthenticate/",
        "reauthenticate/",
        "2fa/recovery-codes/download/",
    ],
)
def test_every_page_of_signing_in_opens(client, hq, path):
    sign_in(client, "hong")
    set_up_second_key(client)
    page = client.get(f"/accounts/{path}")
    assert page.status_code in ((404,) if not path else (200, 302))
    if page.status_code == 200:
        assert "page-settings" in page.content.decode() or path.endswith("download/")

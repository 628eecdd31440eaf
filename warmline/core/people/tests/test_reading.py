"""Each answer with personal data leaves one line: who saw whose, what, from where, what for."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.http import HttpResponse, HttpResponseNotFound

from warmline.core.people import reading
from warmline.core.people.models import Reading, Token

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(rf):
    """Somebody looks at a page that shows these families: `look(zhou, [1], "name")`."""

    def look(staff, households, *fields, answer=HttpResponse, token=None):
        request = rf.get("/accounts/login/")
        request.user, request.id, request.ip = staff, "r" * 32, "10.0.0.7"
        if token:
            request.token = token

        def page(request):
            if households is not None:
                reading.saw(request, households, *fields)
            return answer("…")

        return reading.ReadAuditMiddleware(page)(request)

    return look


def test_who_saw_whose_data_of_which_kind_from_where_and_what_for(look, lin, zhou):
    look(zhou, [lin.pk], "name", "phone")
    line = Reading.objects.get()
    assert (line.staff_id, line.role, line.store_id) == (zhou.pk, "guide", zhou.store_id)
    assert (line.households, line.fields) == ([lin.pk], ["name", "phone"])
    assert (line.ip, line.request_id, line.purpose) == ("10.0.0.7", "r" * 32, "account_login")


def test_a_page_that_shows_many_families_is_one_line(look, zhou):
    look(zhou, [3, 1, 2, 1], "name")
    assert Reading.objects.get().households == [1, 2, 3]


def test_a_page_without_personal_data_leaves_none(look, zhou):
    look(zhou, None)
    look(zhou, [], "name")
    assert not Reading.objects.exists()


def test_an_answer_that_shows_nothing_after_all_leaves_none(look, zhou):
    look(zhou, [1], "name", answer=HttpResponseNotFound)
    assert not Reading.objects.exists()


def test_a_form_that_comes_back_with_a_mistake_shows_the_family_all_the_same(look, lin, zhou):
    look(zhou, [lin.pk], "phone", answer=lambda words: HttpResponse(words, status=422))
    assert Reading.objects.get().households == [lin.pk]


def test_a_long_export_names_everybody(look, zhou, monkeypatch):
    monkeypatch.setattr(reading, "HOUSEHOLDS_MAX", 2)
    look(zhou, [3, 1, 2], "name")
    assert [line.households for line in Reading.objects.order_by("pk")] == [[1, 2], [3]]


def test_another_system_is_named_by_its_key(look, store):
    token, _secret = Token.issue(name="till", role="guide", store=store)
    look(AnonymousUser(), [1], "phone", token=token)
    line = Reading.objects.get()
    assert (line.staff_id, line.token_id, line.store_id) == (None, token.pk, store.pk)


def test_no_audit_no_data(look, zhou, monkeypatch, tmp_path):
    refused = tmp_path / "refused.sql"
    refused.write_text("SELECT 1 / 0")  # the database refuses the row
    monkeypatch.setattr(reading, "INSERT", refused)
    with pytest.raises(DatabaseError):
        look(zhou, [1], "name")

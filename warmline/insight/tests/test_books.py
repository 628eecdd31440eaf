"""The books can be read from outside, tell of nobody by name, and cannot be written through."""

import pytest
from django.db import connection

BOOKS = ["promises", "contacts", "sales", "run_outs", "readings", "messages"]
PERSONAL = {
    "name",
    "phone",
    "phone_bi",
    "phone_last4",
    "email",
    "note",
    "to",
    "text",
    "words",
    "ip",
}


def ask(question, *values):
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall()


@pytest.mark.parametrize("book", BOOKS)
def test_no_column_tells_of_a_person(db, book):
    asked = "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
    columns = {name for (name,) in ask(asked, f"books_{book}")}
    assert columns
    assert not columns & PERSONAL


@pytest.mark.parametrize("book", BOOKS)
def test_the_shop_reads_them_and_never_writes_through_them(db, book):
    may = "SELECT has_table_privilege('warmline_app', %s, %s)"
    assert ask(may, f"books_{book}", "SELECT") == [(True,)]
    for privilege in ("INSERT", "UPDATE", "DELETE"):
        assert ask(may, f"books_{book}", privilege) == [(False,)]


def test_they_say_what_the_shop_did(good_shop, promise, sale):
    assert ask("SELECT promise, store, status FROM books_promises") == [(promise.pk, "S1", "made")]
    assert ask("SELECT outcome, promise FROM books_contacts") == [("reached", promise.pk)]
    [(category, content, total)] = ask("SELECT category, content, total FROM books_sales")
    assert (category, content, total) == ("formula", 800, 298)
    assert ask("SELECT category, purchases FROM books_run_outs") == [("formula", 1)]

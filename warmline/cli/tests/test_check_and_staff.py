"""`warmline check` says what does not hold and fails; `warmline staff` lets the first person in."""

from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from django.db import connection

from warmline.cli.check import check
from warmline.cli.staff import staff
from warmline.core.people.models import Staff, Store

pytestmark = pytest.mark.django_db


class HereAndNow:
    """A deployment whose database is the test's own."""

    @contextmanager
    def database(self):
        yield ""


@pytest.fixture
def warmline(monkeypatch):
    monkeypatch.setenv("WARMLINE_LANGUAGE", "en")

    def call(command, *words):
        return CliRunner().invoke(command, words, obj=HereAndNow())

    return call


def test_all_is_well_in_an_empty_shop(warmline):
    answer = warmline(check)
    assert answer.exit_code == 0
    assert "hold." in answer.output


def test_what_does_not_hold_is_named_and_the_command_fails(warmline):
    Store.objects.create(code="S1", name="春熙路店")
    answer = warmline(check, "--only", "store_days")
    assert answer.exit_code == 1
    assert "code=S1" in answer.output
    assert "1 of 1 do not hold." in answer.output


def test_while_the_tables_are_another_versions_nothing_else_is_asked(warmline):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'care'")
    answer = warmline(check)
    assert answer.exit_code == 1
    assert "1 of 1 do not hold." in answer.output


def test_an_invariant_that_is_not_there_is_said_so(warmline):
    assert warmline(check, "--only", "nonsense").exit_code == 2


def test_the_first_of_head_office_signs_in_with_a_password_told_once(warmline):
    told = warmline(staff, "create", "lan", "--name", "兰").output.strip()
    made = Staff.objects.get(username="lan")
    assert made.role == Staff.Role.HQ
    assert made.check_password(told)
    assert made.must_change_password


def test_nobody_is_made_twice(warmline):
    warmline(staff, "create", "lan")
    assert warmline(staff, "create", "lan").exception.what == "lan is there already."


def test_a_forgotten_password_is_replaced(warmline):
    first = warmline(staff, "create", "lan").output.strip()
    second = warmline(staff, "password", "lan").output.strip()
    assert Staff.objects.get(username="lan").check_password(second)
    assert not Staff.objects.get(username="lan").check_password(first)
    assert "Nobody" in warmline(staff, "password", "nobody").exception.what

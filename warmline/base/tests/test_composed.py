"""A composed question is the ORM's own, with other numbers each time."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import psycopg
import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from warmline.base.composed import composed
from warmline.base.models import Idempotent

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Desk(NamedTuple):
    number: int
    is_open: bool


@pytest.fixture
def answers(db: None) -> list[Idempotent]:
    return [
        Idempotent.objects.create(
            scope=f"desk {n}",
            key=str(n),
            fingerprint=b"\0",
            status=200 + n,
            answer=bytes([n]),
            shown={"h": [n]},
            created_at=MONDAY + timedelta(days=n),
        )
        for n in range(4)
    ]


@pytest.mark.usefixtures("answers")
def test_the_same_words_are_asked_with_other_numbers() -> None:
    times = []

    @composed
    def between(first: datetime, last: datetime, *, desk: Desk) -> QuerySet[Idempotent, Any]:
        times.append(1)
        found = Idempotent.objects.filter(created_at__gte=first, created_at__lt=last)
        found = found if desk.is_open else found.none()
        return found.exclude(status=desk.number).order_by("status").values_list("status", "shown")

    def days(*numbers: int) -> Iterable[datetime]:
        return (MONDAY + timedelta(days=n) for n in numbers)

    assert between(*days(0, 2), desk=Desk(7, True)) == [(200, {"h": [0]}), (201, {"h": [1]})]
    assert between(*days(1, 4), desk=Desk(202, True)) == [(201, {"h": [1]}), (203, {"h": [3]})]
    assert len(times) == 1
    with CaptureQueriesContext(connection) as asked:
        assert between(*days(0, 4), desk=Desk(7, False)) == []  # and nobody is asked
    assert not asked.captured_queries


@pytest.mark.django_db
def test_objects_come_with_what_stands_beside_them() -> None:
    @composed
    def allowed(pk: int) -> QuerySet[Permission]:
        return Permission.objects.filter(pk=pk).select_related("content_type")

    for plain in Permission.objects.select_related("content_type")[:3]:
        with CaptureQueriesContext(connection) as asked:
            [found] = allowed(plain.pk)
            assert found == plain
            assert found.content_type == plain.content_type
            assert found.name == plain.name
        assert len(asked) == 1
    assert allowed(2**70) == []


def test_objects_that_read_less_read_the_rest_when_asked(answers: list[Idempotent]) -> None:
    @composed
    def known(pk: int) -> QuerySet[Idempotent]:
        return Idempotent.objects.filter(pk=pk).only("status", "shown")

    [found] = known(answers[2].pk)
    assert found.get_deferred_fields() >= {"answer", "key"}
    assert (found.status, found.shown, bytes(found.answer)) == (202, {"h": [2]}, b"\2")


@pytest.mark.usefixtures("answers")
def test_what_is_reckoned_from_a_number_is_reckoned_anew_or_refused() -> None:
    @composed
    def next_one(number: int) -> QuerySet[Idempotent, Any]:
        return Idempotent.objects.filter(status=number + 1).values_list("key")

    @composed
    def within(days: list[int]) -> QuerySet[Idempotent]:
        return Idempotent.objects.filter(status__in=days)

    assert next_one(200) == [("1",)]
    assert next_one(202) == [("3",)]
    with pytest.raises(TypeError, match="no number, moment, word or flag"):
        within([200])


@pytest.mark.django_db(transaction=True)
def test_a_line_that_was_hung_up_is_noticed_without_asking() -> None:
    connection.ensure_connection()
    assert connection.is_usable()
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        connection.connection.execute("SELECT 1")
    assert not connection.is_usable()
    connection.close()
    assert not connection.is_usable()
    connection.ensure_connection()
    assert connection.is_usable()


@pytest.mark.django_db
def test_words_that_people_type_are_not_kept_for_ever() -> None:
    @composed
    def named(word: str) -> QuerySet[Permission]:
        return Permission.objects.filter(codename=word)

    def every_word() -> None:
        for n in range(1000):
            named(f"word {n}")

    with pytest.raises(AssertionError, match="no shapes"):
        every_word()

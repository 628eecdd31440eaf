"""Conditions: what HQ writes is what PostgreSQL matches, and a mistake is named in a sentence."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warmline.core.playbooks import conditions
from warmline.core.playbooks.facts import facts_of, signal_names

NUMBERS = st.integers(-1000, 1000) | st.floats(-1e6, 1e6, allow_nan=False).map(
    lambda x: round(x, 3)
)
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20
).filter(str.strip)
SINGLE = st.sampled_from(["equal", "not"])


def holds(facts, listed):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT %s::text::jsonb @@ %s::text::jsonpath",
            [json.dumps(facts), conditions.compile(listed)],
        )
        return bool(cursor.fetchone()[0])  # NULL: it cannot be said


def said(fact, comparison, value):
    return [{"fact": fact, "is": comparison, "value": value}]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "listed", "expected"),
    [
        ({}, [], True),
        ({"tier": 3}, said("tier", "at_least", 3), True),
        ({"tier": 2}, said("tier", "at_least", 3), False),
        ({"tier": 2}, said("tier", "at_most", 3), True),
        ({}, said("tier", "at_least", 0), False),
        ({"categories": ["formula", "diapers"]}, said("categories", "equal", "diapers"), True),
        ({"categories": ["formula"]}, said("categories", "not", "diapers"), True),
        ({"categories": ["diapers", "formula"]}, said("categories", "none_of", ["diapers"]), False),
        ({"is_first": True}, said("is_first", "equal", True), True),
        ({"topic": "health"}, said("topic", "one_of", ["health", "safety"]), True),
        ({}, said("topic", "none_of", ["health"]), True),
        (
            {"tier": 3, "medium": "phone"},
            said("tier", "equal", 3) + said("medium", "not", "sms"),
            True,
        ),
        ({"dialect": '粤"语\\'}, said("dialect", "equal", '粤"语\\'), True),
    ],
)
def test_what_is_written_is_what_is_matched(facts, listed, expected):
    assert holds(facts, listed) is expected


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fact=TEXTS | NUMBERS, asked=TEXTS | NUMBERS, comparison=SINGLE)
def test_no_value_breaks_out_of_its_quotes(fact, asked, comparison):
    same = fact == asked
    assert holds({"x": fact}, said("x", comparison, asked)) is (same == (comparison == "equal"))


@pytest.mark.parametrize(
    "listed",
    [
        "tier",
        [1],
        [{"fact": "tier"}],
        said("$.tier", "equal", 1),
        said("tier", "like", 1),
        said("tier", ["equal"], 1),
        said("tier", "at_least", "3"),
        said("tier", "at_least", float("nan")),
        said("tier", "equal", None),
        said("tier", "equal", {"a": 1}),
        said("topic", "one_of", []),
        said("topic", "one_of", "health"),
        said("topic", "equal", " "),
        said("topic", "equal", "x\0"),
        said("tier", "equal", 1) * 21,
    ],
)
def test_a_mistake_is_named(listed):
    with pytest.raises(ValidationError) as wrong:
        conditions.compile(listed)
    assert all(wrong.value.messages)


def test_only_what_the_signal_can_tell_may_be_asked():
    assert conditions.compile(said("topic", "equal", "health"), signal="contacts.red_flag")
    with pytest.raises(ValidationError, match="1"):
        conditions.compile(said("topic", "equal", "health"), signal="people.family_joined")
    with pytest.raises(ValidationError):
        conditions.compile(said("tier", "equal", "3"), signal="nobody.knows")


def test_every_playable_signal_has_facts_with_names_and_no_ids():
    for kind in signal_names():
        names = {fact.name for fact in facts_of(kind)}
        assert "tier" in names
        assert not names & {"household", "keeper", "promise", "contact", "sale", "child"}
        assert all(str(fact.label) for fact in facts_of(kind))

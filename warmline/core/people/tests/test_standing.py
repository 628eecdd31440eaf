"""How a family stands is set by hand, said in the journal, and what it asked for is done."""

import pytest
from django.core.exceptions import ValidationError

from warmline.core.journal.models import Entry
from warmline.core.people import consenting, standing
from warmline.core.people.models import Household


@pytest.fixture
def chen(hire, store):
    return hire("chen", role="manager", store=store)


def test_a_key_family_is_a_key_family(lin, chen):
    assert standing.change(lin, tier=3, status="active", by=chen)
    assert not standing.change(lin, tier=3, status="active", by=chen)
    assert Household.objects.get(pk=lin.pk).tier == 3
    told = Entry.objects.get(kind="people.standing_changed")
    assert (told.body["tier"], told.by_id) == (3, chen.pk)


def test_a_family_that_moved_away_says_why_it_is_gone(lin, chen):
    with pytest.raises(ValidationError):
        standing.change(lin, tier=0, status="gone", by=chen)
    standing.change(lin, tier=0, status="gone", why="moved", by=chen)
    assert standing.why_gone(lin) == "moved"
    assert consenting.allowed(lin, "care")  # it did not take anything back


def test_who_asked_not_to_be_contacted_is_not(lin, chen):
    standing.change(lin, tier=0, status="gone", why="moved", by=chen)
    standing.change(lin, tier=0, status="gone", why="asked", by=chen)
    assert not consenting.allowed(lin, "care")
    standing.change(lin, tier=0, status="active", by=chen)
    assert not consenting.allowed(lin, "care")  # until it says yes again
    assert standing.why_gone(lin) == ""

"""Who sees which families (G13): nothing else exists for her, in lists, counts and search."""

import pytest
from django.db import IntegrityError

from warmline.core.people import merging, searching
from warmline.core.people.models import Household, Staff, Store

pytestmark = pytest.mark.django_db


@pytest.fixture
def families(join, other_store, far_store):
    """One family in each of three stores; the first two stores are of one region."""
    return {
        "east1": join("林晓", "13900001111"),
        "east2": join("林海", "13900002222", store=other_store),
        "west": join("林远", "13900003333", store=far_store),
    }


def seen(staff, families):
    found = set(Household.objects.seen_by(staff))
    return {name for name, family in families.items() if family in found}


@pytest.fixture
def people(hire, store, other_store, far_store, east):
    return {
        "guide": hire("zhou", store=store),
        "guide of another store": hire("wu", store=other_store),
        "manager": hire("chen", role="manager", store=store),
        "region manager": hire("gao", role="manager", region=east),
        "manager with store and region": hire("liu", role="manager", store=store, region=east),
        "agent": hire("he", role="agent"),
        "logistics": hire("ma", role="logistics"),
        "agent in a store": hire("ding", role="agent", store=far_store),
        "hq": hire("hong", role="hq"),
        "auditor": hire("shen", role="auditor"),
    }


ALL = {"east1", "east2", "west"}


@pytest.mark.parametrize(
    ("who", "what"),
    [
        ("guide", {"east1"}),
        ("guide of another store", {"east2"}),
        ("manager", {"east1"}),
        ("region manager", {"east1", "east2"}),
        ("manager with store and region", {"east1"}),
        ("agent", ALL),
        ("logistics", set()),
        ("agent in a store", ALL),
        ("hq", ALL),
        ("auditor", ALL),
    ],
)
def test_each_role_sees_its_own_families(families, people, who, what):
    staff = people[who]
    assert seen(staff, families) == what
    assert Household.objects.seen_by(staff).count() == len(what)
    found = {member.household for member in searching.find(staff, "林")}
    assert found == {families[name] for name in what}
    staff.leave()
    assert seen(staff, families) == set()
    assert searching.find(staff, "林") == []


def test_scope_holds_through_filters_and_excludes(families, people):
    mine = Household.objects.seen_by(people["guide"])
    assert not mine.filter(pk=families["west"].pk).exists()
    assert list(mine.exclude(pk=0)) == [families["east1"]]
    assert list(Household.objects.filter(tier=0).seen_by(people["guide"])) == [families["east1"]]


def test_a_family_that_was_merged_into_another_is_seen_as_that_one(families, people):
    merging.merge(families["east1"], families["west"])
    assert seen(people["hq"], families) == {"east1", "east2"}
    assert {m.name for m in searching.find(people["guide"], "林")} == {"林晓", "林远"}


def test_a_region_manager_sees_the_stores_the_region_has_now(families, people, east, far_store):
    Store.objects.filter(pk=far_store.pk).update(region=east)
    assert seen(people["region manager"], families) == ALL


def test_a_guide_without_a_store_cannot_be(hire):
    with pytest.raises(IntegrityError):
        hire("nobody", role=Staff.Role.GUIDE)

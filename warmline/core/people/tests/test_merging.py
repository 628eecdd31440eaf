"""Merging keeps every row, tells nobody twice, and can be undone to the last field."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import UniqueConstraint

from warmline.core.journal.models import Entry
from warmline.core.people import consenting, handing_over, joining, merging, searching, twins
from warmline.core.people.models import Household, ImportantDate, MemoryNote

pytestmark = pytest.mark.django_db


@pytest.fixture
def again(join, wu, other_store):
    """The same family, registered again by her husband in another store."""
    family = join("赵强", "13700000001", by=wu, store=other_store, relation="father")
    family.tier = Household.Tier.KEY
    family.last_contact_at = datetime(2026, 11, 1, tzinfo=UTC)
    family.save()
    MemoryNote.objects.create(household=family, kind="avoid", text="别提早产")
    ImportantDate.objects.create(household=family, name="纪念日", month=5, day=20)
    return family


def rows_of(*families):
    """Every row of these families, and whose it is."""
    return {
        (model._meta.db_table, pk): home
        for model in merging.tables()
        for pk, home in model._base_manager.filter(
            household_id__in=[f.pk for f in families]
        ).values_list("pk", "household_id")
    }


def facts(family):
    return Household.objects.filter(pk=family.pk).values().get()


def test_every_row_of_both_is_the_familys(lin, again, zhou):
    before = rows_of(lin, again)
    done = merging.merge(lin, again, by=zhou)
    after = rows_of(lin, again)
    assert after.keys() == before.keys()
    assert set(after.values()) == {lin.pk}
    assert done.moved["people_memorynote"] == [MemoryNote.objects.get().pk]
    assert merging.also_known_as(lin.pk) == sorted([lin.pk, again.pk])


def test_the_record_that_went_is_nobodys_to_see(lin, again, zhou, wu, hire):
    merging.merge(lin, again)
    assert not Household.objects.seen_by(wu).exists()
    assert list(Household.objects.seen_by(hire("hong", role="hq"))) == [lin]
    assert searching.find(wu, "赵强") == []
    assert [m.name for m in searching.find(zhou, "赵强")] == ["赵强"]


def test_the_family_has_the_latest_of_both(lin, again):
    merging.merge(lin, again)
    lin.refresh_from_db()
    assert (lin.tier, lin.last_contact_at) == (Household.Tier.KEY, again.last_contact_at)


def test_undoing_restores_every_row_and_field(lin, again, zhou, wu):
    rows, both = rows_of(lin, again), [facts(lin), facts(again)]
    merging.undo(merging.merge(lin, again))
    assert rows_of(lin, again) == rows
    assert [facts(lin), facts(again)] == both
    assert [m.name for m in searching.find(wu, "赵强")] == ["赵强"]
    assert searching.find(zhou, "赵强") == []


def test_what_came_after_the_merge_stays(lin, again):
    done = merging.merge(lin, again)
    MemoryNote.objects.create(household=lin, kind="say", text="问问百天照")
    Household.objects.filter(pk=lin.pk).update(last_contact_at=datetime(2026, 11, 9, tzinfo=UTC))
    merging.undo(done)
    lin.refresh_from_db()
    assert [n.text for n in lin.memory_notes.all()] == ["问问百天照"]
    assert lin.last_contact_at == datetime(2026, 11, 9, tzinfo=UTC)
    assert lin.tier == Household.Tier.NEW


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_merges_in_any_order_give_the_same_family(lin, again, join, order):
    third = join("林晓", "13600000003")
    third.tier = Household.Tier.GOOD
    third.save()
    others = [again, third]
    everything = rows_of(lin, *others).keys()
    for n in order:
        merging.merge(lin, others[n])
    whole = rows_of(lin, *others)
    assert whole.keys() == everything
    assert set(whole.values()) == {lin.pk}
    lin.refresh_from_db()
    assert (lin.tier, lin.last_contact_at) == (Household.Tier.KEY, again.last_contact_at)


def test_merges_are_undone_last_first(lin, again, join):
    third = join("林晓", "13600000003")
    before = rows_of(lin, again, third)
    first, second = merging.merge(again, third), merging.merge(lin, again)
    assert merging.also_known_as(lin.pk) == sorted([lin.pk, again.pk, third.pk])
    with pytest.raises(ValidationError):
        merging.undo(first)
    merging.undo(second)
    merging.undo(first)
    assert rows_of(lin, again, third) == before
    with pytest.raises(ValidationError):
        merging.undo(first)


def test_a_family_is_not_merged_with_itself_nor_twice(lin, again):
    with pytest.raises(ValidationError):
        merging.merge(lin, lin)
    merging.merge(lin, again)
    with pytest.raises(ValidationError):
        merging.merge(lin, again)


def test_of_two_rows_that_cannot_stand_side_by_side_one_stays_behind(lin, again, zhou, wu, hire):
    """Both families wait for a handover, and a family may wait for one only."""
    manager = hire("chen", role="manager", store=lin.store)
    handing_over.propose(zhou, wu, by=manager)
    handing_over.propose(wu, zhou, by=manager)
    merging.merge(lin, again)
    assert (lin.handovers.count(), again.handovers.count()) == (1, 1)


def test_every_rule_that_could_stop_a_merge_is_one_that_merging_understands():
    """A row that is unique by its household is seen coming, in every table there is."""
    for model in merging.tables():
        assert not model._meta.unique_together
        for rule in model._meta.constraints:
            if isinstance(rule, UniqueConstraint) and rule.expressions:
                assert "household" not in str(rule.expressions)
        for field in model._meta.local_concrete_fields:
            assert field.column != merging.COLUMN or not field.unique


def test_no_large_table_is_read_from_end_to_end_to_merge_two_families():
    for model in merging.tables():
        assert merging._is_indexed(model) or merging._owner(model), model


def test_the_latest_word_of_either_holds(lin, again):
    consenting.give(lin, "sales", channel="store")
    consenting.withdraw(again, "sales", channel="phone")
    merging.merge(lin, again)
    assert not consenting.allowed(lin, "sales")


def test_whoever_listens_is_told(lin, again, zhou):
    done = merging.merge(lin, again, by=zhou)
    merging.undo(done, by=zhou)
    told = Entry.objects.filter(kind="people.families_merged").values_list(
        "body__undone", flat=True
    )
    assert list(told) == [False, True]


def test_the_journal_stays_as_it_was_written(lin, again):
    merging.merge(lin, again)
    assert Entry.objects.filter(household_id=again.pk, kind="people.family_joined").exists()


def test_the_role_that_runs_the_shop_may_merge_append_only_rows(lin, again):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'warmline_app'")
        if not cursor.fetchone():
            pytest.skip("this server has one role only")
        cursor.execute("SET LOCAL ROLE warmline_app")
        merging.undo(merging.merge(lin, again))
        cursor.execute("RESET ROLE")


def test_records_that_share_a_telephone_are_shown_in_pairs(join):
    first, second, third = (join(name=name, phone="13912340000") for name in ("一", "二", "三"))
    couple = join(name="林晓", phone="13912341111")
    joining.add_member(couple, joining.Adult(name="陈涛", relation="father", phone="13912341111"))
    join(name="赵一", phone="13912342222")

    assert twins.same_phone_pairs(limit=50) == [(first, second), (first, third), (second, third)]
    assert len(twins.same_phone_pairs(limit=2)) == 2

    merging.merge(kept=first, merged=third, by=None)
    assert twins.same_phone_pairs(limit=50) == [(first, second)]

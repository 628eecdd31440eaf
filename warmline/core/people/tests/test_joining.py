"""A family joins with four facts, grows later, and nothing impossible is written down."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from warmline.core.journal.models import Entry
from warmline.core.people import consenting, joining
from warmline.core.people.models import Child, Consent, Household, Member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def autumn(clock):
    clock("2026-11-21T10:00:00+08:00")


def kinds(household):
    return list(Entry.objects.filter(household_id=household.pk).values_list("kind", flat=True))


def problems(error):
    return {field: found[0].code for field, found in error.value.error_dict.items()}


def test_a_family_joins_with_four_facts_and_its_guide_is_who_met_it(join, zhou):
    household = join("林晓", "139 1234 5678", by=zhou)
    member, child = household.members.get(), household.children.get()
    assert (member.phone, member.phone_last4, member.is_primary) == ("+8613912345678", "5678", True)
    assert (child.name, child.born_on) == ("安安", date(2026, 5, 1))
    assert household.home_guide == zhou
    assert household.joined_on == date(2026, 11, 21)
    assert consenting.allowed(household, "care")
    assert consenting.allowed(household, "record", child=child)
    assert not consenting.allowed(household, "sales")


def test_joining_is_told_to_whoever_listens(join):
    household = join()
    assert kinds(household) == [
        "people.family_joined",
        "people.member_added",
        "people.child_changed",
    ]


def test_a_manager_who_writes_a_family_down_is_not_its_guide(join, hire, store):
    assert join(by=hire("chen", role="manager", store=store)).home_guide is None


def test_twins_and_a_grandmother_join_at_once(join):
    twins = [joining.Baby(born_on=date(2026, 10, 1), sex=sex) for sex in "fm"]
    grandmother = joining.Adult(name="王桂芳", relation="grandmother", phone="13800000002")
    household = join(babies=twins, others=[grandmother])
    assert [c.sex for c in household.children.order_by("pk")] == ["f", "m"]
    assert [m.relation for m in household.members.all()] == ["mother", "grandmother"]
    assert [m.is_primary for m in household.members.all()] == [True, False]


def test_two_babies_of_one_name_are_two_babies(join):
    again = [joining.Baby(name="乐乐", born_on=date(2026, 10, 1))] * 2
    assert join(babies=again).children.count() == 2


def test_a_baby_without_consent_is_counted_and_nothing_of_it_is_kept(join):
    child = join(consents=["care"]).children.get()
    assert child.frozen_at
    assert (child.name, child.born_on, child.due_on, child.sex) == ("", None, None, "")


def test_a_family_may_expect_a_baby(join):
    household = join(babies=[joining.Baby(due_on=date(2027, 3, 1))])
    joining.was_born(household.children.get(), date(2026, 11, 20), name="豆豆")
    child = household.children.get()
    assert (child.name, child.born_on, child.due_on) == (
        "豆豆",
        date(2026, 11, 20),
        date(2027, 3, 1),
    )


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"born_on": date(2026, 11, 22)}, {"born_on": "in_the_future"}),
        ({"born_on": date(1996, 5, 1)}, {"born_on": "too_old"}),
        ({"due_on": date(2028, 5, 1)}, {"due_on": "due_date"}),
        ({"due_on": date(2026, 5, 1)}, {"due_on": "due_date"}),
        ({}, {"born_on": "required"}),
    ],
)
def test_impossible_days_are_refused_in_words(join, facts, wrong):
    with pytest.raises(ValidationError) as error:
        join(babies=[joining.Baby(**facts)])
    assert problems(error) == wrong
    assert not Household.objects.exists()


def test_a_birthday_is_judged_on_the_shops_own_calendar(join, clock):
    clock("2026-11-21T16:30:00+00:00")  # the 22nd has begun in Shanghai
    assert join(babies=[joining.Baby(born_on=date(2026, 11, 22))])


@pytest.mark.parametrize(
    ("name", "phone", "wrong"),
    [
        ("", "13912345678", {"name": "required"}),
        ("林晓", "", {"phone": "required"}),
        ("林" * 61, "139", {"name": "too_long", "phone": "not_a_phone"}),
    ],
)
def test_a_name_and_a_phone_are_needed(join, name, phone, wrong):
    with pytest.raises(ValidationError) as error:
        join(name, phone)
    assert set(problems(error)) == set(wrong)


def test_a_phone_shared_by_two_families_is_told_and_allowed(join, lin, zhou, wu):
    again = join("林芳", "13912345678")
    shared = joining.same_phone("+8613912345678")
    assert set(shared) == {lin, again}
    assert not shared.seen_by(wu).exists()
    assert set(shared.seen_by(zhou)) == {lin, again}


def test_a_member_number_belongs_to_one_member(join):
    join(member_no="M001")
    with pytest.raises(ValidationError) as error:
        join(member_no="M001")
    assert problems(error) == {"member_no": "unique"}


def test_a_family_grows(lin, zhou):
    father = joining.add_member(
        lin, joining.Adult(name="赵强", relation="father", phone="13700000001"), by=zhou
    )
    sibling = joining.add_child(
        lin, joining.Baby(due_on=date(2027, 6, 1)), guardian=father, has_consent=True, by=zhou
    )
    assert lin.members.count() == lin.children.count() == 2
    assert consenting.allowed(lin, "record", child=sibling)
    assert kinds(lin)[-2:] == ["people.member_added", "people.child_changed"]


def test_feeding_and_weaning_make_forecasts_anew(lin, zhou):
    child = lin.children.get()
    joining.change_feeding(child, "mixed", formula_share=0.4, by=zhou)
    joining.was_weaned(child, date(2026, 11, 1), by=zhou)
    kept = Child.objects.get()
    assert (kept.feeding, kept.formula_share, kept.weaned_on) == ("mixed", 0.4, date(2026, 11, 1))
    assert kinds(lin).count("people.child_changed") == 3


def test_a_new_number_is_kept_whole(lin):
    member = lin.members.get()
    joining.change_phone(member, "１３７００００１２３４")
    kept = Member.objects.get()
    assert (kept.phone, kept.phone_last4) == ("+8613700001234", "1234")


def test_the_latest_word_of_the_guardian_holds(lin):
    consenting.give(lin, "sales", channel="phone")
    consenting.withdraw(lin, "sales", channel="sms")
    assert not consenting.allowed(lin, "sales")
    assert not consenting.standing(lin)["sales", None].granted
    assert Consent.objects.filter(purpose="sales").count() == 2


def test_when_a_guardian_takes_her_consent_back_the_record_is_emptied(lin, zhou):
    child = lin.children.get()
    consenting.withdraw(lin, "record", child=child, channel="store", by=zhou)
    kept = Child.objects.get()
    assert kept.frozen_at
    assert (kept.name, kept.born_on) == ("", None)
    assert kinds(lin)[-1] == "people.child_changed"
    with pytest.raises(ValidationError):
        joining.change_feeding(kept, "breast")


def test_a_frozen_baby_thaws_when_she_agrees_again(lin, zhou):
    child = lin.children.get()
    consenting.withdraw(lin, "record", child=child, channel="store")
    consenting.give(lin, "record", child=child, channel="store", guardian=lin.members.get())
    joining.was_born(child, date(2026, 5, 1), name="安安")
    assert Child.objects.get().name == "安安"

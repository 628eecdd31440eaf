"""A wrong number, name or birthday is put right; who did it is known, what it was is not."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from warmline.base.crypto import blind
from warmline.core.journal.models import Entry
from warmline.core.people import joining, searching
from warmline.core.people.models import Member
from warmline.core.people.putting_right import put_child_right, put_member_right


def right(member, **said):
    said = {"name": member.name, "phone": member.phone, "relation": member.relation, **said}
    return put_member_right(member, **said)


def test_a_new_number_and_name_are_what_she_is_found_by(lin, zhou):
    member = lin.members.get()
    assert right(member, name="林小晓", phone="186 0000 1234", relation="father", by=zhou)
    member = Member.objects.get(pk=member.pk)
    assert (member.phone, member.phone_last4) == ("+8618600001234", "1234")
    assert bytes(member.phone_bi) == blind("+8618600001234")
    assert [m.pk for m in searching.find(zhou, "1234")] == [member.pk]
    assert [m.pk for m in searching.find(zhou, "18600001234")] == [member.pk]
    assert [m.pk for m in searching.find(zhou, "lxx")] == [member.pk]
    assert searching.find(zhou, "13912345678") == searching.find(zhou, "5678") == []
    told = Entry.objects.filter(kind="people.member_corrected").order_by("pk")
    assert [(e.body["what"], e.by_id) for e in told] == [
        ("name", zhou.pk), ("phone", zhou.pk), ("relation", zhou.pk)
    ]  # fmt: skip
    assert Entry.objects.filter(kind="people.member_added", by_id=zhou.pk).exists()
    assert "1860000" not in str(list(Entry.objects.values_list("body", flat=True)))


def test_nothing_is_told_when_nothing_changed(lin, zhou):
    before = Entry.objects.count()
    assert not right(lin.members.get(), by=zhou)
    assert Entry.objects.count() == before


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_kept(lin):
    member = lin.members.get()
    with pytest.raises(ValidationError) as said:
        right(member, name="", phone="123", relation="father")
    assert set(said.value.error_dict) == {"name", "phone"}
    with pytest.raises(ValidationError):
        right(member, phone="")  # whom would we ring?
    assert Member.objects.get(pk=member.pk).relation == "mother"


def test_another_adult_may_be_without_a_number(lin):
    father = joining.add_member(lin, joining.Adult(name="林父", phone="13700000000"))
    assert right(father, phone="")
    assert Member.objects.get(pk=father.pk).phone_bi is None


def test_a_birthday_is_put_right_and_its_forecasts_are_made_anew(lin, zhou):
    baby = lin.children.get()
    said = {"name": "安宁", "born_on": date(2026, 5, 11), "due_on": None, "sex": "f"}
    assert put_child_right(baby, **said, by=zhou)
    baby.refresh_from_db()
    assert (baby.name, baby.born_on) == ("安宁", date(2026, 5, 11))
    told = Entry.objects.filter(kind="people.child_changed").latest("pk")
    assert (told.body["child"], told.by_id) == (baby.pk, zhou.pk)
    assert not put_child_right(baby, **said, by=zhou)
    with pytest.raises(ValidationError):
        put_child_right(baby, **said | {"born_on": date(2006, 5, 11)})
    with pytest.raises(ValidationError):
        put_child_right(baby, **said | {"born_on": None})

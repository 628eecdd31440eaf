"""Days that matter are marked, put right and taken out; the journal says by whom."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from warmline.core.journal.models import Entry
from warmline.core.people import consenting, important_days
from warmline.core.people.dates import LUNAR, SOLAR, Anniversary, falling_on, in_words, moon_day
from warmline.core.people.models import ImportantDate


def test_a_marked_day_is_found_when_it_comes(lin, zhou):
    mother = lin.members.get()
    day = important_days.mark(
        lin, Anniversary(LUNAR, 8, 15), name="外婆生日", member=mother, by=zhou
    )
    assert list(ImportantDate.objects.filter(falling_on(date(2026, 9, 25)))) == [day]
    important_days.change(day, Anniversary(SOLAR, 5, 3), name="结婚纪念日", by=zhou)
    assert list(ImportantDate.objects.filter(falling_on(date(2027, 5, 3)))) == [day]
    important_days.drop(day, by=zhou)
    assert not ImportantDate.objects.exists()
    told = Entry.objects.filter(kind="people.important_date_changed").order_by("pk")
    assert [entry.body["what"] for entry in told] == ["marked", "changed", "dropped"]
    assert {entry.by_id for entry in told} == {zhou.pk}
    assert "生日" not in str([entry.body for entry in told])


@pytest.mark.parametrize(
    "nonsense",
    [
        Anniversary(SOLAR, 2, 30),
        Anniversary(SOLAR, 13, 1),
        Anniversary(SOLAR, 4, 31),
        Anniversary(LUNAR, 4, 31),
        Anniversary(SOLAR, 4, 1, is_leap_month=True),
    ],
)
def test_a_day_that_no_year_has_is_not_marked(lin, nonsense):
    with pytest.raises(ValidationError):
        important_days.mark(lin, nonsense, name="生日")
    important_days.check(Anniversary(SOLAR, 2, 29))
    important_days.check(Anniversary(LUNAR, 4, 30, is_leap_month=True))


def test_nothing_is_marked_of_a_baby_whose_record_is_not_kept(lin):
    baby = lin.children.get()
    consenting.withdraw(lin, "record", child=baby, channel="store")
    with pytest.raises(ValidationError):
        important_days.mark(lin, Anniversary(SOLAR, 5, 1), name="生日", child=baby)


def test_a_day_is_said_as_the_family_says_it():
    assert [moon_day(n) for n in (1, 10, 11, 15, 20, 21, 29, 30)] == [
        "初一", "初十", "十一", "十五", "二十", "廿一", "廿九", "三十"
    ]  # fmt: skip
    moon, sun = Anniversary(LUNAR, 12, 8), Anniversary(SOLAR, 2, 29)
    with translation.override("zh-hans"):
        assert [in_words(moon), in_words(sun)] == ["农历腊月初八", "2月29日"]
        assert in_words(Anniversary(LUNAR, 4, 2, is_leap_month=True)) == "农历闰四月初二"
    with translation.override("en"):
        assert [in_words(moon), in_words(sun)] == ["lunar month 12, day 8", "29 February"]

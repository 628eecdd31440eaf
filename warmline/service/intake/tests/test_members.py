"""Families come in from a till's list of members."""

import pytest

from warmline.core.people import consenting, searching
from warmline.core.people.models import Child, Consent, Household, Member
from warmline.service.intake.kinds import reasons
from warmline.service.intake.models import Change
from warmline.service.intake.tests.conftest import MEMBERS

AGREED = {"has_consent": True, "evidence": "2026 年登记表"}
LIN = MEMBERS + "V1,林晓,13912345678,安安,2026-05-01,人民路店,周洁,100\n"


def test_a_family_comes_with_its_store_guide_baby_and_consent(bring, store, zhou):
    file = bring(LIN, commit=True, **AGREED)

    lin = Household.objects.get()
    child = lin.children.get()
    assert (file.status, file.counts["new"]) == ("committed", 1)
    assert (lin.store, lin.home_guide, lin.source) == (store, zhou, "import")
    assert (lin.members.get().phone, lin.members.get().member_no) == ("+8613912345678", "V1")
    assert (child.name, str(child.born_on)) == ("安安", "2026-05-01")
    assert consenting.allowed(lin, Consent.Purpose.CARE)
    assert consenting.allowed(lin, Consent.Purpose.RECORD, child=child)
    assert Consent.objects.filter(channel="import", evidence="2026 年登记表").count() == 2


def test_the_dry_run_does_nothing_and_says_what_the_commit_does(bring, store, zhou):
    tried = bring(LIN, **AGREED)

    assert (tried.status, tried.counts["new"]) == ("checked", 1)
    assert not Household.objects.exists()
    assert not Change.objects.exists()
    assert bring(LIN, commit=True, **AGREED).counts == tried.counts


def test_unknown_consent_is_no_and_of_the_baby_nothing_is_kept(bring, store, zhou, bad):
    file = bring(LIN, commit=True)

    child = Child.objects.get()
    assert child.frozen_at
    assert child.name == ""
    assert child.born_on is None
    assert not Consent.objects.exists()
    assert (2, "", reasons.NOT_KEPT) in bad(file, "warned")


def test_where_the_file_says_who_agreed_only_those_did(bring, store, zhou):
    text = "会员卡号,会员姓名,手机号,所属门店,是否同意\nV1,林晓,13912345678,人民路店,是\n"
    bring(
        text + "V2,王芳,13912345679,人民路店,不同意\nV3,李娜,13912345670,人民路店,\n",
        commit=True,
        **AGREED,
    )

    agreed = Consent.objects.filter(purpose=Consent.Purpose.CARE, granted=True)
    assert [consent.guardian.name for consent in agreed] == ["林晓"]


def test_a_frozen_baby_thaws_when_a_later_file_brings_consent(bring, store, zhou):
    bring(LIN, commit=True)
    file = bring(LIN, commit=True, **AGREED)

    assert file.counts["changed"] == 1
    assert (Child.objects.get().name, Child.objects.get().frozen_at) == ("安安", None)


def test_a_consent_that_was_taken_back_stays_taken_back(bring, store, zhou):
    bring(LIN, commit=True, **AGREED)
    lin = Household.objects.get()
    consenting.withdraw(lin, Consent.Purpose.CARE, channel="phone")

    bring(LIN.replace("100", "200"), commit=True, **AGREED)

    assert not consenting.allowed(lin, Consent.Purpose.CARE)


@pytest.mark.parametrize("said", [{}, AGREED])
def test_the_same_file_again_changes_nothing(bring, store, zhou, said):
    bring(LIN, commit=True, **said)
    before = list(Member.objects.values()) + list(Child.objects.values())

    again = bring(LIN, commit=True, **said)

    assert (again.counts.get("new", 0), again.counts.get("changed", 0)) == (0, 0)
    assert again.counts["same"] == 1
    assert list(Member.objects.values()) + list(Child.objects.values()) == before


def test_each_bad_row_is_told_with_its_column_and_the_good_ones_come_in(bring, store, bad):
    text = MEMBERS + (
        "V1,孙悦,1.38E+10,,,S001,,\n"
        "V2,刘畅,13800001234,豆豆,2027-05-01,S001,,\n"
        "V3,何静,13800001235,,,S009,,\n"
        ",无名,,,,S001,,\n"
        "V5,陈雨,13800001236,,,S001,,\n"
        "合计,,,,,,,5\n"
    )

    file = bring(text, commit=True)

    assert [(row, column) for row, column, _why in bad(file)] == [
        (2, "手机号"),
        (3, "宝宝生日"),
        (4, "开卡门店"),
        (5, "手机号"),
    ]
    assert file.counts["bad"] == 4
    assert list(Member.objects.values_list("member_no", flat=True)) == ["V5"]


def test_cards_opened_ahead_are_left_out(bring, store, bad):
    file = bring(MEMBERS + "V4,预开卡,,,,S001,,\n", commit=True)

    assert file.counts["skipped"] == 1
    assert bad(file, "skipped") == [(2, "", reasons.DUMMY_CARD)]
    assert not Member.objects.exists()


def test_two_cards_of_one_person_are_one_family_led_by_the_card_with_most_points(bring, store):
    text = MEMBERS + "V1,林晓,13912345678,,,S001,,100\nV2,林晓,13912345678,,,S001,,500\n"

    file = bring(text, commit=True)

    assert file.counts["second_cards"] == 1
    assert Household.objects.count() == 1
    assert Member.objects.get(is_primary=True).member_no == "V2"
    assert bring(text, commit=True).counts["same"] == 2


def test_a_phone_that_two_families_share_is_two_families_and_is_said(bring, store, bad):
    text = MEMBERS + "V1,林晓,13912345678,,,S001,,\nV2,陈雨,13912345678,,,S001,,\n"

    file = bring(text, commit=True)

    assert Household.objects.count() == 2
    assert bad(file, "warned") == [(3, "手机号", reasons.SHARED_PHONE)]


def test_two_babies_of_one_name_in_two_families_stay_two(bring, store, zhou):
    text = MEMBERS + (
        "V1,林晓,13912345678,豆豆,2026-05-01,S001,,\nV2,陈雨,13912345679,豆豆,2026-05-01,S001,,\n"
    )

    bring(text, commit=True, **AGREED)

    assert [h.children.count() for h in Household.objects.all()] == [1, 1]


def test_a_second_row_of_a_family_brings_the_sibling(bring, store):
    text = MEMBERS + (
        "V1,林晓,13912345678,豆豆,2024-05-01,S001,,\nV1,林晓,13912345678,丁丁,2026-05-01,S001,,\n"
    )

    bring(text, commit=True, **AGREED)

    assert {child.name for child in Child.objects.all()} == {"豆豆", "丁丁"}


def test_a_birthday_put_right_is_the_same_baby(bring, store, zhou):
    bring(LIN, commit=True, **AGREED)
    file = bring(LIN.replace("2026-05-01", "2026-05-02"), commit=True, **AGREED)

    assert file.counts["changed"] == 1
    assert str(Child.objects.get().born_on) == "2026-05-02"


def test_families_of_a_file_are_found_by_name_and_number(bring, store, zhou):
    bring(LIN, commit=True)

    assert [m.name for m in searching.find(zhou, "linxiao")] == ["林晓"]
    assert [m.name for m in searching.find(zhou, "V1")] == ["林晓"]


def test_an_unknown_guide_leaves_the_family_without_one_for_now(bring, store, bad):
    file = bring(MEMBERS + "V1,林晓,13912345678,,,S001,没有人,\n", commit=True)

    assert Household.objects.get().home_guide is None
    assert bad(file, "warned") == [(2, "导购", reasons.UNKNOWN_GUIDE)]


def test_babies_find_their_member_by_number_or_phone(bring, store, zhou, bad):
    bring(LIN.replace("安安,2026-05-01", ","), commit=True, **AGREED)
    text = (
        "会员卡号,手机号,宝宝姓名,宝宝生日,喂养方式\nV1,,安安,2026-05-01,混合\n"
        ",13912345678,乐乐,2023-05-01,\nV9,,豆豆,2026-05-01,\nV1,,丁丁,2027-09-01,\n"
    )

    file = bring(text, kind="babies", commit=True, **AGREED)

    assert {child.name for child in Child.objects.all()} == {"安安", "乐乐"}
    assert [(row, column) for row, column, _ in bad(file)] == [(4, "会员卡号"), (5, "宝宝生日")]

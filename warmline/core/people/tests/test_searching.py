"""A family is found the way one says it at the counter, and only by those who may see it."""

import pytest
from django.db import connection

from warmline.core.people import joining, searching, tokens
from warmline.core.people.models import Household, Member

pytestmark = pytest.mark.django_db


def names(staff, text, **more):
    return [member.name for member in searching.find(staff, text, **more)]


@pytest.fixture
def wang(join):
    return join("王小明", "13800001234", member_no="VIP-0088")


@pytest.mark.parametrize(
    "text",
    [
        "13800001234",
        "138 0000 1234",
        "+86 138-0000-1234",
        "１３８００００１２３４",
        "1234",
        "王小明",
        "小明",
        "王小",
        "王",
        "wangxiaoming",
        "WangXiaoM",
        "wangxi",
        "wang",
        "wa",
        "wang xiao ming",
        "xiaoming",
        "xiaom",
        "wxm",
        "wx",
        "xm",
        "王xm",
        "vip-0088",
        "VIP-0088",
        " 小明 ",
    ],
)
def test_found_by_phone_its_end_name_pinyin_initials_and_number(wang, zhou, text):
    assert names(zhou, text) == ["王小明"]


@pytest.mark.parametrize(
    "text",
    ["", "  ", "、。", "4321", "13800001235", "明小", "李", "li", "王小红", "wangy", "VIP-9"],
)
def test_not_found_by_anything_else(wang, zhou, text):
    assert names(zhou, text) == []


@pytest.mark.parametrize(
    "text",
    ["a' | 'b", "x:* & !", "\\", "') OR 1=1 --", "\0", "王\0小", "a" * 5000, "王" * 500, "🍼"],
)
def test_whatever_is_typed_is_only_looked_for(wang, zhou, text):
    assert isinstance(names(zhou, text), list)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("单雨", ["shanyu", "danyu", "sy", "dy"]),
        ("曾敏", ["zengmin", "cengmin"]),
        ("解红", ["xiehong", "jiehong"]),
        ("查理", ["zhali", "chali"]),
        ("仇英", ["qiuying", "chouying"]),
        ("吕绿", ["lvlv", "lulu", "ll"]),
        ("欧阳娜娜", ["ouyang", "ouyangnana", "oynn", "欧阳", "娜娜", "阳娜"]),
        ("尉迟敏", ["yuchi", "yuchimin", "weichi"]),
        ("卜一", ["buyi"]),
        ("Lily Chen", ["lily", "chen", "lilychen", "lc", "lily chen"]),
        ("𠮷田", ["𠮷田"]),
    ],
)
def test_a_surname_with_two_readings_is_found_by_both(join, zhou, name, said):
    join(name)
    assert [names(zhou, text) for text in said] == [[name]] * len(said)


def test_the_very_name_comes_first_and_then_ones_own_families(join, zhou, hire, store):
    other = hire("sun", store=store)
    join("王芳华", by=other)
    join("王芳菲", by=zhou)
    join("王芳", by=other)
    assert names(zhou, "王芳") == ["王芳", "王芳菲", "王芳华"]
    assert names(zhou, "王芳", limit=2) == ["王芳", "王芳菲"]


@pytest.mark.parametrize("few", [20, 1])  # stores that are said in words; the rest are looked at
def test_only_ones_own_stores_are_looked_at(
    join, zhou, wu, hire, east, far_store, other_store, monkeypatch, few
):
    monkeypatch.setattr(searching, "FEW_STORES", few)
    join("林晓", "13900001111")
    join("林海", "13900001111", store=other_store)
    join("林远", "13900001111", store=far_store)
    region = hire("gao", role="manager", region=east)
    hq, auditor = hire("hq", role="hq"), hire("audit", role="auditor")
    for text in ("lin", "林", "1111", "13900001111", "l"):
        assert names(zhou, text) == ["林晓"]
        assert names(wu, text) == ["林海"]
        assert set(names(region, text)) == {"林晓", "林海"}
        assert set(names(hq, text)) == set(names(auditor, text)) == {"林晓", "林海", "林远"}


def test_nobody_is_found_by_who_has_left_or_has_no_store(join, zhou, hire):
    join("林晓")
    zhou.leave()
    assert names(zhou, "林") == []


def test_a_family_is_found_where_it_is_now(lin, zhou, wu, other_store):
    Household.objects.filter(pk=lin.pk).update(store=other_store)
    assert names(zhou, "林晓") == []  # although the index does not know yet
    assert searching.follow([lin.pk]) == 1
    assert (names(zhou, "林晓"), names(wu, "林晓")) == ([], ["林晓"])
    assert (names(zhou, "5678"), names(wu, "5678")) == ([], ["林晓"])


def test_renaming_is_found_at_once(lin, zhou):
    joining.rename(lin.members.get(), "林晓晓")
    assert (names(zhou, "linxiaox"), names(zhou, "晓晓")) == (["林晓晓"], ["林晓晓"])


def test_the_index_is_written_in_bulk_as_one_by_one(wang, zhou, store):
    member = Member.objects.get()
    before = member.search
    Member.objects.update(search=None, search_store=None, name_sort="")
    assert searching.reindex() == 1
    member.refresh_from_db()
    assert (member.search, member.search_store) == (before, store.pk)
    assert member.name_sort == "wang xiao ming 王小明"
    [text] = tokens.vectors([("王小明", "VIP-0088", store.pk)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector::text", [text])
        assert cursor.fetchone()[0] == before


def test_saving_a_member_keeps_what_she_is_found_by(wang, zhou):
    member = Member.objects.get()
    member.wecom_id = "wm1"
    member.save()
    assert names(zhou, "小明") == ["王小明"]

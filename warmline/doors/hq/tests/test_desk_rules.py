"""On its pages head office rules its desk; what is wrong comes back as it was typed."""

import re

import pytest
from django.urls import reverse

from warmline.core.people.models import Staff
from warmline.doors.hq.tests.test_desk import case, hq_client, store  # noqa: F401 fixtures
from warmline.service.desk import builtin, feeding_back
from warmline.service.desk.models import Authority, CaseKind, Cause, Department, DeskRules, rules

PAGES = [
    "rules",
    "levels",
    "kinds",
    "kind-new",
    "departments",
    "department-new",
    "tree",
    "cause-new",
]


@pytest.fixture(autouse=True)
def begun(db):
    builtin.install(CaseKind, Department)
    builtin.install_more(Cause, Authority)


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.content.decode()))


def form_of(page):
    """What a browser would send back unchanged."""
    form = page.context["form"]
    said = {}
    for bound in form:
        value = bound.value()
        if value is None or value is False:
            continue
        said[bound.html_name] = "on" if value is True else value
    return said


@pytest.mark.parametrize("name", PAGES)
def test_each_page_opens_in_both_languages_and_is_nobody_elses(hq_client, client, name):  # noqa: F811
    address = reverse(f"hq:desk-{name}")
    for language in ("zh-hans", "en"):
        page = hq_client.get(address, headers={"Accept-Language": language})
        assert page.status_code == 200
    guide = Staff.objects.create_user("agent", "-", name="客服", role="agent")
    client.force_login(guide)
    assert client.get(address).status_code == 404


def test_times_are_changed_and_the_page_says_by_whom(hq_client):  # noqa: F811
    address = reverse("hq:desk-rules")
    said = form_of(hq_client.get(address))
    assert hq_client.post(address, {**said, "review_days": "2"}).status_code == 302
    assert rules().review_days == 2
    assert "1 → 2" in text_of(hq_client.get(address))
    for field, wrong in (("cut_off_min", "999"), ("untouched_min", "0"), ("review_days", "x")):
        page = hq_client.post(address, {**said, field: wrong})
        assert page.status_code == 422
        assert f"id_{field}_error" in page.content.decode()
        assert f'value="{wrong}"' in page.content.decode()
    assert DeskRules.objects.count() == 1


def test_authority_is_a_table_and_somebody_keeps_the_last_word(hq_client):  # noqa: F811
    address = reverse("hq:desk-levels")
    said = form_of(hq_client.get(address))
    assert said["agent_refunded"] == 500
    half = hq_client.post(address, said)
    assert half.status_code == 422  # what was not sent is not "without a limit"
    assert not Authority.objects.exclude(role="hq").filter(amount_max__isnull=True).exists()
    said |= {f"hq_{kind}": "" for kind in ("replaced", "refunded", "compensated")}
    assert hq_client.post(address, {**said, "guide_refunded": "60"}).status_code == 302
    assert Authority.objects.get(role="guide", kind="refunded").amount_max == 60
    wrong = hq_client.post(address, {**said, "hq_refunded": "100"})
    assert wrong.status_code == 422
    assert "不限额" in text_of(wrong)
    assert hq_client.post(address, {**said, "guide_refunded": "-1"}).status_code == 422


def test_a_kind_is_made_and_changed(hq_client):  # noqa: F811
    new = reverse("hq:desk-kind-new")
    said = {
        "code": "points",
        "name_zh": "积分争议",
        "finish_days": "2",
        "place": "9",
        "is_on": "on",
    }
    assert hq_client.post(new, {**said, "code": "a b"}).status_code == 422
    nameless = hq_client.post(new, {**said, "name_zh": "", "name_en": "Points"})
    assert nameless.status_code == 422
    assert "id_name_zh_error" in nameless.content.decode()
    assert hq_client.post(new, said).status_code == 302
    assert hq_client.post(new, said).status_code == 422  # the code is taken
    kind = CaseKind.objects.get(code="points")
    edit = reverse("hq:desk-kind", args=[kind.pk])
    said = form_of(hq_client.get(edit))
    assert "code" not in said
    assert hq_client.post(edit, {**said, "finish_days": "5"}).status_code == 302
    kind.refresh_from_db()
    assert (kind.finish_days, kind.code) == (5, "points")
    assert "2 → 5" in text_of(hq_client.get(edit))


def test_who_answers_for_a_department(hq_client, store):  # noqa: F811
    buyer = Staff.objects.create_user("cai", "-", name="采购小蔡", role="logistics")
    purchasing = Department.objects.get(code="purchasing")
    edit = reverse("hq:desk-department", args=[purchasing.pk])
    said = {"name_zh": "采购", "place": "2", "is_on": "on", "keepers": [buyer.pk]}
    assert hq_client.post(edit, said).status_code == 302
    assert "采购小蔡" in text_of(hq_client.get(reverse("hq:desk-departments")))
    feeding_back.feed_back(case(store), purchasing, finding="封口不牢", by=buyer)
    off = {k: v for k, v in said.items() if k != "is_on"}
    refused = hq_client.post(edit, off)
    assert refused.status_code == 422
    assert "还欠 1 个答复" in text_of(refused)


def test_the_tree_of_causes(hq_client):  # noqa: F811
    new = reverse("hq:desk-cause-new")
    said = {
        "code": "goods-smell",
        "name_zh": "有异味",
        "parent": "goods",
        "place": "9",
        "is_on": "on",
    }
    assert hq_client.post(new, {**said, "parent": "goods-seal"}).status_code == 422  # no group
    assert hq_client.post(new, said).status_code == 302
    made = Cause.objects.get(code="goods-smell")
    assert made.parent.code == "goods"
    page = hq_client.get(reverse("hq:desk-tree"))
    assert "— 有异味" in text_of(page)
    edit = reverse("hq:desk-cause", args=[made.pk])
    off = {k: v for k, v in form_of(hq_client.get(edit)).items() if k != "is_on"}
    assert hq_client.post(edit, off).status_code == 302
    made.refresh_from_db()
    assert not made.is_on


def test_an_auditor_reads_the_rules_and_changes_none(hq_client, client):  # noqa: F811
    auditor = Staff.objects.create_user("audit", "-", name="审计", role="auditor")
    client.force_login(auditor)
    address = reverse("hq:desk-rules")
    assert client.get(address).status_code == 200
    assert client.post(address, {"review_days": "9"}).status_code == 403

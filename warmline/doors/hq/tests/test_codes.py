"""Head office orders codes for a lot, prints, activates, packs and voids them; papers lie beside."""

from io import BytesIO

import pytest
from django.urls import reverse

from warmline.core.people.models import Staff
from warmline.doors.hq.tests.test_pages import sign_in
from warmline.goods.trace import batches, journeys, knowing, lots, selling
from warmline.goods.trace.identity import inner
from warmline.goods.trace.models import Certificate, CodeBatch, CompanyPrefix, Lot
from warmline.goods.trace.tests.conftest import (  # noqa: F401 a lot of milk and a shop
    GTIN,
    _nothing_remembered,
    lot,
    store,
    tin_product,
)

PDF = b"%PDF-1.4 a report"
PAPER = {"sort": "inspection", "number": "QC-1", "issuer": "省质检院", "issued_on": "2026-10-09"}
ROWS = {
    f"{name}-{what}": n
    for name in ("materials", "steps")
    for what, n in (("TOTAL_FORMS", "2"), ("INITIAL_FORMS", "0"))
}


@pytest.fixture
def hq(client, db):
    return sign_in(client, "hq")


def ordered(hq, lot, size=24, level="unit"):  # noqa: F811
    answer = hq.post(reverse("hq:lot-codes", args=[lot.pk]), {"level": level, "size": size})
    assert answer.status_code == 302, answer.content.decode()
    return CodeBatch.objects.order_by("pk").last()


def activated(hq, batch, upto):
    return hq.post(reverse("hq:batch-activation", args=[batch.pk]), {"upto": upto})


def test_a_lot_is_written_down_with_what_families_read(hq, tin_product):  # noqa: F811
    said = ROWS | {
        "gtin": GTIN[1:],
        "number": "L8",
        "made_on": "2026-10-01",
        "expires_on": "2028-09-30",
        "materials-0-name": "生牛乳",
        "materials-0-origin": "黑龙江",
        "steps-0-name": "湿法喷雾",
        "import-port": "上海洋山港",
    }
    assert hq.post(reverse("hq:lot-new"), said).status_code == 302
    kept = Lot.objects.get(number="L8")
    assert kept.product_id == tin_product
    assert kept.story["materials"] == [{"name": "生牛乳", "origin": "黑龙江"}]
    assert kept.story["import"] == {"port": "上海洋山港"}
    page = hq.get(reverse("hq:lot", args=[kept.pk])).content.decode()
    for words in ("生牛乳", "湿法喷雾", "上海洋山港"):
        assert words in page
    again = hq.post(reverse("hq:lot-new"), said)
    assert again.status_code == 422
    assert "生牛乳" in again.content.decode()


@pytest.mark.parametrize(
    "slip",
    [
        {"gtin": "6901234567893"},
        {"gtin": "6901234500001"},
        {"number": "L 8/"},
        {"expires_on": "2026-09-01"},
        {"materials-0-origin": "黑龙江", "materials-0-name": ""},
    ],
)
def test_a_slip_is_said_at_its_field_and_nothing_is_kept(hq, tin_product, slip):  # noqa: F811
    said = ROWS | {"gtin": GTIN[1:], "number": "L8", "made_on": "2026-10-01"} | slip
    page = hq.post(reverse("hq:lot-new"), said)
    assert page.status_code == 422
    assert 'class="wrong"' in page.content.decode()
    assert not Lot.objects.exists()


def test_a_lots_bar_code_and_number_stay_what_is_printed(hq, lot):  # noqa: F811
    said = ROWS | {"gtin": "06900000000012", "number": "X", "made_at": "哈尔滨"}
    assert hq.post(reverse("hq:lot-facts", args=[lot.pk]), said).status_code == 302
    lot.refresh_from_db()
    assert (lot.gtin, lot.number, lot.made_at) == (GTIN, "L7", "哈尔滨")


def test_codes_go_from_order_to_shelf(hq, lot):  # noqa: F811
    batch = ordered(hq, lot)
    sheet = hq.get(reverse("hq:batch-sheet", args=[batch.pk]), {"first": 1, "count": 24})
    assert sheet.content.startswith(b"%PDF")
    listed = hq.post(reverse("hq:batch-list", args=[batch.pk]))
    rows = b"".join(listed.streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 25
    link, under, lid = rows[1].split(",")
    assert inner.read(under) == batch.base
    assert lid == f"{link}?lid={under}"
    batch.refresh_from_db()
    assert (batch.status, batch.printed_by.username) == ("printed", "hq1")
    hq.post(reverse("hq:batch-list", args=[batch.pk]))
    assert len(batches.takers(batch)) == 2, "each time somebody took the codes under the lids"
    assert activated(hq, batch, 20).status_code == 302
    batch.refresh_from_db()
    assert (batch.status, batch.active) == ("active", 20)
    for wrong in (20, 25, 0):
        assert activated(hq, batch, wrong).status_code == 422


def test_tins_are_packed_in_the_order_of_production(hq, lot):  # noqa: F811
    tins, cases, pallets = (
        ordered(hq, lot, *a) for a in ((20, "unit"), (4, "case"), (1, "pallet"))
    )
    for batch in (tins, cases, pallets):
        activated(hq, batch, batch.size)
    packing = reverse("hq:batch-packing", args=[cases.pk])
    assert hq.post(packing, {"inner": tins.pk, "per": 6}).status_code == 302
    assert hq.post(packing, {"inner": tins.pk, "per": 6}).status_code == 422  # nothing is left
    onto = reverse("hq:batch-packing", args=[pallets.pk])
    assert hq.post(onto, {"inner": cases.pk, "per": 40}).status_code == 302
    assert journeys.inside(cases.base)[1:] == [tins.base + n for n in range(6)]
    assert len(journeys.inside(pallets.base)) == 1 + 4 + 20
    tins.refresh_from_db()
    assert tins.packed == 20


def test_packing_goes_on_where_it_was_left(lot):  # noqa: F811
    from warmline.goods.trace import filling

    tins, cases = batches.plan(lot, size=30), batches.plan(lot, size=5, level="case")
    batches.activate(tins, upto=12)
    batches.activate(cases)
    assert filling.fill(cases, tins, per=6) == 2
    batches.activate(tins)
    assert filling.fill(cases, tins, per=6) == 3
    assert journeys.inside(cases.base + 2)[1] == tins.base + 12


def test_void_needs_a_reason_and_no_family_that_has_one(hq, lot, store):  # noqa: F811
    batch = ordered(hq, lot)
    activated(hq, batch, 5)
    void = reverse("hq:batch-void", args=[batch.pk])
    assert hq.post(void, {"reason": " "}).status_code == 422
    selling.sell(batch.base, store=store)
    page = hq.post(void, {"reason": "印错"})
    assert page.status_code == 422
    assert "召回" in page.content.decode()
    selling.take_back(batch.base, store=store)
    assert hq.post(void, {"reason": "印错"}).status_code == 302
    batch.refresh_from_db()
    assert (batch.status, batch.voided_for, batch.voided_by.username) == ("void", "印错", "hq1")
    assert hq.post(reverse("hq:batch-list", args=[batch.pk])).status_code == 422
    assert "印错" in hq.get(reverse("hq:batch", args=[batch.pk])).content.decode()


def test_case_codes_need_our_prefix_and_say_so(hq, lot):  # noqa: F811
    CompanyPrefix.objects.all().delete()
    page = hq.post(reverse("hq:lot-codes", args=[lot.pk]), {"level": "case", "size": 4})
    assert page.status_code == 422
    assert hq.post(reverse("hq:prefixes"), {"digits": "6901234", "name": "我们", "is_ours": "on"})
    assert ordered(hq, lot, 4, "case").first_sscc


def paper(content=PDF, name="r.pdf", **said):
    file = BytesIO(content)
    file.name = name
    return PAPER | said | {"file": file}


def test_a_paper_is_kept_with_its_file_and_read_by_families(hq, client, lot):  # noqa: F811
    page = hq.post(reverse("hq:lot-papers", args=[lot.pk]), paper())
    assert page.status_code == 302
    one = Certificate.objects.get()
    file = hq.get(reverse("hq:lot-paper", args=[lot.pk, one.pk]))
    assert (file.content, file["Content-Type"]) == (PDF, "application/pdf")
    client.logout()
    theirs = client.get(reverse("parent:paper", args=[lot.gtin, lot.number, one.pk]))
    assert (theirs.content, theirs["Content-Type"]) == (PDF, "application/pdf")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>", {}),
        (b"MZ program", {"number": "QC-2"}),
        (PDF, {"issued_on": "2099-01-01"}),
        (PDF, {"issuer": ""}),
    ],
)
def test_what_is_no_paper_is_refused_with_its_reason(hq, lot, content, said):  # noqa: F811
    page = hq.post(reverse("hq:lot-papers", args=[lot.pk]), paper(content, **said))
    assert page.status_code == 422
    assert 'class="wrong"' in page.content.decode()
    assert not Certificate.objects.exists()


def test_a_number_twice_and_a_paper_too_large_are_refused(hq, lot, monkeypatch):  # noqa: F811
    where = reverse("hq:lot-papers", args=[lot.pk])
    hq.post(where, paper())
    assert hq.post(where, paper()).status_code == 422
    monkeypatch.setattr(lots, "PAPER_BYTES_MAX", 10)
    assert hq.post(where, paper(number="QC-3")).status_code == 422
    one = Certificate.objects.get()
    assert hq.post(reverse("hq:lot-paper-end", args=[lot.pk, one.pk])).status_code == 302
    assert not Certificate.objects.exists()


def test_the_lists_are_pages_and_files(hq, lot):  # noqa: F811
    ordered(hq, lot)
    for name in ("lots", "batches", "partners"):
        assert hq.get(reverse(f"hq:{name}")).status_code == 200
        assert hq.get(reverse(f"hq:{name}") + "?format=csv").status_code == 200


def test_an_auditor_looks_and_takes_no_list_of_codes(client, lot):  # noqa: F811
    batch = batches.plan(lot, size=5)
    auditor = sign_in(client, "auditor")
    assert auditor.get(reverse("hq:batch", args=[batch.pk])).status_code == 200
    assert auditor.get(reverse("hq:lot", args=[lot.pk])).status_code == 200
    assert auditor.post(reverse("hq:batch-list", args=[batch.pk])).status_code == 403
    assert auditor.get(reverse("hq:batch-sheet", args=[batch.pk])).status_code == 403


def test_for_a_guide_there_is_no_such_page(client, lot, store):  # noqa: F811
    client.force_login(Staff.objects.create_user("zhou", "-", name="周洁", store=store))
    assert client.get(reverse("hq:lots")).status_code == 404
    assert client.get(reverse("hq:lot", args=[lot.pk])).status_code == 404


def test_a_page_of_a_tin_is_one_tap_away(hq, lot):  # noqa: F811
    batch = batches.plan(lot, size=3)
    batches.activate(batch)
    knowing.forget()
    address = next(batches.codes(batch))[1].removeprefix("https://id.gs1.org")
    assert address in hq.get(reverse("hq:lot", args=[lot.pk])).content.decode()

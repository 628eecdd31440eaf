"""What goes over the counter: tins by the code, cases by theirs, and each once."""

import pytest
from django.core.exceptions import ValidationError

from warmline.goods.trace import batches, handing
from warmline.goods.trace.identity.keys import BadKey
from warmline.goods.trace.models import CodeBatch, UnitOwner
from warmline.goods.trace.spelling import spelt
from warmline.goods.trace.tests.conftest import packed, sscc, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def tins(lot):
    made = batches.plan(lot, size=12)
    batches.activate(made)
    return [uri for _n, uri in batches.codes(CodeBatch.objects.get(pk=made.pk))]


def test_a_case_and_one_of_its_tins_are_given_once(tins, store, families):
    lin, zhou = families
    take_in(packed(sscc(1), tins[:6], at="2026-11-20T10:00:00+08:00"))
    tally = handing.give([tins[0], sscc(1), tins[0]], household=lin, store=store)
    assert (tally.tins, len(tally.aside)) == (6, 1)
    again = handing.give([sscc(1)], household=lin, store=store)
    assert (again.tins, again.repeated, again.aside) == (0, 6, [])
    hers = handing.give([tins[0]], household=zhou, store=store)
    assert (hers.tins, len(hers.aside)) == (0, 1)
    assert {owner.household for owner in UnitOwner.objects.all()} == {lin}


def test_a_list_is_neither_empty_nor_without_end(tins, store, families):
    for codes in ([], tins * 20):
        with pytest.raises(ValidationError):
            handing.give(codes, household=families[0], store=store)


def test_a_code_is_known_however_it_is_spelt(tins):
    serial = tins[0].rsplit("/", 1)[1]
    for said in (tins[0], serial, serial.lower(), f"https://shop.example/t/{serial}/"):
        assert spelt(said).uri == tins[0]
    for said in ("Z" * 20, "https://shop.example/t/", "x", ""):
        with pytest.raises(BadKey):
            spelt(said)

"""Tins by the million are drawn as columns, and look as if partners had told of each."""

import pytest
from django.db import connection

from warmline.core.people.models import Household, Store
from warmline.goods.trace import journeys, recalls, scopes, selling
from warmline.goods.trace.capturing import capture
from warmline.goods.trace.epcis.documents import Document
from warmline.goods.trace.models import (
    CaptureJob,
    Edge,
    Event,
    EventKey,
    Lot,
    Place,
    Unit,
    UnitEvent,
    UnitOwner,
)
from warmline.goods.trace.reading import told
from warmline.goods.trace.verdicts import Word, verdicts
from warmline.world import lots, scale, units
from warmline.world.tests.test_scale import Here

pytestmark = pytest.mark.django_db
SMALL = {"PER_PALLET": 3, "PALLETS": 2, "CASES": 6, "TINS": 36, "PER_BIRTH": 12, "PER_JOB": 32}


@pytest.fixture
def drawn(monkeypatch):
    monkeypatch.setattr(scale, "ProcessPoolExecutor", Here)
    monkeypatch.setattr(scale, "sweep", lambda: None)
    scale.build(households=30, say=lambda *_said: None)
    monkeypatch.setattr(units, "ProcessPoolExecutor", Here)
    monkeypatch.setattr(units, "sweep", lambda _table: None)
    monkeypatch.setattr(connection, "close", lambda: None)
    for name, value in SMALL.items():
        monkeypatch.setattr(lots, name, value)
        if hasattr(units, name):
            monkeypatch.setattr(units, name, value)
    return units.build(units=50, say=lambda *_said: None)


def left():
    """What a document leaves behind, but for the numbers of events."""
    states = Unit.objects.values_list(
        "unit_id", "parent_id", "state_time", "kind_id", "lot_id", "place_id", "state",
        "disposition", "flags",
    )  # fmt: skip
    named = UnitEvent.objects.values_list(
        "unit_id", "event_time", "place_id", "biz_step", "disposition", "role", "action"
    )
    edges = Edge.objects.values_list("child_id", "parent_id", "t_from", "t_to", "sort")
    events = Event.objects.values_list(
        "event_time", "read_point", "biz_location", "biz_step", "disposition", "offset_min",
        "sort", "action",
    )  # fmt: skip
    return [sorted(map(str, rows)) for rows in (states, named, edges, events)]


def words():
    """All events in the words in which they were told, the earliest first."""
    ids = list(Event.objects.order_by("event_time", "pk").values_list("pk", flat=True))
    kept = told(ids)
    return [(n, kept[number][0]) for n, number in enumerate(ids)], kept[ids[0]][1]


def test_what_is_drawn_is_what_capture_would_have_left(drawn):
    assert drawn == Unit.objects.filter(kind_id__isnull=False).count() == 72
    before, (events, context) = left(), words()
    for model in (Unit, UnitEvent, Edge, Event, EventKey, CaptureJob):
        model.objects.all().delete()
    job = capture(Document(events, context))
    assert job.errors == []
    for drawn_rows, captured in zip(before, left(), strict=True):
        assert [r for r in captured if r not in drawn_rows][:3] == []
        assert [r for r in drawn_rows if r not in captured][:3] == []


def test_an_event_that_was_drawn_is_not_taken_in_again(drawn):
    events, context = words()
    job = capture(Document(events, context))
    assert (job.events, job.repeated, job.errors) == (0, len(events), [])


def test_cases_and_pallets_are_no_tins_to_be_called_back(drawn):
    found = recalls.impact(scopes.of_lots(Lot.objects.order_by("pk")[:1]))
    assert (found.units, found.sold) == (36, sum(len(b.units) for b in found.buyers))


def test_a_tin_has_its_whole_journey_and_a_sold_one_its_family(drawn):
    sold = UnitOwner.objects.order_by("pk").first()
    steps = [step.step for step in journeys.journey(sold.unit_id)]
    assert (
        steps
        == (
            "commissioning packing packing shipping receiving storing shipping unpacking shipping"
            " receiving unpacking stocking retail_selling"
        ).split()
    )
    assert Household.objects.filter(pk=sold.household_id).exists()
    said = verdicts(Unit.objects.filter(kind_id__isnull=False).values_list("pk", flat=True))
    assert {v.word for v in said.values()} == {Word.SOLD, Word.GENUINE}
    assert sum(v.word == Word.SOLD for v in said.values()) == UnitOwner.objects.count()


def test_a_shop_that_sold_a_tin_before_is_drawn_too():
    shop = Store.objects.create(code="S1", name="人民路店")
    party = selling.place_of(shop).party
    [(drawn_shop, place)] = units.lay_ground().shops
    assert (drawn_shop, Place.objects.get(pk=place).party) == (shop.pk, party)

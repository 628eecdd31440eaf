"""A document that comes in is in: every event once, all of them or exactly those that are told."""

import json
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from warmline.base.clock import now
from warmline.goods.trace import capturing, copying, numbers, reading
from warmline.goods.trace.capturing import capture, capture_one
from warmline.goods.trace.epcis import documents
from warmline.goods.trace.models import (
    CaptureJob,
    Edge,
    Event,
    EventKey,
    ForeignCode,
    KindEvent,
    Oddity,
    Unit,
    UnitEvent,
)
from warmline.goods.trace.tests.conformance import INVALID, VALID
from warmline.goods.trace.tests.conftest import event, packed, sgtin, sscc, take_in

pytestmark = pytest.mark.django_db


def unit(uri):
    return Unit.objects.get(pk=ForeignCode.objects.get(uri=uri).unit_id)


def without_order(value):
    if isinstance(value, dict):
        return {k: without_order(v) for k, v in value.items() if k != "recordTime"}
    if isinstance(value, list):
        return sorted(
            (without_order(v) for v in value), key=lambda v: json.dumps(v, sort_keys=True)
        )
    return value


@pytest.mark.parametrize("file", [g for g in VALID if g.category != "hash-equal"], ids=str)
def test_every_valid_file_comes_back_as_it_was_told(file):
    document = documents.read(file.body)
    job = capture(document)
    assert job.is_success, job.errors
    stored = reading.told(Event.objects.values_list("pk", flat=True))
    mine = sorted((without_order(e) for e, _c in stored.values()), key=json.dumps)
    theirs = {json.dumps(without_order(e), sort_keys=True): e for _n, e in document.events}
    if not job.repeated:  # two files tell one event twice, with and without a server's own fields
        assert {json.dumps(e, sort_keys=True) for e in mine} == set(theirs)
    assert job.events + job.repeated == file.n_events


@pytest.mark.parametrize("file", INVALID, ids=str)
def test_of_an_invalid_file_nothing_is_kept(file):
    with pytest.raises(documents.Invalid):
        documents.read(file.body)
    assert not Event.objects.exists()


def test_the_same_document_again_has_no_second_effect():
    first, second = (take_in(event(epcList=[sgtin("A1")])) for _n in range(2))
    assert (first.events, second.events, second.repeated) == (1, 0, 1)
    assert second.is_success
    assert UnitEvent.objects.count() == 1


def test_one_name_for_two_events_is_refused_and_nothing_is_kept():
    take_in(event(epcList=[sgtin("A1")], eventID="urn:uuid:1"))
    job = take_in(event(epcList=[sgtin("A2")]), event(epcList=[sgtin("A3")], eventID="urn:uuid:1"))
    assert not job.is_success
    assert job.errors[0]["type"] == "epcisException:ResourceAlreadyExistsException"
    assert (job.events, Event.objects.count()) == (0, 1)


def test_with_proceed_the_others_are_kept_and_the_job_says_which_not():
    take_in(event(epcList=[sgtin("A1")], eventID="urn:uuid:1"))
    job = take_in(
        event(epcList=[sgtin("A2")]),
        event(epcList=[sgtin("A3")], eventID="urn:uuid:1"),
        event(epcList=["https://id.gs1.org/01/06901234567893/21/1"]),
        proceed=True,
    )
    assert (job.is_success, job.events, Event.objects.count()) == (False, 1, 2)
    assert {e["instance"] for e in job.errors} == {"eventList/1", "eventList/2"}
    assert CaptureJob.objects.count() == 2


def test_an_error_declared_is_no_repetition():
    said = event(epcList=[sgtin("A1")], eventID="urn:uuid:1")
    wrong = said | {
        "errorDeclaration": {"declarationTime": "2026-11-21T10:00:00Z", "reason": "did_not_occur"}
    }
    assert take_in(said).events == take_in(wrong).events == 1
    assert take_in(wrong).repeated == 1


def test_a_single_event_is_kept_once():
    body = json.dumps(
        event(epcList=[sgtin("A1")], eventID="urn:uuid:1")
        | {"@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]}
    ).encode()
    assert capture_one(documents.read(body))
    assert capture_one(documents.read(body)) is None


def test_ids_carry_the_time():
    job = take_in(event(epcList=[sgtin("A1")]))
    kept = Event.objects.get()
    assert abs((numbers.time_of(kept.pk) - job.created_at).total_seconds()) < 1
    assert kept.event_time == datetime(2026, 11, 20, 2, tzinfo=UTC)
    assert kept.offset_min == 480


def test_a_tins_state_follows_its_life():
    tin = sgtin("A1")
    steps = [
        (
            "2026-11-01T08:00:00+08:00",
            {"action": "ADD", "bizStep": "commissioning"},
            Unit.State.ACTIVE,
        ),
        ("2026-11-03T08:00:00+08:00", {"bizStep": "receiving"}, Unit.State.ACTIVE),
        ("2026-11-05T08:00:00+08:00", {"bizStep": "retail_selling"}, Unit.State.SOLD),
        ("2026-11-06T08:00:00+08:00", {"disposition": "returned"}, Unit.State.RETURNED),
        (
            "2026-11-07T08:00:00+08:00",
            {"action": "DELETE", "bizStep": "destroying"},
            Unit.State.DESTROYED,
        ),
    ]
    for at, said, state in steps:
        take_in(event(epcList=[tin], eventTime=at, **said))
        assert unit(tin).state == state
    take_in(event(epcList=[tin], eventTime="2026-11-04T08:00:00+08:00", bizStep="stocking"))
    assert unit(tin).state == Unit.State.DESTROYED  # late news turn nothing back


def test_a_recall_lasts_until_it_is_taken_back():
    tin = sgtin("A1")
    take_in(event(epcList=[tin], persistentDisposition={"set": ["recalled"]}))
    assert unit(tin).flags == Unit.RECALLED
    take_in(event(epcList=[tin], eventTime="2026-11-21T10:00:00+08:00"))
    assert unit(tin).flags == Unit.RECALLED
    take_in(
        event(
            epcList=[tin],
            eventTime="2026-11-22T10:00:00+08:00",
            persistentDisposition={"unset": ["recalled"]},
        )
    )
    assert unit(tin).flags == 0


def test_a_lot_is_learned_from_what_its_tins_say():
    take_in(
        event(
            epcList=[sgtin("A1")],
            action="ADD",
            bizStep="commissioning",
            ilmd={"cbvmda:lotNumber": "L7"},
        )
    )
    from warmline.goods.trace.models import Lot

    assert unit(sgtin("A1")).lot_id == Lot.objects.get(number="L7").pk


def test_kinds_are_counted_with_their_measure():
    lot = "https://id.gs1.org/01/06901234567892/10/L7"
    take_in(event(quantityList=[{"epcClass": lot, "quantity": 600, "uom": "KGM"}]))
    (row,) = KindEvent.objects.values("quantity", "uom")
    assert row == {"quantity": 600, "uom": "KGM"}


CASE, OTHER, PALLET = sscc(1), sscc(2), sscc(3)
TINS = [sgtin(f"T{n}") for n in range(6)]


def held(uri):
    return [(e.parent_id, e.t_to is None) for e in Edge.objects.filter(child_id=unit(uri).pk)]


def test_tins_are_in_their_case_until_it_is_opened():
    take_in(packed(CASE, TINS))
    assert held(TINS[0]) == [(unit(CASE).pk, True)]
    assert unit(TINS[0]).parent_id == unit(CASE).pk
    take_in(packed(CASE, None, action="DELETE", at="2026-11-21T10:00:00+08:00"))
    assert [is_open for _parent, is_open in held(TINS[0])] == [False]
    assert unit(TINS[0]).parent_id is None


def test_one_tin_taken_out_leaves_the_others_in():
    take_in(packed(CASE, TINS))
    take_in(packed(CASE, TINS[:1], action="DELETE", at="2026-11-21T10:00:00+08:00"))
    assert unit(TINS[0]).parent_id is None
    assert unit(TINS[1]).parent_id == unit(CASE).pk


def test_a_tin_in_two_cases_stays_where_it_was_and_is_told_of():
    take_in(packed(CASE, TINS))
    job = take_in(packed(OTHER, TINS[:1], at="2026-11-21T10:00:00+08:00"))
    assert job.is_success  # the word is kept
    assert unit(TINS[0]).parent_id == unit(CASE).pk
    odd = Oddity.objects.get()
    assert (odd.rule, odd.unit_id) == ("elsewhere", unit(TINS[0]).pk)
    assert odd.evidence["held_by"] == unit(CASE).pk


def test_a_case_cannot_be_in_itself_over_however_many_levels():
    take_in(packed(PALLET, [CASE]), packed(CASE, [OTHER]))
    job = take_in(packed(OTHER, [PALLET], at="2026-11-21T10:00:00+08:00"))
    assert job.is_success
    assert Oddity.objects.get().rule == "in_itself"
    assert unit(PALLET).parent_id is None


def test_packing_heard_of_late_ends_where_the_next_began():
    take_in(packed(OTHER, TINS[:1], at="2026-11-22T10:00:00+08:00"))
    take_in(packed(CASE, TINS[:1], at="2026-11-20T10:00:00+08:00"))
    edges = list(Edge.objects.order_by("t_from"))
    assert [e.parent_id for e in edges] == [unit(CASE).pk, unit(OTHER).pk]
    assert edges[0].t_to == edges[1].t_from
    assert unit(TINS[0]).parent_id == unit(OTHER).pk


@pytest.mark.parametrize("children", [TINS[:1], None])
def test_unpacking_heard_of_first_still_counts(children):
    take_in(packed(CASE, children, action="DELETE", at="2026-11-22T10:00:00+08:00"))
    take_in(packed(CASE, TINS[:1], at="2026-11-20T10:00:00+08:00"))
    (edge,) = Edge.objects.all()
    assert edge.t_to == datetime(2026, 11, 22, 2, tzinfo=UTC)
    assert unit(TINS[0]).parent_id is None


def test_packed_moved_and_opened_in_one_document():
    take_in(
        packed(CASE, TINS, at="2026-11-20T10:00:00+08:00"),
        packed(CASE, None, action="DELETE", at="2026-11-20T11:00:00+08:00"),
        packed(OTHER, TINS[:2], at="2026-11-20T12:00:00+08:00"),
    )
    assert unit(TINS[0]).parent_id == unit(OTHER).pk
    assert unit(TINS[5]).parent_id is None
    assert not Oddity.objects.exists()


def test_a_tin_is_made_and_sold_once():
    tin = sgtin("A1")
    made = {"action": "ADD", "bizStep": "commissioning"}
    take_in(event(epcList=[tin], **made))
    take_in(event(epcList=[tin], eventTime="2026-11-21T10:00:00+08:00", **made))
    for hour in ("10", "11"):
        at = f"2026-11-22T{hour}:00:00+08:00"
        take_in(event(epcList=[tin], eventTime=at, bizStep="retail_selling"))
    assert sorted(Oddity.objects.values_list("rule", flat=True)) == [
        "commissioned_twice",
        "sold_twice",
    ]


def test_a_tin_that_came_back_may_be_sold_again():
    tin = sgtin("A1")
    for at, said in (
        ("10", {"bizStep": "retail_selling"}),
        ("11", {"disposition": "returned"}),
        ("12", {"bizStep": "retail_selling"}),
    ):
        take_in(event(epcList=[tin], eventTime=f"2026-11-22T{at}:00:00+08:00", **said))
    assert not Oddity.objects.exists()
    assert unit(tin).state == Unit.State.SOLD


def test_an_event_taken_back_changes_no_state():
    tin = sgtin("A1")
    take_in(
        event(
            epcList=[tin],
            bizStep="retail_selling",
            errorDeclaration={"declarationTime": "2026-11-21T10:00:00Z"},
        )
    )
    assert not Unit.objects.exists()


def test_without_the_servers_own_record_time():
    take_in(event(epcList=[sgtin("A1")], recordTime="1999-01-01T00:00:00Z"))
    ((told, _context),) = reading.told(Event.objects.values_list("pk", flat=True)).values()
    assert "recordTime" not in told


def test_a_context_that_is_one_word_is_kept_and_given_back():
    context = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
    job = take_in(event(epcList=[sgtin("A1")]), **{"@context": context})
    assert job.is_success
    assert reading.told([Event.objects.get().pk])[Event.objects.get().pk][1] == context


def statements_of(capture_callbacks, events):
    with capture_callbacks(execute=True), CaptureQueriesContext(connection) as asked:
        assert take_in(*events).events == len(events)
    return [query["sql"] for query in asked.captured_queries]


def test_a_document_asks_once_and_writes_once_however_many_events_it_holds(
    django_capture_on_commit_callbacks,
):
    once = django_capture_on_commit_callbacks
    statements_of(once, [event(epcList=[sgtin("A0")])])  # the words and places are known by now
    few = statements_of(once, [event(epcList=[sgtin(f"B{n}")]) for n in range(3)])
    many = statements_of(once, [event(epcList=[sgtin(f"C{n}")]) for n in range(90)])
    assert len(few) == len(many) == 3  # a savepoint, what it must know, the savepoint's release


def test_a_code_that_somebody_else_names_at_the_same_moment_keeps_one_number(monkeypatch):
    """The first look does not find the other's number, and the table refuses a second one."""
    take_in(event(epcList=[sgtin("A1")]))
    opened, looks = capturing._open, []

    def late(work, first):
        known = opened(work, first)
        looks.append(work.units.copy())
        if len(looks) == 1:
            work.units.clear()
        return known

    monkeypatch.setattr(capturing, "_open", late)
    job = take_in(event(epcList=[sgtin("A1")], eventTime="2026-11-20T11:00:00+08:00"))
    assert (job.is_success, job.events, len(looks)) == (True, 1, 2)
    assert ForeignCode.objects.count() == Unit.objects.count() == 1
    assert UnitEvent.objects.count() == 2


def test_what_a_table_refuses_refuses_all_of_them_and_the_line_goes_on():
    job = take_in(event(epcList=[sgtin("A1")]))
    key = EventKey.objects.get()
    parts = [
        ("trace_foreigncode", "hash uri unit_id", f"{key.hash}\tx\t1\n"),
        ("trace_eventkey", "hash event_id", f"{key.hash}\t1\n"),
        ("trace_document", "job_id chunk context body", ""),
    ]
    with pytest.raises(IntegrityError, match="trace_eventkey"), transaction.atomic():
        copying.copy_all(parts)
    assert not ForeignCode.objects.filter(uri="x").exists()
    assert CaptureJob.objects.get() == job


def test_many_rows_go_in_by_the_piece():
    with transaction.atomic():
        EventKey.objects.exists()
        keys = "".join(f"{n:032x}\t{n}\n" for n in range(1, 20_001))
        copying.copy_all([("trace_eventkey", "hash event_id", keys)])
    assert EventKey.objects.filter(event_id=20_000).exists()
    assert EventKey.objects.count() == 20_000


def test_ids_of_one_instant_are_different_ones_and_in_order():
    many = numbers.take(3_000)
    assert len({*many, *numbers.take(3_000)}) == 6_000
    assert many == sorted(many)
    assert abs(numbers.time_of(many[-1]) - now()).total_seconds() < 5
    assert len({*numbers.foreign_of([7, 8, 9], 3_000), *numbers.foreign_of([10], 1_024)}) == 4_024
    assert all(numbers.is_foreign(unit) for unit in numbers.foreign_of([1 << 41], 3))

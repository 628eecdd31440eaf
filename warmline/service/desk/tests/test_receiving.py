"""Whatever comes in is numbered, belongs to one case, and has an owner and a deadline (G7)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import close_old_connections, connection, transaction

from warmline.core.contacts.models import Message
from warmline.core.journal.models import Entry
from warmline.core.people.models import Household, Member, Staff, Store
from warmline.core.promises.models import Promise
from warmline.service.desk import answering, asking, telling
from warmline.service.desk.models import Arrival, Case, CaseEvent, Numbering
from warmline.service.desk.models.case import coded, number_of
from warmline.service.desk.receiving import Asker, receive
from warmline.service.desk.tests.conftest import AFTERNOON, SUNDOWN, TUESDAY_SUNDOWN
from warmline.service.desk.thanks import is_thanks


def at(text):
    return datetime.fromisoformat(text)


def test_a_contact_is_a_case_with_an_owner_and_a_deadline_at_once(clock, ask, zhou, lin):
    clock(AFTERNOON)
    received = ask()
    case = Case.objects.get()
    assert received.is_new
    assert received.case == case
    assert case.owner == zhou == case.first_owner
    assert case.household == lin
    assert case.state == "open"
    assert case.due_at == case.answer_by == at(SUNDOWN)
    assert case.finish_by.date() == datetime(2026, 11, 26, tzinfo=UTC).date()
    assert case.events.get().is_shown
    assert Entry.objects.filter(kind="desk.opened", household_id=lin.pk).count() == 1


def test_what_comes_after_the_cut_off_is_answered_by_the_next_sundown(clock, ask):
    clock("2026-11-23T17:40:00+08:00")
    assert ask().case.answer_by == at(TUESDAY_SUNDOWN)


def test_what_comes_at_night_is_answered_by_the_next_sundown(clock, ask):
    clock("2026-11-23T23:10:00+08:00")
    assert ask().case.answer_by == at(TUESDAY_SUNDOWN)


def test_who_hears_of_it_at_night_hears_of_the_day_on_which_it_is_due(clock, ask, zhou):
    """Told at eight in the evening to answer by 18:02, one would think that it is too late."""
    clock("2026-11-23T20:00:00+08:00")
    case = ask().case
    case.owner = zhou
    telling.tell_owner(case)
    told = Message.objects.get(key=f"case-yours:{case.pk}:{zhou.pk}").text
    assert "明天" in told


def test_the_sun_sets_later_in_urumqi(clock, far_store):
    clock("2026-11-23T18:15:00+08:00")
    asker = Asker(name="阿里", phone="+8613800000000")
    case = receive(channel="web", words="有没有二段？", asker=asker, store=far_store).case
    assert case.answer_by.astimezone(far_store.zone).hour == 18
    assert case.answer_by > at("2026-11-23T18:30:00+08:00")


def test_a_store_without_a_place_or_hours_still_has_a_deadline(clock, db):
    clock("2026-11-23T10:00:00+08:00")
    bare = Store.objects.create(code="X", name="临时店", hours=[])
    asker = Asker(name="某人", phone="+8613800000000")
    case = receive(channel="web", words="在吗", asker=asker, store=bare).case
    assert case.answer_by == at("2026-11-23T18:00:00+08:00")


def test_on_a_polar_day_the_shop_closes_and_the_sun_does_not(clock, db):
    clock("2026-06-21T10:00:00+02:00")
    north = Store.objects.create(
        code="N", name="北店", latitude=69.6, longitude=18.9, time_zone="Europe/Oslo"
    )
    case = receive(
        channel="web", words="hei", asker=Asker(name="Kari", phone="+4790000000"), store=north
    ).case
    assert case.answer_by == at("2026-06-21T21:00:00+02:00")


def test_somebody_we_do_not_know_is_the_stores(clock, store, db):
    clock(AFTERNOON)
    asker = Asker(name="过路人", phone="+8613700000000", from_whom="supplier")
    case = receive(channel="phone", words="送货单对不上", asker=asker, store=store).case
    assert (case.owner, case.queue, case.store) == (None, "store", store)
    assert case.due_at == at(SUNDOWN)
    assert not Promise.objects.exists()


def test_what_a_family_is_owed_stands_in_the_register_of_promises(clock, ask, zhou):
    clock(AFTERNOON)
    case = ask().case
    owed = {p.kind: (p.due_at, p.keeper) for p in Promise.objects.all()}
    assert owed == {
        "desk.answer": (case.answer_by, zhou),
        "desk.finish": (case.finish_by, zhou),
    }


def test_the_same_message_read_twice_is_one(clock, ask):
    clock(AFTERNOON)
    first = ask(key="event-1")
    again = ask(key="event-1")
    assert again.is_replay
    assert again.arrival == first.arrival
    assert Arrival.objects.count() == Case.objects.count() == 1


def test_numbers_have_no_gap_by_channel_and_day(clock, ask):
    clock(AFTERNOON)
    numbers = [ask(channel=c).arrival.number for c in ("web", "sms", "web", "web", "sms")]
    assert numbers == [1, 1, 2, 3, 2]
    clock("2026-11-24T09:00:00+08:00")
    assert ask().arrival.number == 1
    assert ask().arrival.code == "web-1124-0002"


def test_a_number_that_is_rolled_back_is_given_again(clock, ask):
    clock(AFTERNOON)
    ask()
    with transaction.atomic():
        assert ask(phone="+8613700000009").arrival.number == 2
        transaction.set_rollback(True)  # the power went
    assert ask(phone="+8613700000009").arrival.number == 2
    assert Numbering.objects.get().last == 2
    assert Case.objects.count() == 2


def test_more_words_of_the_same_number_within_minutes_belong_to_the_same_case(clock, ask):
    clock(AFTERNOON)
    case = ask().case
    clock("2026-11-23T16:44:00+08:00")
    more = ask("还有，外盒也压扁了")
    assert (more.case, more.is_new) == (case, False)
    assert [e.kind for e in case.events.order_by("seq")] == ["opened", "said"]
    clock("2026-11-23T17:20:00+08:00")
    assert ask("想问一下纸尿裤").is_new


def test_a_thousand_contacts_of_one_number_in_a_minute_are_one_case_and_none_is_lost(clock, ask):
    clock(AFTERNOON)
    for n in range(60):
        ask(f"喂？{n}")
    assert Case.objects.count() == 1
    assert sorted(Arrival.objects.values_list("number", flat=True)) == list(range(1, 61))


def test_who_opens_many_cases_a_day_adds_to_the_last_one(clock, ask):
    for hour in range(9, 18):
        clock(f"2026-11-23T{hour:02}:00:00+08:00")
        ask(f"第{hour}次")
    assert Case.objects.count() == 5
    assert Arrival.objects.count() == 9


def test_words_of_danger_jump_the_queue(clock, ask):
    clock(AFTERNOON)
    plain = ask("想换个尺码", phone="+8613700000001").case
    grave = ask("宝宝喝了以后一直吐，嘴唇发紫", phone="+8613700000002").case
    assert grave.urgency == Case.Urgency.HEALTH
    assert list(Case.objects.open().by_clock()) == [grave, plain]
    assert Entry.objects.filter(kind="desk.opened", body__topic="health").count() == 1


def test_of_two_families_with_one_number_it_is_the_one_of_this_store(clock, ask, lin, far_store):
    other = Household.objects.create(store=far_store, joined_on="2026-01-01")
    twin = Member(household=other, name="林浩")
    twin.set_phone("+8613912345678")
    twin.save()
    clock(AFTERNOON)
    assert ask().case.household == lin
    clock("2026-11-23T17:00:00+08:00")
    assert ask(store=far_store).case.household == other


def test_who_says_more_waits_for_their_family_first_and_for_the_case_then(case, zhou, monkeypatch):
    """Else two who speak for one family at once wait for each other."""
    answering.finish(case, outcome="replaced", words="换了一罐新的", by=zhou)

    def waited():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            )
            return cursor.fetchone()[0]

    def lock(case, lock=Case.lock):
        held.append(waited())
        lock(case)

    monkeypatch.setattr(Case, "lock", lock)
    held, before = [], waited()
    asking.not_solved(case, words="还是漏", key="again")
    assert held[0] > before


def test_a_complaint_is_remembered_in_the_familys_file(clock, ask, lin):
    clock(AFTERNOON)
    ask(kind="complaint")
    lin.refresh_from_db()
    assert lin.complained_at == at(AFTERNOON)


def test_while_the_home_guide_is_away_a_colleague_answers(clock, ask, zhou, wu):
    zhou.go_away(at("2026-12-01T00:00:00+08:00"))
    clock(AFTERNOON)
    assert ask().case.owner == wu


def test_nothing_that_a_stolen_dump_shows_is_theirs(clock, ask):
    clock(AFTERNOON)
    case = ask("我叫林浩，罐口没有封好").case
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM desk_case c")
        rows = cursor.fetchall()
        cursor.execute("SELECT row_to_json(e)::text FROM desk_caseevent e")
        rows += cursor.fetchall()
        cursor.execute("SELECT row_to_json(a)::text FROM desk_arrival a")
        rows += cursor.fetchall()
    dump = "".join(row[0] for row in rows)
    for secret in ("林", "封好", "13912345678", case.token):
        assert secret not in dump


@pytest.mark.parametrize(
    "words",
    [
        "谢谢",
        "好的，谢谢你们！",
        "收到，辛苦了",
        "Thank you very much!",
        "ok thanks",
        "非常满意 谢谢👍",
    ],
)
def test_thanks_are_thanks(words):
    assert is_thanks(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "谢谢，但是还没收到",
        "谢谢，那什么时候换？",
        "不满意",
        "好的，我明天来店里拿可以吗",
        "thanks but no",
        "谢谢，电话13800000000",
        "好的 周三下午过来",
    ],
)
def test_in_doubt_it_is_not_thanks(words):
    assert not is_thanks(words)


def test_a_code_that_is_misheard_is_noticed():
    for number in (1, 12, 345, 99999, 1234567):
        assert number_of(coded(number)) == number
        wrong = coded(number)[:-1] + str((int(coded(number)[-1]) + 1) % 10)
        assert number_of(wrong) is None
    assert number_of("") is number_of("x") is number_of("9" * 40) is None


@pytest.mark.django_db(transaction=True)
def test_contacts_at_the_same_moment_leave_no_gap_and_no_twin():
    """Ten threads, three of them with the same words of the same number, and two replays."""
    store = Store.objects.create(code="S1", name="春熙路店")
    Staff.objects.create(username="zhou", name="zhou", store=store)

    def come(n):
        try:
            asker = Asker(name="x", phone=f"+86137000000{n % 4:02}")
            key = "twin" if n in (5, 9) else f"k{n}"
            receive(channel="web", words=f"喂{n}", asker=asker, store=store, key=key)
        finally:
            close_old_connections()
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(come, range(40)))
    numbers = sorted(Arrival.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 40))
    assert Case.objects.count() == 4
    assert CaseEvent.objects.count() == 39

"""Each invariant sees what breaks it, and says nothing about a shop that is in order."""

import re

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from warmline.base.crypto import EncryptedTextField
from warmline.core.contacts import sending
from warmline.core.contacts.models import Attempt
from warmline.core.journal.models import Entry, Task
from warmline.core.people.models import Consent, Household, Store
from warmline.insight import invariants
from warmline.insight.invariants import HERE
from warmline.service.desk.receiving import Asker, receive

ALL = {each.name: each for each in invariants.all_of_them()}

# What an accident, a mistake or a hand in the database might do. What a constraint forbids is done
# after taking the constraint away.
ACCIDENTS = {
    "units_are_in_what_holds_them": [
        "INSERT INTO trace_unit (unit_id, parent_id, state_time) VALUES (1, 2, now())",
    ],
    "tins_opened_have_a_family": [
        "INSERT INTO trace_redemption (unit_id, household_id, at)"
        " SELECT 1, min(id), now() FROM people_household",
    ],
    "babies_are_kept_by_consent": [
        "INSERT INTO people_child (household_id, name, sex, feeding, allergies, created_at)"
        " SELECT id, '', '', '', '{}', now() FROM people_household",
    ],
    "cases_are_where_their_events_left_them": ["UPDATE desk_case SET seq = 9"],
    "contacts_have_numbers_without_a_gap": ["UPDATE desk_numbering SET last = 3"],
    "late_cases_were_escalated": [
        "UPDATE desk_case SET due_at = now() - interval '1 hour', rung = 0,"
        " last_at = now() - interval '2 hours'",
        "UPDATE people_storeday SET opens_at = now() - interval '1 day',"
        " closes_at = now() + interval '1 day'",
        "INSERT INTO journal_worker (loop, host, started_at)"
        " VALUES ('watch', 'here', now() - interval '1 hour')",
        "SELECT pg_advisory_xact_lock(77, max(id)::int) FROM journal_worker",
    ],
    "forecasts_are_in_order": ["UPDATE care_runout SET p10_on = p90_on + 1"],
    "forecasts_are_open_once": [
        "INSERT INTO care_forecastrecord (household_id, category_id, store_id, made_on, p10_on,"
        " p50_on, p90_on) SELECT household_id, category_id, store_id, made_on - 9, p10_on, p50_on,"
        " p90_on FROM care_forecastrecord",
    ],
    "frozen_babies_are_empty": [
        "ALTER TABLE people_child DROP CONSTRAINT people_child_frozen_is_empty",
        "UPDATE people_child SET frozen_at = now()",
    ],
    "habits_follow_from_the_ledger": ["UPDATE care_runout SET purchases = 7"],
    "ledgers_cannot_be_rewritten": ["GRANT DELETE ON journal_entry TO warmline_app"],
    "members_are_found_where_they_are": ["UPDATE people_member SET search_store = -1"],
    "merged_families_own_nothing": [
        "INSERT INTO people_household (store_id, tier, status, dialect, joined_on, source)"
        " SELECT store_id, 0, 'active', '', joined_on, '' FROM people_household",
        "UPDATE people_household SET merged_into_id = (SELECT max(id) FROM people_household)"
        " WHERE id = (SELECT min(id) FROM people_household)",
    ],
    "messages_accepted_are_at_rest": [
        "UPDATE contacts_message SET status = 'accepted', accepted_at = now() - interval '1 day'",
    ],
    "messages_are_accepted_once": [
        "INSERT INTO contacts_attempt (message_id, number, at, worker_id)"
        " SELECT message_id, number, at, 99 FROM contacts_attempt",
    ],
    "numbers_point_somewhere": ["UPDATE contacts_contact SET promise_id = -1"],
    "promises_are_owned": [
        "ALTER TABLE promises_promise ALTER store_id DROP NOT NULL",
        "UPDATE promises_promise SET store_id = NULL",
    ],
    "promises_broken_stay_broken": [
        "UPDATE promises_promise SET status = 'kept', closed_at = now(), done_at = now()",
        "INSERT INTO journal_entry (kind, at, household_id, body)"
        " SELECT 'promises.broken', now(), household_id, jsonb_build_object('promise', id)"
        " FROM promises_promise",
    ],
    "promises_closed_are_dated": [
        "ALTER TABLE promises_promise DROP CONSTRAINT promise_closed_is_dated",
        "UPDATE promises_promise SET closed_at = now()",
    ],
    "promises_overdue_are_broken": [
        "UPDATE promises_promise SET due_at = now() - interval '1 hour'",
        "INSERT INTO journal_worker (loop, host, started_at)"
        " VALUES ('watch', 'here', now() - interval '1 hour')",
        "SELECT pg_advisory_xact_lock(77, max(id)::int) FROM journal_worker",
    ],
    "sale_lines_are_of_their_family": ["UPDATE sales_saleline SET household_id = NULL"],
    "sales_add_up": ["DELETE FROM sales_saleline"],
    "sales_are_of_their_buyer": ["UPDATE sales_sale SET household_id = NULL"],
    "secrets_are_sealed": ["UPDATE people_member SET phone = '+8613912345678'"],
    "store_days_are_laid_out": ["DELETE FROM people_storeday"],
    "tables_are_this_versions": ["DELETE FROM django_migrations WHERE app = 'care'"],
    "tasks_are_held_by_the_living": [
        "UPDATE journal_task SET status = 'running', owner_id = 987654,"
        " run_at = now() - interval '5 minutes'",
    ],
    "tasks_do_not_lie_about": ["UPDATE journal_task SET run_at = now() - interval '2 hours'"],
}


@pytest.fixture
def shop(good_shop):
    """With a task still to do and a message that was tried once."""
    message = sending.queue(
        "hello", household=good_shop, channel="sms", purpose="care", text="宝宝满百天快乐"
    )
    Attempt.objects.create(message=message, worker_id=1)
    asker = Asker(name="林晓", household=good_shop)
    receive(channel="web", words="罐口没有封好", asker=asker, store=good_shop.store)
    if not Task.objects.exists():
        Task.objects.create(entry=Entry.objects.first(), listener="nobody")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return good_shop


def test_nothing_is_wrong_in_a_good_shop(shop):
    wrong = {v.invariant.name: v.offenders for v in invariants.judge(list(ALL.values()))}
    assert {name: rows for name, rows in wrong.items() if rows} == {}


@pytest.mark.parametrize("name", sorted(ALL))
def test_what_is_broken_is_seen(shop, name):
    if "habits" in name:
        Task.objects.all().delete()  # a family about whom a reaction is owed is left alone
    with connection.cursor() as cursor:
        for accident in ACCIDENTS[name]:
            cursor.execute(accident)
    assert ALL[name].offenders()


def test_a_receipt_that_a_file_brought_comes_to_its_lines(sale):
    sale.import_id, sale.total = 1, sale.total - 10
    sale.save()
    assert ALL["sales_add_up"].offenders()


def test_a_till_may_take_something_off_the_whole(sale):
    sale.total -= 10
    sale.save()
    assert not ALL["sales_add_up"].offenders()


def test_a_consent_taken_back_without_freezing_is_seen(shop):
    child = shop.children.get()
    Consent.objects.create(
        household=shop, child=child, purpose="record", granted=False, channel="store"
    )
    assert ALL["babies_are_kept_by_consent"].offenders()[0]["child"] == child.pk


def test_a_step_of_a_newer_version_is_seen(db):
    MigrationRecorder(connection).record_applied("care", "9999_from_tomorrow")
    assert {"step": "care.9999_from_tomorrow", "is": "newer"} in ALL[
        "tables_are_this_versions"
    ].offenders()


def test_while_nobody_watches_an_overdue_promise_is_not_an_alarm(shop):
    with connection.cursor() as cursor:
        cursor.execute(ACCIDENTS["promises_overdue_are_broken"][0])
    assert not ALL["promises_overdue_are_broken"].offenders()


def test_a_closed_store_needs_no_days(db):
    Store.objects.create(code="S9", name="老店", is_open=False)
    assert not ALL["store_days_are_laid_out"].offenders()


def test_a_family_whose_rows_are_missing_is_seen(shop):
    Task.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM care_runout")
    [row] = ALL["habits_follow_from_the_ledger"].offenders()
    assert row["household"] == shop.pk


def test_every_sealed_column_is_looked_at():
    looked_at = (HERE / "secrets_are_sealed.sql").read_text(encoding="utf-8")
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedTextField):
                assert f"'{field.place}'" in looked_at


def test_every_ledger_is_looked_at():
    looked_at = (HERE / "ledgers_cannot_be_rewritten.sql").read_text(encoding="utf-8")
    taken = re.compile(r'append_only\(\s*"(\w+)"')
    for app in apps.get_app_configs():
        for file in (HERE.parents[1]).glob(f"**/{app.label}/migrations/*.py"):
            for table in taken.findall(file.read_text(encoding="utf-8")):
                assert f"('{table}')" in looked_at


def test_every_invariant_says_what_must_hold_in_both_languages(monkeypatch):
    for spoken, letters in (("en", r"[a-z]"), ("zh", r"[\u4e00-\u9fff]")):
        monkeypatch.setenv("WARMLINE_LANGUAGE", spoken)
        for each in invariants.all_of_them():
            assert re.match(letters, each.says, re.IGNORECASE), each.name
            assert "中文：" not in each.says


def test_only_so_many_offenders_are_fetched(store, monkeypatch):
    monkeypatch.setattr(invariants, "SHOWN", 1)
    Household.objects.bulk_create(
        Household(store=store, joined_on="2026-01-01", merged_into_id=None) for _ in range(2)
    )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM people_storeday")
    assert len(ALL["store_days_are_laid_out"].offenders()) == 1

"""Every gate by a table: who may be touched, for what, when, and which rule says no."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from warmline.core.contacts import gates
from warmline.core.contacts.conversations import log
from warmline.core.contacts.models import Budget, Contact, Message, Purpose, QuietHours

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
LATE = datetime(2026, 11, 21, 13, 30, tzinfo=UTC)  # 21:30
EVENING = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)  # 20:30: too late to sell, not to care


@dataclass
class Tin:
    is_locked: bool = False
    use: str = "formula"

    @property
    def category(self):
        return SimpleNamespace(use=self.use)


def rules(household, purpose, medium="phone", at=NOON, products=()):
    return [r.rule for r in gates.check(household, purpose, medium, at, products)]


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        ("recall", []),
        ("logistics", []),
        ("service", []),
        ("care", ["consent"]),
        ("survey", ["consent"]),
        ("sales", ["consent"]),
    ],
)
def test_unknown_means_no_except_for_what_a_family_needs(lin, purpose, expected):
    assert rules(lin, purpose) == expected


def test_the_latest_decision_holds(lin, allow):
    allow(lin, "care", "service")
    assert rules(lin, "care") == []
    allow(lin, "care", "service", granted=False)
    assert rules(lin, "care") == ["withdrawn"]
    [service] = gates.check(lin, "service", "phone", NOON)
    assert (service.rule, service.is_hard) == ("withdrawn", False)


def test_a_family_that_left_is_rung_for_a_recall_alone(lin, allow):
    allow(lin, "care")
    lin.status = "gone"
    lin.save()
    assert rules(lin, "care") == ["gone"]
    assert rules(lin, "recall") == []


@pytest.mark.parametrize(
    ("purpose", "medium", "at", "expected"),
    [
        ("care", "phone", NOON, []),
        ("care", "phone", LATE, ["quiet"]),
        ("care", "sms", EVENING, []),
        ("sales", "sms", EVENING, ["quiet"]),
        ("care", "visit", LATE, []),
        ("recall", "sms", LATE, []),
    ],
)
def test_quiet_hours_by_purpose_and_medium(lin, allow, purpose, medium, at, expected):
    allow(lin, "care", "sales")
    assert rules(lin, purpose, medium, at) == expected


def test_quiet_hours_follow_the_familys_own_store(lin, allow, store):
    allow(lin, "care")
    store.time_zone = "America/New_York"
    store.save()
    assert rules(lin, "care", at=NOON) == ["quiet"]  # 23:00 there


def test_a_phone_at_night_is_a_soft_refusal_and_a_text_a_hard_one(lin, allow):
    allow(lin, "care")
    assert [r.is_hard for r in gates.check(lin, "care", "phone", LATE)] == [False]
    assert [r.is_hard for r in gates.check(lin, "care", "sms", LATE)] == [True]


def test_attempts_count_answered_or_not_over_all_media(lin, allow, zhou, clock):
    clock(NOON.isoformat())
    allow(lin, "sales")
    log(key="a", household=lin, staff=zhou, outcome="no_answer", purpose=Purpose.SALES)
    assert rules(lin, "sales") == []
    Message.objects.create(
        key="m", household=lin, channel="sms", purpose="sales", to="x", text="x", created_at=NOON
    )
    assert rules(lin, "sales") == ["budget"]
    Message.objects.update(status="failed")  # it never reached them
    assert rules(lin, "sales") == []


def test_what_the_family_said_to_us_costs_nothing_of_the_budget(lin, allow, zhou, clock):
    clock(NOON.isoformat())
    allow(lin, "sales")
    for key in "abc":
        log(key=key, household=lin, staff=zhou, outcome="reached", purpose="sales", is_inbound=True)
    assert rules(lin, "sales") == []


def test_the_care_rhythm_is_soft(lin, allow, zhou, clock):
    clock(NOON.isoformat())
    allow(lin, "care")
    for key in "abc":
        log(key=key, household=lin, staff=zhou, outcome="no_answer")
    [refusal] = gates.check(lin, "care", "phone", NOON)
    assert (refusal.rule, refusal.is_hard) == ("budget", False)
    with override("en"):
        assert "3 times in 7 days" in refusal.sentence


def test_first_stage_formula_is_never_promoted(lin, allow):
    allow(lin, "sales", "care")
    assert rules(lin, "sales", products=[Tin(is_locked=True)]) == ["first_stage"]
    assert rules(lin, "care", products=[Tin(is_locked=True)]) == []
    assert rules(lin, "recall", products=[Tin(is_locked=True)]) == []


def test_no_formula_is_offered_while_the_baby_is_under_six_months(lin, allow, clock):
    allow(lin, "sales")
    clock("2026-08-01T12:00:00+08:00")
    at = datetime(2026, 8, 1, 4, tzinfo=UTC)
    assert rules(lin, "sales", at=at, products=[Tin()]) == ["under_six_months"]
    assert rules(lin, "sales", at=at, products=[Tin(use="diapers")]) == []
    clock("2026-09-15T12:00:00+08:00")
    assert rules(lin, "sales", at=at, products=[Tin()]) == []


def test_every_rule_has_a_sentence_for_the_screen(lin):
    facts = {"tries": 1, "tries_max": 1, "days": 1, "begins": "21:00", "ends": "08:00"}
    for rule in gates.SENTENCES:
        assert gates.Refusal(rule, True, "care", facts).sentence


HOURS = QuietHours(begins=time(21), ends=time(8), sales_begins=time(12), sales_ends=time(14))


@pytest.mark.parametrize(
    ("zone", "at", "ends"),
    [
        ("Asia/Shanghai", "2026-11-21T20:59:59+08:00", None),
        ("Asia/Shanghai", "2026-11-21T21:00:00+08:00", "2026-11-22T08:00:00+08:00"),
        ("Asia/Shanghai", "2026-11-22T00:00:00+08:00", "2026-11-22T08:00:00+08:00"),
        ("Asia/Shanghai", "2026-11-22T07:59:59+08:00", "2026-11-22T08:00:00+08:00"),
        ("Asia/Shanghai", "2026-11-22T08:00:00+08:00", None),
        # The night in which New York's clocks go back has an hour more; the one in spring one less.
        ("America/New_York", "2026-10-31T22:00:00-04:00", "2026-11-01T08:00:00-05:00"),
        ("America/New_York", "2026-03-07T22:00:00-05:00", "2026-03-08T08:00:00-04:00"),
        ("America/New_York", "2026-11-01T01:30:00-05:00", "2026-11-01T08:00:00-05:00"),
    ],
)
def test_quiet_hours_end_on_the_wall_clock(zone, at, ends):
    end = gates.hours_end(HOURS, "care", ZoneInfo(zone), datetime.fromisoformat(at))
    assert end == (datetime.fromisoformat(ends) if ends else None)


def test_quiet_hours_within_one_day():
    noon = datetime.fromisoformat("2026-11-21T12:30:00+08:00")
    end = gates.hours_end(HOURS, "sales", ZoneInfo("Asia/Shanghai"), noon)
    assert end == datetime.fromisoformat("2026-11-21T14:00:00+08:00")


def test_a_chain_without_budgets_and_quiet_hours_blocks_by_consent_alone(lin, allow):
    Budget.objects.all().delete()
    QuietHours.objects.all().delete()
    allow(lin, "care")
    assert rules(lin, "care", at=LATE) == []
    assert gates.quiet_until("care", lin.store.zone, LATE) is None


def test_contacts_know_which_outcomes_are_answers():
    assert Contact.Outcome.NO_ANSWER not in Contact.ANSWERED

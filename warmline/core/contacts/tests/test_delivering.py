"""What a provider accepted is never sent again; what may have left is asked about or told again."""

from datetime import UTC, datetime, timedelta
from itertools import count

import psycopg
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warmline.base.clock import now
from warmline.core.contacts import delivering
from warmline.core.contacts.channels import Reason, Receipt, Refused, Retry
from warmline.core.contacts.channels.configured import Misconfigured
from warmline.core.contacts.delivering import ASK_AFTER, Postman, rescue
from warmline.core.contacts.models import Attempt, Message
from warmline.core.journal.models import Entry
from warmline.core.journal.workers import LOCK_CLASS, Shift

pytestmark = pytest.mark.django_db
NUMBERS = count(700_001)


class Killed(BaseException):
    """The power fails in the middle of it."""


class Provider:
    """Takes messages by key; may remember them, refuse twins, and fail in every way there is."""

    def __init__(self, *faults, merges=False):
        self.faults, self.merges = list(faults), merges
        self.calls, self.heard = [], []

    def send(self, message):
        self.calls.append(message.key)
        fault = self.faults.pop(0) if self.faults else "fine"
        if fault == "killed before":
            raise Killed
        if fault == "busy":
            raise Retry("busy", after=timedelta(seconds=1))
        if fault == "refused":
            raise Refused("no such number", reason=Reason.RECIPIENT)
        if fault == "lost on the way":
            raise Retry("no answer", ambiguous=True)
        if not (self.merges and message.key in self.heard):
            self.heard.append(message.key)
        if fault == "killed after":
            raise Killed
        if fault == "answer lost":
            raise Retry("no answer", ambiguous=True)
        if fault == "our own fault":
            raise KeyError("BizId")
        return Receipt(id=f"r-{message.key}")


class Remembering(Provider):
    """A provider that can be asked."""

    def find(self, message, *, since, known=()):
        return Receipt(id=f"r-{message.key}") if message.key in self.heard else None


class Ghost(Shift):
    """A worker that is dead already: nobody holds its lock."""

    def __init__(self):
        super().__init__("deliver")
        self.number = next(NUMBERS)


def letter(lin, key="k", **fields):
    fields = {"channel": "sms", "purpose": "logistics", "to": "+8613800138000", **fields}
    return Message.objects.create(key=key, household=lin, text="已发货", **fields)


def later():
    """Everything that waits is due."""
    Message.objects.update(run_at=now() - timedelta(seconds=1))


def work(provider, *, rescuing=rescue, rounds=30):
    """Workers come and go until nothing is left to do."""
    for _round in range(rounds):
        later()
        worker = Postman(Ghost(), lambda _kind: provider)
        rescuing(worker.shift)
        later()
        try:
            done = worker.deliver_once()
        except Killed:
            continue
        if not done:
            return


@pytest.fixture(autouse=True)
def swift(monkeypatch):
    monkeypatch.setattr(delivering, "A_SECOND", {})


def test_a_message_leaves_once_and_says_so(lin):
    message, provider = letter(lin), Provider()
    work(provider)
    message.refresh_from_db()
    assert (message.status, message.receipt, message.tries) == ("accepted", "r-k", 1)
    assert message.accepted_at
    assert provider.calls == ["k"]
    assert Attempt.objects.count() == 1


def test_a_try_is_written_down_before_the_provider_is_called(lin):
    letter(lin)
    seen = []

    class Watching(Provider):
        def send(self, message):
            seen.append(Attempt.objects.filter(message=message, number=message.tries).count())
            return super().send(message)

    work(Watching())
    assert seen == [1]


@pytest.mark.parametrize(
    ("provider", "heard", "repeated"),
    [
        (Remembering("killed after"), 1, False),
        (Remembering("answer lost"), 1, False),
        (Remembering("killed before"), 1, True),
        (Remembering("lost on the way"), 1, True),
        (Remembering("our own fault"), 1, False),
        (Provider("answer lost", merges=True), 1, True),
        (Provider("killed after", merges=True), 1, True),
        (Provider("killed after"), 2, True),
        (Provider("busy", "busy"), 1, False),
    ],
)
def test_by_channel_what_may_have_left_is_asked_about_or_told_again(lin, provider, heard, repeated):
    message = letter(lin)
    work(provider)
    message.refresh_from_db()
    assert (message.status, message.repeated) == ("accepted", repeated)
    assert len(provider.heard) == heard


def test_a_refusal_ends_it_where_everybody_can_see(lin):
    message = letter(lin)
    work(Provider("refused"))
    message.refresh_from_db()
    assert (message.status, message.error) == ("failed", "no such number")
    assert Entry.objects.get(kind="contacts.message_failed").body["message"] == message.pk


@pytest.mark.parametrize("fault", ["busy", "answer lost", "lost on the way", "killed before"])
def test_after_eight_tries_it_has_failed(lin, fault):
    message, provider = letter(lin), Provider(*[fault] * 50)
    work(provider, rounds=60)
    message.refresh_from_db()
    assert (message.status, len(provider.calls)) == ("failed", 8)


def test_one_that_fails_does_not_delay_the_others(lin):
    for key in ("a", "b", "c"):
        letter(lin, key)
    provider = Provider("busy")
    later()
    with Shift("deliver") as shift:
        Postman(shift, lambda _kind: provider).deliver_once()
    assert provider.heard == ["b", "c"]
    assert Message.objects.get(key="a").run_at > now() - timedelta(seconds=2)


def test_a_living_workers_messages_are_left_alone(lin):
    message, alive = letter(lin), next(NUMBERS)
    Message.objects.update(status="sending", owner_id=alive, tries=1)
    with psycopg.connect(**connection.get_connection_params()) as elsewhere:
        elsewhere.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_CLASS, alive])
        assert rescue(Ghost()) == 0
        message.refresh_from_db()
        assert message.status == "sending"
    assert rescue(Ghost()) == 1


def test_what_a_dead_worker_had_not_begun_simply_waits_again(lin):
    message = letter(lin)
    Message.objects.update(status="sending", owner_id=next(NUMBERS), tries=1)
    assert rescue(Ghost()) == 1
    message.refresh_from_db()
    assert (message.status, message.tries, message.owner_id) == ("queued", 0, None)


def test_an_acceptance_that_comes_late_still_counts(lin):
    """Its worker was taken for dead, and another asked; what the provider took stays taken."""
    message = letter(lin)
    later()
    slow = Postman(Ghost(), lambda _kind: Provider())
    slow._claimed(50)
    slow._begin([message.pk])
    assert rescue(Ghost()) == 1
    slow._settle([delivering.Result(message.pk, "accepted", receipt="r-late")])
    message.refresh_from_db()
    assert (message.status, message.receipt) == ("accepted", "r-late")


def test_whoever_lost_the_claim_does_not_send(lin):
    message, provider = letter(lin), Provider()
    later()
    slow = Postman(Ghost(), lambda _kind: provider)
    _count, free = slow._claimed(50)
    rescue(Ghost())
    slow._send_all("sms", free["sms"], delivering.never)
    message.refresh_from_db()
    assert (provider.calls, message.status) == ([], "queued")


def test_asked_to_stop_it_gives_back_what_it_had_not_begun(lin):
    for key in ("a", "b"):
        letter(lin, key)
    later()
    worker = Postman(Ghost(), lambda _kind: Provider())
    worker.deliver_once(stopping=lambda: True)
    assert set(Message.objects.values_list("status", "tries", "owner_id")) == {("queued", 0, None)}


def test_it_waits_for_the_morning_even_if_it_was_queued_by_day(lin, clock, allow):
    allow(lin, "care")
    clock("2026-11-21T22:00:00+08:00")
    message = letter(lin, purpose="care", run_at=datetime(2026, 11, 21, 4, tzinfo=UTC))
    provider = Provider()
    Postman(Ghost(), lambda _kind: provider).deliver_once()
    message.refresh_from_db()
    assert (message.run_at, message.tries) == (datetime(2026, 11, 22, 0, tzinfo=UTC), 0)
    assert not provider.calls


def test_who_said_no_meanwhile_gets_nothing(lin, allow):
    allow(lin, "care")
    message, provider = letter(lin, purpose="care"), Provider()
    allow(lin, "care", granted=False)
    work(provider)
    message.refresh_from_db()
    assert (message.status, message.error, provider.calls) == ("failed", "consent", [])


def test_a_channel_that_is_not_set_up_holds_up_no_other(lin):
    letter(lin, "a")
    other, provider = letter(lin, "b", channel="email"), Provider()
    later()

    def channel_of(kind):
        if kind == "sms":
            raise Misconfigured("please set WARMLINE_ALIYUN_SIGN")
        return provider

    Postman(Ghost(), channel_of).deliver_once()
    waiting = Message.objects.get(key="a")
    assert (waiting.status, waiting.tries) == ("queued", 0)
    assert "ALIYUN_SIGN" in waiting.error
    other.refresh_from_db()
    assert other.status == "accepted"


def test_a_provider_that_can_never_say_is_not_asked_for_ever(lin):
    class Mute(Remembering):
        def find(self, message, *, since, known=()):
            raise Retry("cannot say")

    message = letter(lin)
    provider = Mute("answer lost")
    work(provider, rounds=3)
    message.refresh_from_db()
    assert (message.status, len(provider.calls)) == ("uncertain", 1)
    Attempt.objects.update(at=now() - timedelta(days=2))
    work(provider)
    message.refresh_from_db()
    assert message.status == "failed"


def test_it_is_not_asked_about_before_their_list_can_show_it(lin):
    message = letter(lin)
    later()
    Postman(Ghost(), lambda _kind: Provider("answer lost")).deliver_once()
    message.refresh_from_db()
    assert message.run_at > now() + ASK_AFTER - timedelta(seconds=5)


FAULTS = st.lists(
    st.sampled_from(
        ["fine", "killed before", "killed after", "busy", "lost on the way", "answer lost"]
    ),
    max_size=6,
)
KINDS = st.sampled_from(["remembers", "merges", "neither"])
ALIVE = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}


def broken_promises(provider, message, faults, kind):
    """What of G9 does not hold after everything that happened."""
    message.refresh_from_db()
    wrong = []
    doubts = sum(f in ("killed before", "killed after", "lost on the way", "answer lost")
                 for f in faults)  # fmt: skip
    twins = len(provider.heard) - 1
    if message.status != "accepted":
        wrong.append("it never arrived")
    if twins > (0 if kind in ("remembers", "merges") else doubts):
        wrong.append("more twins than faults")
    if twins > 0 and not message.repeated:
        wrong.append("a twin that nobody flagged")
    return wrong


@settings(max_examples=60, **ALIVE)
@given(faults=FAULTS, kind=KINDS)
def test_whatever_happens_it_arrives_and_twins_are_rare_and_flagged(lin, faults, kind):
    Attempt.objects.all().delete()
    Message.objects.all().delete()
    message = letter(lin)
    provider = (Remembering if kind == "remembers" else Provider)(*faults, merges=kind == "merges")
    work(provider)
    assert not broken_promises(provider, message, faults, kind)


def test_without_the_written_tries_the_same_machine_sends_twins_unseen(lin):
    """The control: a rescue that simply queues again what a dead worker held."""

    def blind_rescue(_shift):
        Message.objects.filter(owner_id__isnull=False).update(status="queued", owner_id=None)

    message, provider = letter(lin), Remembering("killed after")
    work(provider, rescuing=blind_rescue)
    wrong = broken_promises(provider, message, ["killed after"], "remembers")
    assert wrong == ["more twins than faults", "a twin that nobody flagged"]

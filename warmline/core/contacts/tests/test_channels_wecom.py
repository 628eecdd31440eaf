"""App messages to colleagues: one key for all, one message for one colleague."""

from datetime import timedelta
from itertools import count

import pytest

from warmline.core.contacts.channels import Reason, Refused, Retry, wecom
from warmline.core.contacts.channels.wecom import ShelfInMemory, WeCom
from warmline.core.contacts.tests.posting import EVENING, Letter, evening
from warmline.fakes.rules import Rules
from warmline.fakes.server import Fakes

RULES = Rules(stall_s=2.0)
numbers = count(1)


@pytest.fixture
def fakes():
    with Fakes.running(rules=RULES, clock=evening) as fakes:
        yield fakes


def channel_to(fakes, **changes):
    wanted = {
        "corp_id": RULES.wecom_corp_id,
        "secret": RULES.wecom_secret,
        "agent_id": RULES.wecom_agent_id,
        "clock": evening,
    }
    return WeCom(url=fakes.url, **wanted | changes)


@pytest.fixture
def channel(fakes):
    channel = channel_to(fakes)
    with channel.session:
        yield channel


def letter(**changes):
    number = next(numbers)
    return Letter(**{"key": f"k:{number}", "to": "zhou", "text": f"第 {number} 个约定"} | changes)


def texts(fakes):
    return [line["text"] for line in fakes.journal if line["outcome"] == "accepted"]


def test_many_messages_ask_for_one_key(fakes, channel):
    other = channel_to(fakes, shelf=channel.shelf)
    with other.session:
        receipts = {sender.send(letter()).id for sender in (channel, channel, other)}
    assert len(receipts) == 3
    assert fakes.wecom.asked_for_token == 1


@pytest.mark.parametrize("code", ["40014", "42001"])
def test_a_key_that_ran_out_is_renewed_once(fakes, channel, code):
    channel.send(letter())
    fakes.wecom.expire_tokens() if code == "42001" else fakes.wecom.tokens.clear()
    channel.send(letter())
    assert fakes.wecom.asked_for_token == 2


def test_a_key_that_is_never_right_is_not_asked_for_again_and_again(fakes, channel):
    fakes.book.order("wecom", "40014")
    fakes.book.order("wecom", "40014")
    with pytest.raises(Retry) as retry:
        channel.send(letter())
    assert retry.value.reason is Reason.ACCESS
    assert fakes.wecom.asked_for_token == 2


def test_two_who_find_the_same_stale_key_fetch_one_new_one():
    keys, shelf = count(1), ShelfInMemory(clock=evening)

    def fetch():
        return f"key-{next(keys)}", EVENING + timedelta(hours=2)

    stale = shelf.token(fetch)
    assert shelf.token(fetch, stale=stale) == shelf.token(fetch, stale=stale) == "key-2"


def test_a_key_is_renewed_before_it_runs_out(fakes):
    moments = [EVENING]
    channel = channel_to(fakes, clock=lambda: moments[-1])
    with channel.session:
        channel.send(letter())
        moments.append(EVENING + timedelta(minutes=116))
        channel.send(letter())
    assert fakes.wecom.asked_for_token == 2


CODES = [(code, row) for code, row in wecom.VERDICTS.items() if code not in wecom.STALE_TOKEN]


@pytest.mark.parametrize(("code", "row"), CODES)
def test_each_row_of_the_error_table(fakes, channel, code, row):
    fakes.book.order("wecom", str(code))
    with pytest.raises((Retry, Refused)) as error:
        channel.send(letter())
    assert (error.value.code, error.value.reason) == (str(code), row.reason)
    assert isinstance(error.value, Refused if row.after is None else Retry)
    assert getattr(error.value, "after", None) == row.after


def test_too_fast_and_too_many_at_once_back_off(fakes, channel):
    with pytest.raises(Retry) as retry:
        channel.send(letter(to="zhou0001"))
    assert (retry.value.code, retry.value.after) == ("45009", timedelta(minutes=1))


def test_a_machine_they_do_not_trust_learns_its_own_address():
    with Fakes.running(rules=Rules(wecom_trusted_ips=frozenset()), clock=evening) as fakes:
        channel = channel_to(fakes)
        with channel.session, pytest.raises(Retry) as retry:
            channel.send(letter())
    assert retry.value.code == "60020"
    assert "127.0.0.1" in str(retry.value)
    assert "企业可信IP" in str(retry.value)


@pytest.mark.parametrize("to", ["@all", "@ALL", "zhou|wu", "", "zhou wu", "z" * 65, "周"])
def test_only_one_colleague_is_ever_addressed(fakes, channel, to):
    with pytest.raises(Refused) as refusal:
        channel.send(letter(to=to))
    assert refusal.value.reason is Reason.RECIPIENT
    assert not fakes.journal


def test_someone_they_do_not_know_is_refused(channel):
    with pytest.raises(Refused) as refusal:
        channel.send(letter(to="zhou0002"))
    assert refusal.value.reason is Reason.RECIPIENT


def test_a_cut_line_is_ambiguous_and_sending_again_arrives_once(fakes, channel):
    message = letter(to="zhou0005")
    for _ in range(2):
        with pytest.raises(Retry) as retry:
            channel.send(message)
        assert retry.value.ambiguous
    assert texts(fakes) == [message.text]
    assert fakes.journal[-1]["outcome"] == "duplicate"


def test_silence_is_ambiguous(fakes):
    channel = channel_to(fakes, read_s=0.3)
    with channel.session, pytest.raises(Retry) as retry:
        channel.send(letter(to="zhou0003"))
    assert retry.value.ambiguous


def test_silence_before_there_is_a_key_is_not(fakes):
    with Fakes.running(rules=Rules(delay_s=2.0), clock=evening) as slow:
        channel = channel_to(slow, read_s=0.3)
        with channel.session, pytest.raises(Retry) as retry:
            channel.send(letter())
    assert not retry.value.ambiguous


def test_a_long_text_is_cut_between_two_characters(fakes, channel):
    channel.send(letter(text="奶" * 1000))
    (text,) = texts(fakes)
    assert len(text.encode()) <= 2048
    assert text == "奶" * (len(text) - 1) + "…"


def test_nul_stays_at_home_and_the_subject_comes_first(fakes, channel):
    channel.send(letter(subject="今天", text="两\x00个约定\n请看"))
    assert texts(fakes) == ["今天\n两个约定\n请看"]


@pytest.mark.parametrize("changes", [{"secret": "wrong"}, {"corp_id": "wrong"}, {"agent_id": 1}])
def test_wrong_keys_cost_time_and_are_not_told(fakes, changes):
    channel = channel_to(fakes, **changes)
    with channel.session, pytest.raises(Retry) as retry:
        channel.send(letter())
    assert retry.value.reason is Reason.ACCESS
    assert "wrong" not in str(retry.value)

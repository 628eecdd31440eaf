"""Short messages through both providers, against fakes that check as strictly as they do."""

from datetime import timedelta
from itertools import count

import pytest

from warmline.core.contacts.channels import (
    Reason,
    Refused,
    Remembers,
    Retry,
    aliyun,
    tencent,
)
from warmline.core.contacts.channels.aliyun import Aliyun
from warmline.core.contacts.channels.tencent import Tencent
from warmline.core.contacts.tests.posting import EVENING, Letter, evening
from warmline.fakes.rules import Rules
from warmline.fakes.server import Fakes

RULES = Rules(stall_s=2.0, late_after_s=3600, per_second_max=10_000)
IMPATIENT = {"read_s": 0.3}
PROVIDERS = ["aliyun", "tencent"]
SILENT = "+8613800000003"


@pytest.fixture(scope="module")
def fakes():
    with Fakes.running(rules=RULES, clock=evening) as fakes:
        yield fakes


def channel_to(fakes, provider, **changes):
    if provider == "aliyun":
        wanted = {"key_id": RULES.aliyun_key_id, "key_secret": RULES.aliyun_key_secret}
        return Aliyun(url=fakes.url, **{"clock": evening} | wanted | changes)
    wanted = {
        "secret_id": RULES.tencent_secret_id,
        "secret_key": RULES.tencent_secret_key,
        "app_id": RULES.tencent_app_id,
    }
    return Tencent(url=fakes.url, **{"clock": evening} | wanted | changes)


@pytest.fixture(params=PROVIDERS)
def provider(request):
    return request.param


@pytest.fixture
def channel(fakes, provider):
    channel = channel_to(fakes, provider)
    yield channel
    channel.session.close()


numbers = count(1)


def letter(provider, **changes):
    template = {"aliyun": "SMS_154950909", "tencent": "449739"}[provider]
    return Letter(**{"key": f"k:{next(numbers)}", "template": template} | changes)


def taken(fakes, key):
    return [line for line in fakes.journal if line.get("key") == key and "receipt" in line]


def test_a_message_is_taken_once_with_its_key(fakes, channel, provider):
    message = letter(provider)
    receipt = channel.send(message)
    (line,) = taken(fakes, message.key)
    assert line["receipt"] == receipt.id
    assert (
        list(line["params"])
        == {"aliyun": ["name", "store"], "tencent": ["王女士", "浦东店"]}[provider]
    )


def test_long_chinese_words_and_emoji_arrive_whole(fakes, channel, provider):
    words = "宝宝满月快乐🎉~ *" * 40
    message = letter(provider, params={"words": words})
    channel.send(message)
    params = taken(fakes, message.key)[0]["params"]
    assert words in (params.values() if provider == "aliyun" else params)


def test_nul_and_other_invisible_characters_stay_at_home(fakes, channel, provider):
    message = letter(provider, params={"name": "王\x00女\x1b士\ud800"})
    channel.send(message)
    params = taken(fakes, message.key)[0]["params"]
    assert (params["name"] if provider == "aliyun" else params[0]) == "王女士"


@pytest.mark.parametrize(
    "to", ["", "13800138000", "+861380013800", "+8602161234567", "+86１３８００１３８０００",
           "+8613800138000,+8613900139000", "95188", "+8613800138000\n", "lin@shop.example"],
)  # fmt: skip
def test_what_is_no_mobile_number_never_leaves(fakes, channel, provider, to):
    before = len(fakes.journal)
    with pytest.raises(Refused) as refusal:
        channel.send(letter(provider, to=to))
    assert refusal.value.reason is Reason.RECIPIENT
    assert len(fakes.journal) == before


@pytest.mark.parametrize("missing", ["template", "sign_name"])
def test_without_template_or_signature_nothing_leaves(channel, provider, missing):
    with pytest.raises(Refused) as refusal:
        channel.send(letter(provider, **{missing: ""}))
    assert refusal.value.reason is Reason.TEMPLATE


def test_a_message_without_a_signature_of_its_own_is_signed_by_the_chain(fakes, provider):
    channel, message = channel_to(fakes, provider, sign_name="暖线"), letter(provider, sign_name="")
    with channel.session:
        channel.send(message)
    assert taken(fakes, message.key)[0]["sign_name"] == "暖线"


def test_a_number_with_too_many_today_comes_later(channel, provider):
    with pytest.raises(Retry) as retry:
        channel.send(letter(provider, to="+8613800000001"))
    assert retry.value.reason is Reason.LIMIT
    assert not retry.value.ambiguous
    assert retry.value.after >= timedelta(hours=1)


def test_a_family_that_opted_out_at_the_carrier_is_left_in_peace(channel, provider):
    with pytest.raises(Refused) as refusal:
        channel.send(letter(provider, to="+8613800000002"))
    assert refusal.value.reason is Reason.OPTED_OUT


def test_silence_leaves_it_open_whether_it_left(fakes, provider):
    channel, message = channel_to(fakes, provider, **IMPATIENT), letter(provider, to=SILENT)
    with channel.session, pytest.raises(Retry) as retry:
        channel.send(message)
    assert retry.value.ambiguous
    assert retry.value.reason is Reason.SILENCE
    assert not taken(fakes, message.key)


def test_a_line_cut_after_acceptance_is_ambiguous(fakes, channel, provider):
    message = letter(provider, to="+8613800000005")
    with pytest.raises(Retry) as retry:
        channel.send(message)
    assert retry.value.ambiguous
    assert len(taken(fakes, message.key)) == 1


def test_nobody_at_home_is_not_ambiguous(fakes, provider):
    with Fakes.running(clock=evening) as gone:
        channel = channel_to(gone, provider)
    with channel.session, pytest.raises(Retry) as retry:
        channel.send(letter(provider))
    assert not retry.value.ambiguous


def test_an_ambiguous_message_is_found_by_its_key_at_aliyun(fakes):
    channel, message = channel_to(fakes, "aliyun"), letter("aliyun", to="+8613800010005")
    with channel.session:
        assert isinstance(channel, Remembers)
        assert channel.find(message, since=EVENING) is None
        with pytest.raises(Retry):
            channel.send(message)
        assert channel.find(message, since=EVENING).id == message.key
        assert channel.find(letter("aliyun", to=message.to), since=EVENING) is None


def test_aliyun_is_asked_about_both_days_around_midnight_and_turns_the_page():
    before_midnight = EVENING + timedelta(hours=2, minutes=19)
    moments, message = [before_midnight], letter("aliyun", to="+8613800010006")
    with Fakes.running(rules=Rules(per_number_day_max=60), clock=lambda: moments[-1]) as fakes:
        channel = channel_to(fakes, "aliyun", clock=lambda: moments[-1])
        with channel.session:
            channel.send(message)
            for _ in range(55):
                channel.send(letter("aliyun", to=message.to))
            moments.append(before_midnight + timedelta(minutes=5))
            found = channel.find(message, since=before_midnight)
    assert (found.id, found.delivered) == (message.key, False)


def test_the_number_of_messages_to_one_family_a_day_is_limited(provider):
    with Fakes.running(rules=Rules(per_number_day_max=2), clock=evening) as fakes:
        channel = channel_to(fakes, provider)
        with channel.session:
            for _ in range(2):
                channel.send(letter(provider))
            with pytest.raises(Retry) as retry:
                channel.send(letter(provider))
    assert retry.value.reason is Reason.LIMIT


def test_an_ambiguous_message_is_found_by_number_and_time_at_tencent(fakes):
    message = letter("tencent", to="+8613800020005")
    moments = [EVENING]
    with Fakes.running(rules=Rules(report_after_s=1), clock=lambda: moments[-1]) as fakes:
        channel = channel_to(fakes, "tencent", clock=lambda: moments[-1])
        with channel.session:
            with pytest.raises(Retry):
                channel.send(message)
            assert channel.find(message, since=EVENING) is None
            moments.append(EVENING + timedelta(seconds=5))
            found = channel.find(message, since=EVENING)
            assert found.delivered is True
            assert channel.find(message, since=EVENING, known={found.id}) is None


def test_tencent_gives_our_key_back_once_their_support_has_switched_it_on():
    moments, rules = [EVENING], Rules(tencent_gives_context_back=True)
    first, second = (letter("tencent", to="+8613800020007") for _ in range(2))
    with Fakes.running(rules=rules, clock=lambda: moments[-1]) as fakes:
        channel = channel_to(fakes, "tencent", clock=lambda: moments[-1])
        with channel.session:
            channel.send(first)
            moments.append(EVENING + timedelta(seconds=5))
            assert channel.find(second, since=EVENING) is None
            assert channel.find(first, since=EVENING).delivered is True


CODES = [("aliyun", code) for code in aliyun.VERDICTS] + [("tencent", x) for x in tencent.VERDICTS]


@pytest.mark.parametrize(("provider", "code"), CODES)
def test_each_row_of_the_error_table(fakes, provider, code):
    """A family of codes (`Throttling`) is tried with a member nobody has listed."""
    table = {"aliyun": aliyun.VERDICTS, "tencent": tencent.VERDICTS}[provider]
    said = code if "." in code else f"{code}.Unheard"
    fakes.book.order(provider, said)
    channel = channel_to(fakes, provider)
    with channel.session, pytest.raises((Retry, Refused)) as error:
        channel.send(letter(provider))
    assert (error.value.code, error.value.reason) == (said, table[code].reason)
    if table[code].after is None:
        assert isinstance(error.value, Refused)
    else:
        assert error.value.after == table[code].after
        assert error.value.ambiguous == table[code].ambiguous


def test_an_error_nobody_has_heard_of_is_tried_later(fakes, channel, provider):
    fakes.book.order(provider, "Strange.New.Code")
    with pytest.raises(Retry) as retry:
        channel.send(letter(provider))
    assert not retry.value.ambiguous


def test_a_refused_question_is_no_verdict_on_the_message(fakes, channel, provider):
    fakes.book.order(provider, "isv.NO_RIGHT" if provider == "aliyun" else "FailedOperation.No")
    with pytest.raises(Retry) as retry:
        channel.find(letter(provider), since=EVENING)
    assert not retry.value.ambiguous


SECRETS = [
    ("aliyun", {"key_secret": "wrong"}, "SignatureDoesNotMatch"),
    ("aliyun", {"key_id": "nobody"}, "InvalidAccessKeyId.NotFound"),
    ("tencent", {"secret_key": "wrong"}, "AuthFailure.SignatureFailure"),
    ("tencent", {"secret_id": "nobody"}, "AuthFailure.SecretIdNotFound"),
    ("tencent", {"app_id": "1"}, "UnauthorizedOperation.SmsSdkAppIdVerifyFail"),
]


@pytest.mark.parametrize(("provider", "changes", "code"), SECRETS)
def test_wrong_keys_cost_no_message_only_time(fakes, provider, changes, code):
    channel = channel_to(fakes, provider, **changes)
    with channel.session, pytest.raises(Retry) as retry:
        channel.send(letter(provider))
    assert (retry.value.code, retry.value.reason) == (code, Reason.ACCESS)
    assert not retry.value.ambiguous


SKEWS = [("aliyun", 16, "InvalidTimeStamp.Expired"), ("tencent", 6, "AuthFailure.SignatureExpire")]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("provider", "minutes", "code"), SKEWS)
def test_a_clock_that_is_wrong_is_told_so(fakes, provider, minutes, code, sign):
    wrong = channel_to(fakes, provider, clock=lambda: EVENING + sign * timedelta(minutes=minutes))
    near = channel_to(fakes, provider, clock=lambda: EVENING + sign * timedelta(minutes=4))
    with wrong.session, near.session:
        with pytest.raises(Retry) as retry:
            wrong.send(letter(provider))
        assert (retry.value.code, retry.value.reason) == (code, Reason.CLOCK)
        near.send(letter(provider))


def test_a_replayed_request_is_rejected_and_may_hide_an_accepted_one(fakes):
    channel = channel_to(fakes, "aliyun", nonce=lambda: "the-same-nonce-again")
    with channel.session:
        channel.send(letter("aliyun"))
        with pytest.raises(Retry) as retry:
            channel.send(letter("aliyun"))
    assert retry.value.code == "SignatureNonceUsed"
    assert retry.value.ambiguous


def test_too_many_calls_a_second_are_slowed_down(provider):
    with Fakes.running(rules=Rules(per_second_max=3), clock=evening) as fakes:
        channel = channel_to(fakes, provider)
        with channel.session:
            for _ in range(3):
                channel.send(letter(provider))
            with pytest.raises(Retry) as retry:
                channel.send(letter(provider))
    assert (retry.value.reason, retry.value.after) == (Reason.LIMIT, timedelta(seconds=5))


@pytest.mark.parametrize("to", ["+8613800000001", SILENT, "+8613800000005"])
def test_no_error_tells_a_number_or_a_key(fakes, provider, to):
    channel = channel_to(fakes, provider, **(IMPATIENT if to == SILENT else {}))
    with channel.session, pytest.raises((Retry, Refused)) as error:
        channel.send(letter(provider, to=to))
    for secret in (to[3:], RULES.aliyun_key_secret, RULES.tencent_secret_key, "127.0.0.1"):
        assert secret not in f"{error.value} {error.value.__cause__}"

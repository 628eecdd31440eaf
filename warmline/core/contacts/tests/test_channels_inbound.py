"""What providers post to us: reports, replies, and much that is neither."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warmline.core.contacts.channels import Reply, Unreadable, aliyun, tencent

ALIYUN_REPORT = {
    "phone_number": "13800138000",
    "send_time": "2026-11-21 21:40:22",
    "report_time": "2026-11-21 21:40:30",
    "success": True,
    "err_code": "DELIVERED",
    "err_msg": "用户接收成功",
    "sms_size": "1",
    "biz_id": "900619746936498440^0",
    "out_id": "run-out:17",
}
TENCENT_REPORT = {
    "user_receive_time": "2026-11-21 21:40:30",
    "nationcode": "86",
    "mobile": "13800138000",
    "report_status": "SUCCESS",
    "errmsg": "DELIVRD",
    "description": "用户短信送达成功",
    "sid": "5000:1045710669157053657849499619",
}
AT = datetime(2026, 11, 21, 13, 40, 30, tzinfo=UTC)


def test_a_report_of_aliyun_knows_our_key():
    (report,) = aliyun.reports(json.dumps([ALIYUN_REPORT]))
    assert (report.key, report.receipt) == ("run-out:17", "900619746936498440^0")
    assert (report.phone, report.at, report.delivered) == ("+8613800138000", AT, True)
    assert (report.code, report.text) == ("DELIVERED", "用户接收成功")


def test_a_report_of_tencent_knows_the_receipt():
    reports = tencent.reports(
        json.dumps([TENCENT_REPORT, TENCENT_REPORT | {"report_status": "FAIL", "sid": "2"}])
    )
    assert [(x.receipt, x.delivered) for x in reports] == [
        ("5000:1045710669157053657849499619", True),
        ("2", False),
    ]
    assert (reports[0].key, reports[0].phone, reports[0].at) == ("", "+8613800138000", AT)


def test_the_same_report_posted_again_has_the_same_id():
    first, again = aliyun.reports(json.dumps([ALIYUN_REPORT, ALIYUN_REPORT]))
    (other,) = aliyun.reports(json.dumps([ALIYUN_REPORT | {"phone_number": "13900139000"}]))
    assert first.event_id == again.event_id != other.event_id


def test_a_reply_of_aliyun():
    body = {
        "phone_number": "13800138000",
        "content": "R",
        "sign_name": "暖线",
        "send_time": "2026-11-21 21:40:30",
        "dest_code": "1069000000",
        "sequence_id": 1234567890,
    }
    (reply,) = aliyun.replies(json.dumps([body]))
    assert (reply.phone, reply.text, reply.at) == ("+8613800138000", "R", AT)
    assert (reply.event_id, reply.opts_out) == ("1234567890", True)


def test_a_reply_of_tencent_is_one_object_without_a_number():
    body = {"mobile": "13800138000", "nationcode": "86", "text": "好的\x00", "time": 1795268430}
    (reply,) = tencent.replies(json.dumps(body).encode())
    assert (reply.phone, reply.text, reply.at, reply.opts_out) == (
        "+8613800138000",
        "好的",
        AT,
        False,
    )
    assert tencent.replies(json.dumps(body))[0].event_id == reply.event_id


@pytest.mark.parametrize(
    ("text", "leaves"),
    [("R", True), ("r", True), (" Ｔ ", True), ("td", True), ("TD。", True), ("退订", True),
     ("【退订】", True), ("退 订", True), ("T恤有吗", False), ("退订单怎么弄", False), ("", False),
     ("Re", False), ("谢谢", False)],
)  # fmt: skip
def test_who_asks_to_be_left_in_peace_is(text, leaves):
    assert Reply(phone="", text=text, at=AT, event_id="").opts_out is leaves


READERS = [aliyun.reports, aliyun.replies, tencent.reports, tencent.replies]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe", b"{", b"null", b"3", b'["x"]', b"[{}]", b"[" * 100_000,
     b"[]" + b" " * 2_000_000, b"[" + b",".join([b"{}"] * 2_000) + b"]"],
    ids=lambda body: repr(body[:9]),
)  # fmt: skip
def test_what_no_provider_posts_is_unreadable(read, body):
    with pytest.raises(Unreadable):
        read(body)


@pytest.mark.parametrize("read", READERS)
def test_nothing_new_is_nothing(read):
    assert read(b"[]") == []


@pytest.mark.parametrize("when", ["", "yesterday", "2026-13-01 00:00:00", None, [1]])
def test_a_time_that_is_none_is_unreadable(when):
    with pytest.raises(Unreadable):
        aliyun.reports(json.dumps([ALIYUN_REPORT | {"report_time": when}]))
    with pytest.raises(Unreadable):
        tencent.replies(json.dumps({"mobile": "1", "text": "", "time": when}))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=9,
)


@settings(deadline=None)
@given(values=st.lists(JSON, min_size=len(ALIYUN_REPORT), max_size=len(ALIYUN_REPORT)))
def test_strange_values_are_read_or_refused_but_never_crash(values):
    row = dict(zip(ALIYUN_REPORT, values, strict=True))
    try:
        aliyun.reports(json.dumps([row]))
    except Unreadable:
        return

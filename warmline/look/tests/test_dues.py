"""Where a promise stands, in one word and in a few."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from warmline.look.dues import due

CHENGDU = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=CHENGDU)


@pytest.mark.parametrize(
    ("at", "state", "chinese", "english"),
    [
        (NOW - timedelta(seconds=20), "broken", "刚刚到点", "late now"),
        (NOW - timedelta(minutes=20), "broken", "已过 20 分钟", "20 minutes late"),
        (NOW - timedelta(hours=5), "broken", "已过 5 小时", "5 hours late"),
        (NOW - timedelta(days=3), "broken", "已过 3 天", "3 days late"),
        (NOW + timedelta(seconds=20), "soon", "还有 1 分钟", "1 minute left"),
        (NOW + timedelta(minutes=40), "soon", "还有 40 分钟", "40 minutes left"),
        (NOW.replace(hour=11, minute=5), "quiet", "上午 11:05", "11:05 am"),
        (NOW.replace(hour=12, minute=15), "quiet", "中午 12:15", "12:15 pm"),
        (NOW.replace(hour=15, minute=0), "quiet", "下午 3:00", "3:00 pm"),
        (NOW.replace(hour=20, minute=0), "quiet", "晚上 8:00", "8:00 pm"),
        (NOW.replace(day=22, hour=10, minute=0), "quiet", "明天 10:00", "tomorrow 10:00"),
        (NOW.replace(day=26, hour=10, minute=0), "quiet", "周四 10:00", "Thu 10:00"),
        (NOW.replace(day=30, hour=10, minute=0), "quiet", "11月30日", "30 Nov"),
        (NOW.replace(year=2027, month=1, day=5), "quiet", "2027年1月5日", "5 Jan 2027"),
    ],
)
def test_a_deadline_is_said_as_one_would_say_it(
    at: datetime, state: str, chinese: str, english: str
) -> None:
    with override("zh-hans"):
        found = due(at, now=NOW, zone=CHENGDU)
        assert (found.state, found.words) == (state, chinese)
    with override("en"):
        assert due(at, now=NOW, zone=CHENGDU).words == english


def test_the_shop_s_own_clock_says_which_day_is_tomorrow() -> None:
    at = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)  # one in the morning in Chengdu
    with override("zh-hans"):
        assert due(at, now=NOW, zone=CHENGDU).words == "明天 1:00"
        assert due(at, now=NOW, zone=ZoneInfo("UTC")).words == "下午 5:00"


@pytest.mark.parametrize(
    ("status", "state", "words"),
    [
        ("kept", "kept", "已完成"),
        ("waived", "quiet", "已免除"),
        ("broken", "broken", "已过 2 小时"),
        ("late", "quiet", "迟了，已补上"),
        ("let_off", "quiet", "失约，已免除"),
    ],
)
def test_a_promise_that_is_over_says_how_it_ended(status: str, state: str, words: str) -> None:
    with override("zh-hans"):
        found = due(NOW - timedelta(hours=2), status, now=NOW, zone=CHENGDU)
    assert (found.state, found.words) == (state, words)

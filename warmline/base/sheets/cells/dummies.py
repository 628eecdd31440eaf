"""Cards a shop opened ahead of time, so that the till has some: nobody is behind them."""

import datetime as dt

from warmline.base.sheets.cells.tidy import half_width

DUMMY_NAMES = ("预开卡", "预开", "预制卡", "空白卡", "待激活", "未激活", "测试卡", "散客")
DUMMY_BIRTHDAY = dt.date(1990, 1, 1)
NO_NAMES = ("", "会员", "vip", "顾客", "新会员")


def is_dummy_card(*, name: str, birthday: dt.date | None = None, phone: str | None = None) -> bool:
    """A pre-opened card: its name says so, or it has no name, no phone and the till's birthday."""
    said = half_width(name).lower()
    if any(said.startswith(dummy) for dummy in DUMMY_NAMES):
        return True
    return not phone and said in NO_NAMES and birthday == DUMMY_BIRTHDAY

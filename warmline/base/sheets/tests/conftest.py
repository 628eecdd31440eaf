"""Files as shops bring them, made on the spot."""

from collections.abc import Callable
from pathlib import Path

import pytest

FILES = Path(__file__).parent / "files"
MEMBERS = [
    ["会员卡号", "会员姓名", "手机号", "宝宝生日", "积分"],
    ["VIP001", "王女士", "13912345678", "2026/1/5", "128.5"],
    ["VIP002", "李妈妈", "13812345679", "20260106", "0"],
]
Brought = Callable[..., Path]


@pytest.fixture
def brought(tmp_path: Path) -> Brought:
    """A file with these bytes, or this text in this encoding."""

    def bring(content: str | bytes, *, name: str = "file.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return path

    return bring


def as_csv(rows: list[list[str]], *, mark: str = ",", end: str = "\r\n") -> str:
    return "".join(mark.join(row) + end for row in rows)


def cells_of(rows) -> list[list[str]]:
    return [row.cells for row in rows]

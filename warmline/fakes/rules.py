"""How the fakes behave: whose keys they accept, how fast they tire, what a number provokes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit


class Mood(StrEnum):
    """What the last four digits of a number (or a WeCom user id) provoke."""

    LIMIT = "0001"  # too many messages for this number
    BLACKLIST = "0002"  # this family has opted out at the carrier
    TIMEOUT = "0003"  # nothing happens, for a long time
    LATE = "0004"  # accepted, and delivered late
    CUT = "0005"  # accepted, and the line goes dead before the answer
    LOST = "0006"  # accepted, and never delivered
    GOOD = ""

    @classmethod
    def of(cls, recipient: str) -> "Mood":
        return next((mood for mood in cls if mood and recipient.endswith(mood)), cls.GOOD)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """One evening's rules; the defaults are what `warmline fakes` prints."""

    aliyun_key_id: str = "fake-key-id"
    aliyun_key_secret: str = "fake-key-secret"  # noqa: S105 - it opens only this fake
    tencent_secret_id: str = "fake-secret-id"  # noqa: S105
    tencent_secret_key: str = "fake-secret-key"  # noqa: S105
    tencent_app_id: str = "1400006666"
    tencent_gives_context_back: bool = False  # nor do they, until their support is asked
    wecom_corp_id: str = "ww0000000000000000"
    wecom_secret: str = "fake-secret"  # noqa: S105
    wecom_agent_id: int = 1_000_002
    wecom_trusted_ips: frozenset[str] | None = None
    signs: frozenset[str] | None = None
    reports_to: Mapping[str, str] = field(default_factory=dict)
    replies_to: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    stall_s: float = 30.0
    report_after_s: float = 1.0
    late_after_s: float = 60.0
    post_again_after_s: tuple[float, ...] = (60.0, 300.0, 600.0)
    per_number_day_max: int = 50
    per_second_max: int = 200

    def __post_init__(self) -> None:
        for url in (*self.reports_to.values(), *self.replies_to.values()):
            if not _near(urlsplit(url).hostname):
                raise ValueError(f"fakes post only to this machine, not to {url}")


def _near(host: str | None) -> bool:
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False

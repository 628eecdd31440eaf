"""Which channel a deployment gets; a demo never gets one that leads outside."""

import pytest

from config.environment import Environment
from warmline.core.contacts.channels.aliyun import Aliyun
from warmline.core.contacts.channels.configured import Misconfigured, configured
from warmline.core.contacts.channels.outbox import Outbox
from warmline.core.contacts.channels.smtp import Smtp
from warmline.core.contacts.channels.tencent import Tencent
from warmline.core.contacts.channels.wecom import WeCom
from warmline.core.contacts.tests.posting import Letter

FULL = {
    "channel_sms": "aliyun",
    "channel_email": "smtp",
    "channel_wecom": "wecom",
    "aliyun_key_id": "id",
    "aliyun_key_secret": "secret",
    "aliyun_sign": "暖线",
    "tencent_secret_id": "id",
    "tencent_secret_key": "secret",
    "tencent_app_id": "1400006666",
    "tencent_sign": "暖线",
    "wecom_corp_id": "ww1",
    "wecom_secret": "secret",
    "wecom_agent_id": 1000002,
}
NEAR = "http://127.0.0.1:8025"


def settings(**changes) -> Environment:
    return Environment(**FULL | changes)


def test_by_default_everything_stays_in_the_outbox():
    for kind in ("sms", "email", "wecom"):
        assert isinstance(configured(kind, Environment()), Outbox)


def test_the_outbox_takes_everything_and_sends_nothing():
    assert str(Outbox().send(Letter(to="nobody", template=""))) == "outbox:run-out:17"


@pytest.mark.parametrize(
    ("kind", "changes", "channel"),
    [("sms", {}, Aliyun), ("sms", {"channel_sms": "tencent"}, Tencent),
     ("email", {}, Smtp), ("wecom", {}, WeCom)],
)  # fmt: skip
def test_a_chain_gets_the_channel_it_chose(kind, changes, channel):
    assert isinstance(configured(kind, settings(**changes)), channel)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [("sms", {}), ("sms", {"channel_sms": "tencent"}), ("wecom", {}),
     ("email", {"smtp_host": "smtp.shop.example"}),
     ("sms", {"aliyun_url": "http://127.0.0.1@dysmsapi.aliyuncs.com"}),
     ("sms", {"aliyun_url": "http://127.0.0.1.shop.example"}),
     ("sms", {"aliyun_url": "http://0.0.0.0:8025"}),
     ("sms", {"aliyun_url": "http://192.168.1.2:8025"}),
     ("sms", {"aliyun_url": ""}), ("sms", {"aliyun_url": "http://[::1"})],
)  # fmt: skip
def test_a_demo_reaches_nothing_outside_this_machine(kind, changes):
    with pytest.raises(Misconfigured, match=r"this is a demo.*outbox"):
        configured(kind, settings(demo=True, **changes))


@pytest.mark.parametrize("url", [NEAR, "http://localhost:8025", "http://[::1]:8025"])
def test_a_demo_may_talk_to_the_fakes(url):
    demo = settings(demo=True, aliyun_url=url, wecom_url=url)
    assert isinstance(configured("sms", demo), Aliyun)
    assert isinstance(configured("wecom", demo), WeCom)
    assert isinstance(configured("email", demo), Smtp)


def test_what_is_missing_is_named():
    with pytest.raises(Misconfigured, match="WARMLINE_ALIYUN_KEY_SECRET, WARMLINE_ALIYUN_SIGN"):
        configured("sms", settings(aliyun_key_secret="", aliyun_sign=""))


def test_families_numbers_travel_only_under_tls():
    with pytest.raises(Misconfigured, match="https"):
        configured("sms", settings(aliyun_url="http://dysmsapi.aliyuncs.com"))
    with pytest.raises(Misconfigured, match="TLS"):
        configured("email", settings(smtp_host="smtp.shop.example", smtp_user="warm"))


def test_an_unknown_kind_is_said():
    with pytest.raises(Misconfigured, match="pigeon"):
        configured("pigeon", settings())

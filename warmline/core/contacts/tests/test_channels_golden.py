"""What we send is, byte for byte, what the files beside this test show."""

from datetime import timedelta

import pytest

from warmline.core.contacts.channels.aliyun import Aliyun
from warmline.core.contacts.channels.tencent import Tencent
from warmline.core.contacts.channels.wecom import WeCom
from warmline.core.contacts.tests.posting import EVENING, GOLDEN, Letter, Wire, as_text, evening

ALIYUN_OK = b'{"Code":"OK","Message":"OK","BizId":"900619746936498440^0","RequestId":"r"}'
TENCENT_OK = (
    b'{"Response":{"SendStatusSet":[{"SerialNo":"5000:1045710669157053657849499619",'
    b'"Code":"Ok","Message":"send success"}],"RequestId":"r"}}'
)


def aliyun(wire: Wire) -> Aliyun:
    channel = Aliyun(
        url="https://dysmsapi.aliyuncs.com",
        key_id="key-id",
        key_secret="key-secret",
        clock=evening,
        nonce=lambda: "3156853299f313e23d1673dc12e1703d",
    )
    channel.session.mount("https://", wire)
    return channel


def tencent(wire: Wire) -> Tencent:
    channel = Tencent(
        url="https://sms.tencentcloudapi.com",
        secret_id="secret-id",
        secret_key="secret-key",
        app_id="1400006666",
        clock=evening,
    )
    channel.session.mount("https://", wire)
    return channel


def wecom(wire: Wire) -> WeCom:
    channel = WeCom(
        url="https://qyapi.weixin.qq.com",
        corp_id="ww1",
        secret="s&cret",
        agent_id=1000002,
        clock=evening,
    )
    channel.session.mount("https://", wire)
    return channel


def same_as(name: str, wire: Wire, *, place: int = -1) -> bool:
    return as_text(wire.sent[place]) == (GOLDEN / name).read_text()


def test_an_sms_by_aliyun():
    wire = Wire(ALIYUN_OK)
    assert str(aliyun(wire).send(Letter())) == "900619746936498440^0"
    assert same_as("aliyun_send.http", wire)


def test_a_question_to_aliyun():
    wire = Wire(b'{"Code":"OK","SmsSendDetailDTOs":{"SmsSendDetailDTO":[]}}')
    assert aliyun(wire).find(Letter(), since=EVENING) is None
    assert same_as("aliyun_find.http", wire)


def test_an_sms_by_tencent_has_its_values_in_the_order_of_the_template():
    wire = Wire(TENCENT_OK)
    letter = Letter(template="449739", params=[["store", "浦东店"], ["name", "王女士"]])
    assert str(tencent(wire).send(letter)) == "5000:1045710669157053657849499619"
    assert same_as("tencent_send.http", wire)


def test_a_question_to_tencent():
    wire = Wire(b'{"Response":{"PullSmsSendStatusSet":[],"RequestId":"r"}}')
    assert tencent(wire).find(Letter(), since=EVENING - timedelta(minutes=2)) is None
    assert same_as("tencent_find.http", wire)


@pytest.mark.parametrize(("place", "name"), [(0, "wecom_token.http"), (1, "wecom_send.http")])
def test_an_app_message_by_wecom(place, name):
    wire = Wire(b'{"errcode":0,"errmsg":"ok","access_token":"t","expires_in":7200,"msgid":"m"}')
    assert str(wecom(wire).send(Letter(to="zhou.min", subject="今天的约定"))) == "m"
    assert same_as(name, wire, place=place)

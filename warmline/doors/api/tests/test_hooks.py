"""Webhooks: only from whom we agreed with, fresh, and each event once."""

import base64
import hashlib
import hmac
import json

import pytest
from pydantic import SecretStr

from warmline.base.clock import now
from warmline.core.contacts.channels.wecom_crypto import Callback
from warmline.core.contacts.models import Contact, Message
from warmline.core.people import consenting
from warmline.doors.api.tests.conftest import PHONE
from warmline.goods.sales.models import Sale

pytestmark = pytest.mark.django_db
SECRET = "a shared secret"
ADDRESS = "what-ends-an-address"
AES_KEY = "x" * 43


@pytest.fixture(autouse=True)
def _agreed(settings):
    agreed = {
        "hook_secret": SecretStr(SECRET),
        "provider_secret": SecretStr(ADDRESS),
        "wecom_callback_token": SecretStr("token"),
        "wecom_callback_key": SecretStr(AES_KEY),
        "wecom_corp_id": "corp",
    }
    settings.ENV = settings.ENV.model_copy(update=agreed)


@pytest.fixture
def message(lin):
    return Message.objects.create(
        key="run-out:1",
        household=lin,
        store=lin.store,
        channel="sms",
        purpose="care",
        to=PHONE,
        text="奶粉快喝完了",
        status=Message.Status.ACCEPTED,
        accepted_at=now(),
        receipt="r^0",
    )


def report(**differs):
    said = {
        "phone_number": PHONE[3:],
        "report_time": "2026-11-21 08:59:00",
        "success": True,
        "err_code": "DELIVERED",
        "err_msg": "",
        "biz_id": "r^0",
        "out_id": "run-out:1",
    }
    return [said | differs]


def test_a_report_moves_its_message_on_and_only_on(nobody, message):
    path = f"/hooks/aliyun/reports/{ADDRESS}"
    answer = nobody.post(path, report())
    assert (answer.status_code, answer.json()["code"]) == (200, 0)
    nobody.post(path, report(success=False, err_code="MOBILE_NOT_ON_SERVICE"))
    message.refresh_from_db()
    assert message.status == Message.Status.DELIVERED
    assert message.delivered_at.isoformat() == "2026-11-21T00:59:00+00:00"


def test_a_message_that_did_not_arrive_says_why(nobody, message):
    nobody.post(f"/hooks/aliyun/reports/{ADDRESS}", report(success=False, err_code="BLACK"))
    message.refresh_from_db()
    assert (message.status, message.error) == (Message.Status.FAILED, "BLACK")


def test_tencent_reports_by_receipt(nobody, message):
    said = {
        "user_receive_time": "2026-11-21 08:59:00",
        "nationcode": "86",
        "mobile": PHONE[3:],
        "report_status": "SUCCESS",
        "errmsg": "DELIVRD",
        "sid": "r^0",
    }
    assert nobody.post(f"/hooks/tencent/reports/{ADDRESS}", [said]).json()["result"] == 0
    message.refresh_from_db()
    assert message.status == Message.Status.DELIVERED


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/hooks/aliyun/reports/guessed", 404),
        ("/hooks/aliyun/reports/%C3%A9", 404),
        (f"/hooks/aliyun/elsewhere/{ADDRESS}", 404),
        (f"/hooks/someone/reports/{ADDRESS}", 404),
        (f"/hooks/aliyun/reports/{SECRET.replace(' ', '%20')}", 404),
    ],
)
def test_who_does_not_know_the_address_finds_nothing(nobody, message, path, status):
    assert nobody.post(path, report()).status_code == status


def test_without_a_secret_every_hook_is_shut(nobody, settings, message):
    shut = {"hook_secret": SecretStr(""), "provider_secret": SecretStr("")}
    settings.ENV = settings.ENV.model_copy(update=shut)
    assert nobody.post("/hooks/aliyun/reports/", report()).status_code == 404
    assert signed_post(nobody, {"type": "sales", "data": []}).status_code == 404


def test_what_a_provider_would_never_post_is_refused(nobody, message):
    for body in (b"{", b"[1]", b'"x"', json.dumps(report(report_time="soon")).encode()):
        assert nobody.post(f"/hooks/aliyun/reports/{ADDRESS}", body).status_code == 422


def test_r_withdraws_what_the_family_had_allowed_once(nobody, lin):
    consenting.give(lin, "sales", channel="store")
    said = {
        "phone_number": PHONE[3:],
        "content": "Ｒ",
        "send_time": "2026-11-21 08:59:00",
        "sequence_id": "77",
    }
    for _twice in range(2):
        assert nobody.post(f"/hooks/aliyun/replies/{ADDRESS}", [said]).status_code == 200
    assert not consenting.allowed(lin, "sales")
    contact = Contact.objects.get()
    assert (contact.is_inbound, contact.note) == (True, "Ｒ")


def signed_post(nobody, body, *, event="e1", at=None, secret=SECRET, spoil=b""):
    raw = json.dumps(body).encode()
    at = str(int(now().timestamp())) if at is None else at
    line = f"{event}.{at}.".encode() + raw
    mac = base64.b64encode(hmac.digest(secret.encode(), line, hashlib.sha256)).decode()
    return nobody.post(
        "/hooks/shop",
        raw + spoil,
        webhook_id=event,
        webhook_timestamp=at,
        webhook_signature=f"v1,{mac}",
    )


def test_a_signed_event_posts_its_sales_once(nobody, lin, tin, receipt):
    event = {"type": "sales", "data": [receipt()]}
    first, again = signed_post(nobody, event), signed_post(nobody, event)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert first.json()["posted"] == 1
    assert Sale.objects.get().source == "shop"


def test_a_seen_id_with_other_words_is_refused(nobody, lin, tin, receipt):
    signed_post(nobody, {"type": "sales", "data": [receipt()]})
    other = signed_post(nobody, {"type": "sales", "data": [receipt(document_no="R-2")]})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Sale.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "another"},
        {"secret": ADDRESS},  # who knows a provider's address cannot sign
        {"spoil": b" "},
        {"at": "1795000000"},
        {"at": "tomorrow"},
        {"event": "x" * 81},
    ],
)
def test_forged_stale_or_changed_events_are_refused(nobody, lin, receipt, wrong):
    answer = signed_post(nobody, {"type": "sales", "data": [receipt()]}, **wrong)
    assert answer.status_code == 401
    assert not Sale.objects.exists()


@pytest.mark.parametrize("late_s", [-301, 301])
def test_five_minutes_are_the_limit_both_ways(nobody, lin, tin, receipt, late_s):
    event = {"type": "sales", "data": [receipt()]}
    at = int(now().timestamp())
    assert signed_post(nobody, event, at=str(at + late_s)).status_code == 401
    assert signed_post(nobody, event, at=str(at + late_s // 2)).status_code == 200


@pytest.mark.parametrize("body", [{}, {"type": "sales", "data": []}, {"type": "x", "data": [{}]}])
def test_an_event_that_is_none_is_refused(nobody, body):
    assert signed_post(nobody, body).status_code == 422


def test_wecom_proves_itself_by_its_own_rules(nobody):
    callback = Callback(token="token", aes_key=AES_KEY, receiver="corp")
    at = str(int(now().timestamp()))
    sealed = callback.encrypt("echo")
    query = f"timestamp={at}&nonce=n&msg_signature={callback.sign(at, 'n', sealed)}"
    from urllib.parse import quote

    echo = nobody.get(f"/hooks/wecom?{query}&echostr={quote(sealed)}")
    assert (echo.status_code, echo.content) == (200, b"echo")
    envelope = callback.seal("<xml/>", timestamp=at, nonce="n").encode()
    inner = envelope.split(b"<MsgSignature><![CDATA[")[1].split(b"]")[0].decode()
    path = f"/hooks/wecom?timestamp={at}&nonce=n&msg_signature="
    taken = nobody.post(path + inner, envelope, content_type="text/xml")
    assert (taken.status_code, taken.content) == (200, b"success")
    assert nobody.post(path + "forged", envelope, content_type="text/xml").status_code == 401


def wecom_text(nobody, words, *, number="77", kind="text", who="wm-lin"):
    callback = Callback(token="token", aes_key=AES_KEY, receiver="corp")
    at = str(int(now().timestamp()))
    said = (
        f"<xml><ToUserName><![CDATA[corp]]></ToUserName><FromUserName><![CDATA[{who}]]>"
        f"</FromUserName><CreateTime>{at}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>"
        f"<Content><![CDATA[{words}]]></Content><MsgId>{number}</MsgId><AgentID>1</AgentID></xml>"
    )
    envelope = callback.seal(said, timestamp=at, nonce="n").encode()
    signature = envelope.split(b"<MsgSignature><![CDATA[")[1].split(b"]")[0].decode()
    path = f"/hooks/wecom?timestamp={at}&nonce=n&msg_signature={signature}"
    return nobody.post(path, envelope, content_type="text/xml")


def test_what_a_family_writes_in_wecom_is_a_contact_once(nobody, lin):
    lin.members.update(wecom_id="wm-lin")
    for _twice in range(2):
        assert wecom_text(nobody, "奶粉还有半罐 <3").status_code == 200
    wecom_text(nobody, "退订", who="somebody else")
    wecom_text(nobody, "", number="78", kind="image")
    contact = Contact.objects.get()
    assert (contact.household, contact.medium, contact.is_inbound) == (lin, "wecom", True)
    assert contact.note == "奶粉还有半罐 <3"


def test_a_word_of_refusal_in_wecom_withdraws_consent(nobody, lin):
    lin.members.update(wecom_id="wm-lin")
    consenting.give(lin, "sales", channel="store")
    wecom_text(nobody, "退订")
    assert not consenting.allowed(lin, "sales")


def test_a_wecom_text_without_its_number_is_unreadable(nobody, lin):
    assert wecom_text(nobody, "x", number="").status_code == 422

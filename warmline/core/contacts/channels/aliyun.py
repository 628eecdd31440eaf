"""阿里云短信 (Dysmsapi 2017-05-25): short messages by approved template, with named values."""

import json
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from warmline.base.clock import CHINA, now
from warmline.core.contacts.channels import (
    Outgoing,
    Reason,
    Receipt,
    Refused,
    Reply,
    Report,
    Retry,
    signing,
)
from warmline.core.contacts.channels.inbound import china_time, rows, text_of
from warmline.core.contacts.channels.numbers import from_provider, without_plus
from warmline.core.contacts.channels.templates import approved
from warmline.core.contacts.channels.verdicts import Verdict, later, never, verdict_on
from warmline.core.contacts.channels.wire import Answer, call, session_for
from warmline.core.contacts.channels.words import signature

VERSION = "2017-05-25"
NO_BODY = signing.sha256_hex(b"")
PAGE, PAGES = 50, 10
FAILED, DELIVERED = 2, 3
TAKEN = {"code": 0, "msg": "接收成功"}  # what their push wants to hear, or it posts again

VERDICTS: Mapping[str, Verdict] = {
    "isv.MOBILE_NUMBER_ILLEGAL": never(Reason.RECIPIENT),
    "isv.MOBILE_COUNT_OVER_LIMIT": never(Reason.RECIPIENT),
    "isv.BLACK_KEY_CONTROL_LIMIT": never(Reason.OPTED_OUT),
    "isv.BUSINESS_LIMIT_CONTROL": later(Reason.LIMIT, hours=1),
    "isv.DAY_LIMIT_CONTROL": later(Reason.LIMIT, hours=6),
    "isv.MONTH_LIMIT_CONTROL": later(Reason.LIMIT, hours=24),
    "Throttling": later(Reason.LIMIT, seconds=5),
    "isv.SMS_TEMPLATE_ILLEGAL": never(Reason.TEMPLATE),
    "isv.SMS_SIGNATURE_ILLEGAL": never(Reason.TEMPLATE),
    "isv.SMS_SIGN_ILLEGAL": never(Reason.TEMPLATE),
    "isv.SMS_SIGNATURE_SCENE_ILLEGAL": never(Reason.TEMPLATE),
    "isv.TEMPLATE_MISSING_PARAMETERS": never(Reason.TEMPLATE),
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED": never(Reason.TEMPLATE),
    "isv.EXTEND_CODE_ERROR": never(Reason.TEMPLATE),
    "isv.AMOUNT_NOT_ENOUGH": later(Reason.BALANCE, hours=1),
    "isv.OUT_OF_SERVICE": later(Reason.BALANCE, hours=1),
    "isv.ACCOUNT_NOT_EXISTS": later(Reason.ACCESS, minutes=15),
    "isv.ACCOUNT_ABNORMAL": later(Reason.ACCESS, minutes=15),
    "isv.PRODUCT_UN_SUBSCRIPT": later(Reason.ACCESS, minutes=15),
    "isv.PRODUCT_UNSUBSCRIBE": later(Reason.ACCESS, minutes=15),
    "isv.DENY_IP_RANGE": later(Reason.ACCESS, minutes=15),
    "isp.RAM_PERMISSION_DENY": later(Reason.ACCESS, minutes=15),
    "SignatureDoesNotMatch": later(Reason.ACCESS, minutes=15),
    "IncompleteSignature": later(Reason.ACCESS, minutes=15),
    "InvalidAccessKeyId": later(Reason.ACCESS, minutes=15),
    "Forbidden": later(Reason.ACCESS, minutes=15),
    "InvalidTimeStamp": later(Reason.CLOCK, minutes=5),
    "IllegalTimestamp": later(Reason.CLOCK, minutes=5),
    # Someone on the way sent our request a second time: the first may well have been accepted.
    "SignatureNonceUsed": later(Reason.BUSY, minutes=1, ambiguous=True),
    "isp": later(Reason.BUSY, minutes=1, ambiguous=True),
    "InternalError": later(Reason.BUSY, minutes=1, ambiguous=True),
    "ServiceUnavailable": later(Reason.BUSY, minutes=1, ambiguous=True),
    "isv": never(Reason.CONTENT),  # the rest of theirs are about what we asked for
}
UNKNOWN = later(Reason.BUSY, minutes=10)


def a_nonce() -> str:
    return uuid.uuid4().hex


class Aliyun:
    """Sends through 阿里云, and asks it afterwards about a message that may have left."""

    def __init__(
        self,
        *,
        url: str,
        key_id: str,
        key_secret: str,
        sign_name: str = "",
        templates: Mapping[str, str] = MappingProxyType({}),
        clock: Callable[[], datetime] = now,
        nonce: Callable[[], str] = a_nonce,
        read_s: float = 10.0,
    ) -> None:
        self.url, self.key_id, self.key_secret = url.rstrip("/"), key_id, key_secret
        self.sign_name, self.templates = sign_name, templates
        self.clock, self.nonce, self.read_s = clock, nonce, read_s
        self.session = session_for(url)

    def send(self, message: Outgoing) -> Receipt:
        sign_name = signature(message, self.sign_name)
        if not sign_name:
            raise Refused("SMS needs a signature", reason=Reason.TEMPLATE)
        template, values = approved(message, self.templates)
        params = {
            "PhoneNumbers": without_plus(message.to),
            "SignName": sign_name,
            "TemplateCode": template,
            "TemplateParam": json.dumps(values, ensure_ascii=False),
            "OutId": message.key,
        }
        answer = self._call("SendSms", params)
        return Receipt(id=str(answer.body.get("BizId") or message.key))

    def find(
        self, message: Outgoing, *, since: datetime, known: Collection[str] = ()
    ) -> Receipt | None:
        """The receipt of a message that may have left since then; they keep ours as OutId.

        What they list has no BizId, so the receipt found is our own key.
        """
        for day in self._days(since):
            for sent in self._sent(without_plus(message.to), day):
                if sent.get("OutId") == message.key:
                    arrived = {FAILED: False, DELIVERED: True}.get(sent.get("SendStatus", 0))
                    return Receipt(id=message.key, delivered=arrived)
        return None

    def _days(self, since: datetime) -> list[date]:
        """Their lists are by Chinese calendar day: an attempt before midnight may stand in both."""
        first, last = since.astimezone(CHINA).date(), self.clock().astimezone(CHINA).date()
        return [first + timedelta(days=n) for n in range((last - first).days + 1)][:30]

    def _sent(self, phone: str, day: date) -> Iterator[dict[str, Any]]:
        for page in range(1, PAGES + 1):
            params = {
                "PhoneNumber": phone,
                "SendDate": f"{day:%Y%m%d}",
                "PageSize": str(PAGE),
                "CurrentPage": str(page),
            }
            body = self._call("QuerySendDetails", params, repeatable=True).body
            listed = (body.get("SmsSendDetailDTOs") or {}).get("SmsSendDetailDTO") or []
            yield from listed
            if len(listed) < PAGE:
                return

    def _call(self, action: str, params: Mapping[str, str], *, repeatable: bool = False) -> Answer:
        query = signing.query_string(params)
        headers = self._signed(action, query)
        answer = call(
            self.session,
            "POST",
            f"{self.url}/?{query}",
            headers=headers,
            repeatable=repeatable,
            read_s=self.read_s,
        )
        code = str(answer.body.get("Code", ""))
        if code == "OK":
            return answer
        verdict = verdict_on(code, VERDICTS) or UNKNOWN
        error = verdict.error(code, f"阿里云 {code}: {answer.body.get('Message', '')}"[:300])
        # A question that was refused is no verdict on the message it asks about.
        raise Retry(str(error), reason=error.reason, code=code) if repeatable else error

    def _signed(self, action: str, query: str) -> dict[str, str]:
        parts = urlsplit(self.url)
        headers = {
            "host": parts.netloc,
            "x-acs-action": action,
            "x-acs-version": VERSION,
            "x-acs-date": f"{self.clock().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "x-acs-signature-nonce": self.nonce(),
            "x-acs-content-sha256": NO_BODY,
        }
        authorization = signing.acs3(
            key_id=self.key_id,
            secret=self.key_secret,
            method="POST",
            path=f"{parts.path}/",
            query=query,
            headers=headers,
        )
        return {**headers, "accept": "application/json", "authorization": authorization}


def reports(body: bytes | str) -> list[Report]:
    """What 阿里云 posts when messages arrive or do not; answer with `TAKEN`, or it posts again."""
    return [
        Report(
            key=text_of(row, "out_id"),
            receipt=text_of(row, "biz_id"),
            phone=from_provider(text_of(row, "phone_number")),
            at=china_time(text_of(row, "report_time")),
            delivered=row.get("success") in (True, "true"),
            code=text_of(row, "err_code"),
            text=text_of(row, "err_msg"),
        )
        for row in rows(body, needs=("phone_number", "report_time", "success", "biz_id"))
    ]


def replies(body: bytes | str) -> list[Reply]:
    """What families wrote back (SmsUp); answer with `TAKEN`."""
    return [
        Reply(
            phone=from_provider(text_of(row, "phone_number")),
            text=text_of(row, "content"),
            at=china_time(text_of(row, "send_time")),
            event_id=text_of(row, "sequence_id"),
        )
        for row in rows(body, needs=("phone_number", "content", "send_time", "sequence_id"))
    ]

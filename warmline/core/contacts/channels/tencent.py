"""腾讯云短信 (2021-01-11): short messages by approved template, with values by position."""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from warmline.base.clock import now
from warmline.core.contacts.channels import (
    Outgoing,
    Reason,
    Receipt,
    Refused,
    Reply,
    Report,
    Retry,
    Unreadable,
    signing,
)
from warmline.core.contacts.channels.inbound import china_time, rows, text_of
from warmline.core.contacts.channels.numbers import callable_number, from_provider
from warmline.core.contacts.channels.templates import approved
from warmline.core.contacts.channels.verdicts import Verdict, later, never, verdict_on
from warmline.core.contacts.channels.wire import call, session_for
from warmline.core.contacts.channels.words import signature

VERSION = "2021-01-11"
JSON = "application/json; charset=utf-8"
TAKEN = {"result": 0, "errmsg": "OK"}
FATE = {"SUCCESS": True, "FAIL": False}

VERDICTS: Mapping[str, Verdict] = {
    "InvalidParameterValue.IncorrectPhoneNumber": never(Reason.RECIPIENT),
    "UnsupportedOperation": never(Reason.RECIPIENT),
    "FailedOperation.PhoneNumberInBlacklist": never(Reason.OPTED_OUT),
    "FailedOperation.PhoneNumberOnBlacklist": never(Reason.OPTED_OUT),
    "LimitExceeded.PhoneNumberThirtySecondLimit": later(Reason.LIMIT, seconds=30),
    "LimitExceeded.PhoneNumberOneHourLimit": later(Reason.LIMIT, hours=1),
    "LimitExceeded.DeliveryFrequencyLimit": later(Reason.LIMIT, hours=1),
    "LimitExceeded.PhoneNumberCountLimit": never(Reason.RECIPIENT),
    "LimitExceeded": later(Reason.LIMIT, hours=6),
    "RequestLimitExceeded": later(Reason.LIMIT, seconds=5),
    "FailedOperation.MarketingSendTimeConstraint": later(Reason.LIMIT, hours=1),
    "FailedOperation.TemplateIncorrectOrUnapproved": never(Reason.TEMPLATE),
    "FailedOperation.SignatureIncorrectOrUnapproved": never(Reason.TEMPLATE),
    "FailedOperation.MissingSignature": never(Reason.TEMPLATE),
    "FailedOperation.MissingSignatureList": never(Reason.TEMPLATE),
    "FailedOperation.MissingTemplateList": never(Reason.TEMPLATE),
    "InvalidParameterValue.TemplateParameterFormatError": never(Reason.TEMPLATE),
    "FailedOperation.InsufficientBalanceInSmsPackage": later(Reason.BALANCE, hours=1),
    "UnauthorizedOperation.SerivceSuspendDueToArrears": later(Reason.BALANCE, hours=1),
    "UnauthorizedOperation": later(Reason.ACCESS, minutes=15),
    "InvalidParameterValue.SdkAppIdNotExist": later(Reason.ACCESS, minutes=15),
    "InvalidParameter.AppidAndBizId": later(Reason.ACCESS, minutes=15),
    "AuthFailure.SignatureExpire": later(Reason.CLOCK, minutes=5),
    "InternalError.RequestTimeException": later(Reason.CLOCK, minutes=5),
    "AuthFailure": later(Reason.ACCESS, minutes=15),
    "InternalError": later(Reason.BUSY, minutes=1, ambiguous=True),
    "FailedOperation": never(Reason.CONTENT),
    "InvalidParameter": never(Reason.CONTENT),
    "InvalidParameterValue": never(Reason.CONTENT),
    "MissingParameter": never(Reason.CONTENT),
}
UNKNOWN = later(Reason.BUSY, minutes=10)


class Tencent:
    """Sends through 腾讯云, and asks it afterwards about a number that may have been reached."""

    def __init__(
        self,
        *,
        url: str,
        secret_id: str,
        secret_key: str,
        app_id: str,
        sign_name: str = "",
        templates: Mapping[str, str] = MappingProxyType({}),
        region: str = "ap-guangzhou",
        clock: Callable[[], datetime] = now,
        read_s: float = 10.0,
    ) -> None:
        self.url, self.secret_id, self.secret_key = url.rstrip("/"), secret_id, secret_key
        self.app_id, self.sign_name, self.region = app_id, sign_name, region
        self.templates, self.clock, self.read_s = templates, clock, read_s
        self.session = session_for(url)

    def send(self, message: Outgoing) -> Receipt:
        sign_name = signature(message, self.sign_name)
        if not sign_name:
            raise Refused("SMS needs a signature", reason=Reason.TEMPLATE)
        template, values = approved(message, self.templates)
        asked = {
            "PhoneNumberSet": [callable_number(message.to)],
            "SmsSdkAppId": self.app_id,
            "TemplateId": template,
            "SignName": sign_name,
            "TemplateParamSet": list(values.values()),
            "SessionContext": message.key,
        }
        taken = self._call("SendSms", asked).get("SendStatusSet") or [{}]
        code, said = str(taken[0].get("Code", "")), str(taken[0].get("Message", ""))
        if code != "Ok":
            raise _error(code, said)
        return Receipt(id=str(taken[0].get("SerialNo") or message.key))

    def find(
        self, message: Outgoing, *, since: datetime, known: Collection[str] = ()
    ) -> Receipt | None:
        """A receipt since then that is this message's, or may be: it belongs to no other (`known`).

        They list what the carrier has reported. Our key comes back as SessionContext only after
        their support has switched that on; without it a receipt is told by number and time.
        """
        asked = {
            "BeginTime": int(since.timestamp()),
            "EndTime": int(self.clock().timestamp()) + 1,
            "Offset": 0,
            "Limit": 100,
            "PhoneNumber": callable_number(message.to),
            "SmsSdkAppId": self.app_id,
        }
        answer = self._call("PullSmsSendStatusByPhoneNumber", asked, repeatable=True)
        for status in answer.get("PullSmsSendStatusSet") or []:
            serial, theirs = str(status.get("SerialNo", "")), status.get("SessionContext")
            if theirs == message.key or (not theirs and serial not in known):
                return Receipt(id=serial, delivered=FATE.get(status.get("ReportStatus")))
        return None

    def _call(
        self, action: str, asked: Mapping[str, Any], *, repeatable: bool = False
    ) -> dict[str, Any]:
        body = json.dumps(asked, ensure_ascii=False).encode()
        headers = self._signed(action, body)
        answer = call(
            self.session,
            "POST",
            f"{self.url}/",
            headers=headers,
            data=body,
            repeatable=repeatable,
            read_s=self.read_s,
        )
        response = answer.body.get("Response")
        if not isinstance(response, dict):
            raise Retry("腾讯云: an answer without Response", ambiguous=not repeatable)
        if error := response.get("Error"):
            verdict = _error(str(error.get("Code", "")), str(error.get("Message", "")))
            # A question that was refused is no verdict on the message it asks about.
            raise Retry(str(verdict), reason=verdict.reason) if repeatable else verdict
        return response

    def _signed(self, action: str, body: bytes) -> dict[str, str]:
        at = self.clock().astimezone(UTC)
        signed = {"content-type": JSON, "host": urlsplit(self.url).netloc}
        authorization = signing.tc3(
            secret_id=self.secret_id,
            secret_key=self.secret_key,
            service="sms",
            at=at,
            headers=signed,
            body=body,
        )
        return {
            **signed,
            "x-tc-action": action,
            "x-tc-version": VERSION,
            "x-tc-region": self.region,
            "x-tc-timestamp": str(int(at.timestamp())),
            "authorization": authorization,
        }


def _error(code: str, said: str) -> Retry | Refused:
    verdict = verdict_on(code, VERDICTS) or UNKNOWN
    return verdict.error(code, f"腾讯云 {code}: {said}"[:300])


def reports(body: bytes | str) -> list[Report]:
    """What 腾讯云 posts about arrivals, without our key; answer with `TAKEN`."""
    return [
        Report(
            key="",
            receipt=text_of(row, "sid"),
            phone=_phone(row),
            at=china_time(text_of(row, "user_receive_time")),
            delivered=row.get("report_status") == "SUCCESS",
            code=text_of(row, "errmsg"),
            text=text_of(row, "description"),
        )
        for row in rows(body, needs=("user_receive_time", "mobile", "report_status", "sid"))
    ]


def replies(body: bytes | str) -> list[Reply]:
    """What a family wrote back. They number nothing: same words, same second, same reply."""
    return [
        Reply(
            phone=_phone(row),
            text=text_of(row, "text"),
            at=_unix_time(row["time"]),
            event_id=hashlib.sha256(
                "|".join(text_of(row, name) for name in ("mobile", "time", "text")).encode()
            ).hexdigest()[:32],
        )
        for row in rows(body, needs=("mobile", "text", "time"))
    ]


def _phone(row: dict[str, Any]) -> str:
    return from_provider(text_of(row, "mobile"), country=text_of(row, "nationcode") or "86")


def _unix_time(value: object) -> datetime:
    try:
        return datetime.fromtimestamp(int(str(value)), UTC)
    except (ValueError, OverflowError, OSError):
        raise Unreadable("a time that is none") from None

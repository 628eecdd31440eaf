"""The fake 腾讯云短信: SendSms, PullSmsSendStatusByPhoneNumber, and the reports it posts back."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from warmline.base.clock import CHINA
from warmline.fakes.book import Book, Taken
from warmline.fakes.exchange import Asked, Rejected, Said
from warmline.fakes.postman import Letter, Postman
from warmline.fakes.rules import Mood, Rules

SKEW = timedelta(minutes=5)
PHONE = re.compile(r"\+(?:861[3-9][0-9]{9}|(?!86)[1-9][0-9]{6,14})")
AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256 Credential=(?P<id>[^/,\s]+)/(?P<day>\d{4}-\d\d-\d\d)/sms/tc3_request, "
    r"SignedHeaders=(?P<names>[a-z0-9;-]+), Signature=(?P<signature>[0-9a-f]{64})"
)


class FakeTencent:
    def __init__(self, *, rules: Rules, book: Book, postman: Postman) -> None:
        self.rules, self.book, self.postman = rules, book, postman

    def answer(self, asked: Asked) -> Said:
        action = asked.headers.get("x-tc-action", "")
        try:
            self._check_gate(asked)
            if self.book.too_fast(asked.at, per_second_max=self.rules.per_second_max):
                raise Rejected("RequestLimitExceeded", "请求的次数超过了频率限制")
            if code := self.book.ordered("tencent"):
                raise Rejected(code, "as ordered")
            wanted = self._wanted(asked)
            match action:
                case "SendSms":
                    return self._send(wanted, asked.at)
                case "PullSmsSendStatusByPhoneNumber":
                    return self._pull(wanted, asked.at)
            raise Rejected("InvalidAction", "no such action")
        except Rejected as no:
            self.book.note(at=asked.at, provider="tencent", action=action, outcome=no.code)
            return self._said({"Error": {"Code": no.code, "Message": no.message}})

    def _check_gate(self, asked: Asked) -> None:
        claimed = AUTHORIZATION.fullmatch(asked.headers.get("authorization", ""))
        if not claimed:
            raise Rejected("AuthFailure.InvalidAuthorization", "no TC3 authorization")
        if claimed["id"] != self.rules.tencent_secret_id:
            raise Rejected("AuthFailure.SecretIdNotFound", "no such secret id")
        stamp = asked.headers.get("x-tc-timestamp", "")
        if not stamp.isdigit() or abs(asked.at.timestamp() - int(stamp)) > SKEW.total_seconds():
            raise Rejected("AuthFailure.SignatureExpire", "more than 5 minutes apart")
        day = datetime.fromtimestamp(int(stamp), UTC).date().isoformat()
        names = claimed["names"].split(";")
        if (
            day != claimed["day"]
            or names != sorted(names)
            or not {"content-type", "host"} <= set(names)
        ):
            raise Rejected("AuthFailure.SignatureFailure", "scope or headers do not fit")
        if not hmac.compare_digest(self._signature(asked, names, day), claimed["signature"]):
            raise Rejected("AuthFailure.SignatureFailure", "calculated another signature")

    def _signature(self, asked: Asked, names: list[str], day: str) -> str:
        seal = hashlib.sha256(f"{asked.method}\n{asked.path}\n{asked.raw_query}\n".encode())
        for name in names:
            seal.update(f"{name}:{asked.headers.get(name, '').strip().lower()}\n".encode())
        seal.update(f"\n{';'.join(names)}\n{hashlib.sha256(asked.body).hexdigest()}".encode())
        stamp = asked.headers["x-tc-timestamp"]
        line = f"TC3-HMAC-SHA256\n{stamp}\n{day}/sms/tc3_request\n{seal.hexdigest()}"
        by_day = hmac.new(b"TC3" + self.rules.tencent_secret_key.encode(), day.encode(), "sha256")
        by_service = hmac.new(by_day.digest(), b"sms", "sha256")
        key = hmac.new(by_service.digest(), b"tc3_request", "sha256").digest()
        return hmac.new(key, line.encode(), "sha256").hexdigest()

    def _wanted(self, asked: Asked) -> dict[str, Any]:
        if asked.headers.get("x-tc-version") != "2021-01-11":
            raise Rejected("NoSuchVersion", "no such version")
        if not asked.headers.get("x-tc-region"):
            raise Rejected("MissingParameter", "Region")
        try:
            wanted = json.loads(asked.body)
        except ValueError:
            raise Rejected("FailedOperation.JsonParseFail", "解析请求包体时候失败") from None
        if not isinstance(wanted, dict):
            raise Rejected("InvalidParameter", "参数错误")
        if wanted.get("SmsSdkAppId") != self.rules.tencent_app_id:
            raise Rejected("UnauthorizedOperation.SmsSdkAppIdVerifyFail", "SmsSdkAppId 校验失败")
        return wanted

    def _send(self, wanted: Mapping[str, Any], at: datetime) -> Said:
        phones = wanted.get("PhoneNumberSet")
        if not isinstance(phones, list) or not phones:
            raise Rejected("MissingParameter.EmptyPhoneNumberSet", "传入的号码列表为空")
        params = wanted.get("TemplateParamSet") or []
        if not isinstance(params, list) or not all(isinstance(x, str) for x in params):
            raise Rejected("InvalidParameter", "TemplateParamSet")
        moods = {Mood.of(str(phone)) for phone in phones}
        if Mood.TIMEOUT in moods:
            return Said(stall_s=self.rules.stall_s, cut=True)
        statuses = [self._one(str(phone), wanted, params, at) for phone in phones]
        return self._said({"SendStatusSet": statuses}, cut=Mood.CUT in moods)

    def _one(
        self, phone: str, wanted: Mapping[str, Any], params: list[str], at: datetime
    ) -> dict[str, Any]:
        code, message = self._verdict(phone, wanted, at)
        receipt = ""
        if code == "Ok":
            receipt = self._take(phone, wanted, params, at).receipt
        else:
            self.book.note(at=at, provider="tencent", action="SendSms", to=phone, outcome=code)
        return {
            "SerialNo": receipt,
            "PhoneNumber": phone,
            "Fee": 1 if receipt else 0,
            "SessionContext": wanted.get("SessionContext", ""),
            "Code": code,
            "Message": message,
            "IsoCode": "CN" if phone.startswith("+86") else "",
        }

    def _verdict(self, phone: str, wanted: Mapping[str, Any], at: datetime) -> tuple[str, str]:
        sign, template = wanted.get("SignName", ""), str(wanted.get("TemplateId", ""))
        today = at.astimezone(CHINA).date()
        sent = [x for x in self.book.sent_to(phone, provider="tencent") if x.day == today]
        if not PHONE.fullmatch(phone):
            return "InvalidParameterValue.IncorrectPhoneNumber", "incorrect phone number"
        if not sign or (self.rules.signs is not None and sign not in self.rules.signs):
            return "FailedOperation.SignatureIncorrectOrUnapproved", "签名未审批或格式错误"
        if not template.isdigit():
            return "FailedOperation.TemplateIncorrectOrUnapproved", "模板未审批或内容不匹配"
        mood = Mood.of(phone)
        if mood is Mood.LIMIT or len(sent) >= self.rules.per_number_day_max:
            return "LimitExceeded.PhoneNumberDailyLimit", "单个手机号日下发短信条数超过设定的上限"
        if mood is Mood.BLACKLIST:
            return "FailedOperation.PhoneNumberInBlacklist", "手机号在免打扰名单库中"
        return "Ok", "send success"

    def _take(
        self, phone: str, wanted: Mapping[str, Any], params: list[str], at: datetime
    ) -> Taken:
        mood = Mood.of(phone)
        wait = self.rules.late_after_s if mood is Mood.LATE else self.rules.report_after_s
        taken = Taken(
            provider="tencent",
            to=phone,
            key=str(wanted.get("SessionContext", "")),
            receipt=f"5000:{1_000_000_000_000_000_000 + self.book.number()}",
            at=at,
            known_at=at + timedelta(seconds=wait),
            delivered=mood is not Mood.LOST,
            template=str(wanted["TemplateId"]),
            sign_name=wanted["SignName"],
            params=params,
        )
        self.book.take(taken)
        self.postman.post_later(Letter("tencent", "reports", [_report(taken)]), after_s=wait)
        return taken

    def _pull(self, wanted: Mapping[str, Any], at: datetime) -> Said:
        begin, end = wanted.get("BeginTime"), wanted.get("EndTime", at.timestamp())
        if not isinstance(begin, int) or wanted.get("Offset") != 0:
            raise Rejected("InvalidParameterValue.BeginTimeVerifyFail", "BeginTime")
        if not isinstance(limit := wanted.get("Limit"), int) or not 1 <= limit <= 100:
            raise Rejected("InvalidParameterValue.LimitVerifyFail", "Limit")
        sent = self.book.sent_to(str(wanted.get("PhoneNumber", "")), provider="tencent")
        known = [x for x in sent if x.known_at <= at and begin <= x.known_at.timestamp() <= end]
        back = self.rules.tencent_gives_context_back
        listed = [
            _status(taken) | {"SessionContext": taken.key if back else ""}
            for taken in known[:limit]
        ]
        return self._said({"PullSmsSendStatusSet": listed})

    def _said(self, response: dict[str, Any], *, cut: bool = False) -> Said:
        request_id = f"fake-{self.book.number():012d}"
        return Said(body={"Response": response | {"RequestId": request_id}}, cut=cut)


def reply(*, phone: str, text: str, at: datetime, number: int) -> Letter:
    """A family writes back."""
    body = {
        "extend": str(number),
        "mobile": phone.removeprefix("+86"),
        "nationcode": "86",
        "sign": "暖线",
        "text": text,
        "time": int(at.timestamp()),
    }
    return Letter("tencent", "replies", body)


def _report(taken: Taken) -> dict[str, Any]:
    return {
        "user_receive_time": _local(taken.known_at),
        "nationcode": "86",
        "mobile": taken.to.removeprefix("+86"),
        "report_status": "SUCCESS" if taken.delivered else "FAIL",
        "errmsg": "DELIVRD" if taken.delivered else "UNDELIV",
        "description": "用户短信送达成功" if taken.delivered else "空号",
        "sid": taken.receipt,
    }


def _status(taken: Taken) -> dict[str, Any]:
    return {
        "UserReceiveTime": int(taken.known_at.timestamp()),
        "CountryCode": "86",
        "SubscriberNumber": taken.to.removeprefix("+86"),
        "PhoneNumber": taken.to,
        "SerialNo": taken.receipt,
        "ReportStatus": "SUCCESS" if taken.delivered else "FAIL",
        "Description": "DELIVRD" if taken.delivered else "UNDELIV",
    }


def _local(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"

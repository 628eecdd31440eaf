"""The fake 阿里云短信: SendSms and QuerySendDetails, and the reports it posts back."""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from warmline.base.clock import CHINA
from warmline.fakes import aliyun_gate
from warmline.fakes.book import Book, Taken
from warmline.fakes.exchange import Asked, Rejected, Said
from warmline.fakes.postman import Letter, Postman
from warmline.fakes.rules import Mood, Rules

PHONE = re.compile(r"(?:\+?86|0086)?1[3-9][0-9]{9}|[1-9][0-9]{6,14}")
TEMPLATE = re.compile(r"SMS_[0-9]{1,20}")


class FakeAliyun:
    def __init__(self, *, rules: Rules, book: Book, postman: Postman) -> None:
        self.rules, self.book, self.postman = rules, book, postman

    def answer(self, asked: Asked) -> Said:
        action = asked.headers.get("x-acs-action", "")
        try:
            aliyun_gate.check(asked, rules=self.rules, book=self.book)
            if self.book.too_fast(asked.at, per_second_max=self.rules.per_second_max):
                raise Rejected("Throttling.User", "denied due to user flow control", status=400)
            if code := self.book.ordered("aliyun"):
                raise Rejected(code, "as ordered", status=200 if code[:2] == "is" else 400)
            match action:
                case "SendSms":
                    return self._send(asked)
                case "QuerySendDetails":
                    return self._details(asked)
            raise Rejected("InvalidAction.NotFound", "no such action", status=404)
        except Rejected as no:
            self.book.note(
                at=asked.at,
                provider="aliyun",
                action=action,
                to=asked.query.get("PhoneNumbers", asked.query.get("PhoneNumber", "")),
                key=asked.query.get("OutId", ""),
                outcome=no.code,
            )
            return Said(body=self._body(no.code, no.message), status=no.status)

    def _send(self, asked: Asked) -> Said:
        wanted = asked.query
        phone = wanted.get("PhoneNumbers", "")
        params = self._checked(wanted)
        mood = Mood.of(phone)
        if mood is Mood.TIMEOUT:
            return Said(stall_s=self.rules.stall_s, cut=True)
        self._check_number(phone, mood, asked.at)
        taken = self._take(wanted, phone, params, mood, asked.at)
        answer = self._body("OK", "OK") | {"BizId": taken.receipt}
        return Said(body=answer, cut=mood is Mood.CUT)

    def _checked(self, wanted: Mapping[str, str]) -> dict[str, str]:
        if not PHONE.fullmatch(wanted.get("PhoneNumbers", "")):
            raise Rejected("isv.MOBILE_NUMBER_ILLEGAL", "invalid mobile number")
        sign = wanted.get("SignName", "")
        if not sign or (self.rules.signs is not None and sign not in self.rules.signs):
            raise Rejected("isv.SMS_SIGNATURE_ILLEGAL", "该账号下找不到对应签名")
        if not TEMPLATE.fullmatch(wanted.get("TemplateCode", "")):
            raise Rejected("isv.SMS_TEMPLATE_ILLEGAL", "该账号下找不到对应模板")
        try:
            params = json.loads(wanted.get("TemplateParam") or "{}")
        except ValueError:
            params = None
        if not isinstance(params, dict) or not all(isinstance(x, str) for x in params.values()):
            raise Rejected("isv.INVALID_JSON_PARAM", "参数格式错误")
        if len(wanted.get("OutId", "")) > 256:
            raise Rejected("isv.INVALID_PARAMETERS", "OutId")
        return params

    def _check_number(self, phone: str, mood: Mood, at: datetime) -> None:
        today = at.astimezone(CHINA).date()
        sent = [x for x in self.book.sent_to(phone, provider="aliyun") if x.day == today]
        if mood is Mood.LIMIT or len(sent) >= self.rules.per_number_day_max:
            raise Rejected("isv.BUSINESS_LIMIT_CONTROL", "触发天级流控Permits:50")
        if mood is Mood.BLACKLIST:
            raise Rejected("isv.BLACK_KEY_CONTROL_LIMIT", "黑名单管控")

    def _take(
        self,
        wanted: Mapping[str, str],
        phone: str,
        params: dict[str, str],
        mood: Mood,
        at: datetime,
    ) -> Taken:
        wait = self.rules.late_after_s if mood is Mood.LATE else self.rules.report_after_s
        taken = Taken(
            provider="aliyun",
            to=phone,
            key=wanted.get("OutId", ""),
            receipt=f"{900_000_000_000_000_000 + self.book.number()}^0",
            at=at,
            known_at=at + timedelta(seconds=wait),
            delivered=mood is not Mood.LOST,
            template=wanted["TemplateCode"],
            sign_name=wanted["SignName"],
            params=params,
        )
        self.book.take(taken)
        self.postman.post_later(Letter("aliyun", "reports", [_report(taken)]), after_s=wait)
        return taken

    def _details(self, asked: Asked) -> Said:
        wanted = asked.query
        try:
            day = datetime.strptime(wanted.get("SendDate", ""), "%Y%m%d").date()
            size, page = int(wanted["PageSize"]), int(wanted["CurrentPage"])
        except (ValueError, KeyError):
            raise Rejected("isv.INVALID_PARAMETERS", "参数异常") from None
        if not 1 <= size <= 50 or page < 1:
            raise Rejected("isv.INVALID_PARAMETERS", "参数异常")
        sent = self.book.sent_to(wanted.get("PhoneNumber", ""), provider="aliyun")
        listed = [taken for taken in reversed(sent) if taken.day == day]
        shown = [_detail(taken, asked.at) for taken in listed[(page - 1) * size : page * size]]
        body = {"TotalCount": str(len(listed)), "SmsSendDetailDTOs": {"SmsSendDetailDTO": shown}}
        return Said(body=self._body("OK", "OK") | body)

    def _body(self, code: str, message: str) -> dict[str, Any]:
        return {"Code": code, "Message": message, "RequestId": f"FAKE-{self.book.number():012d}"}


def reply(*, phone: str, text: str, at: datetime, number: int) -> Letter:
    """A family writes back (SmsUp)."""
    return Letter(
        "aliyun",
        "replies",
        [
            {
                "phone_number": phone.removeprefix("+86"),
                "send_time": _local(at),
                "content": text,
                "sign_name": "暖线",
                "dest_code": "1069000000",
                "sequence_id": number,
            }
        ],
    )


def _report(taken: Taken) -> dict[str, Any]:
    return {
        "phone_number": taken.to,
        "send_time": _local(taken.at),
        "report_time": _local(taken.known_at),
        "success": taken.delivered,
        "err_code": "DELIVERED" if taken.delivered else "MK:0001",
        "err_msg": "用户接收成功" if taken.delivered else "空号",
        "sms_size": "1",
        "biz_id": taken.receipt,
        "out_id": taken.key,
    }


def _detail(taken: Taken, at: datetime) -> dict[str, Any]:
    known = at >= taken.known_at
    status = (3 if taken.delivered else 2) if known else 1
    return {
        "PhoneNum": taken.to,
        "OutId": taken.key,
        "SendStatus": status,
        "ErrCode": {1: "", 2: "MK:0001", 3: "DELIVERED"}[status],
        "TemplateCode": taken.template,
        "Content": f"【{taken.sign_name}】{json.dumps(taken.params, ensure_ascii=False)}",
        "SendDate": _local(taken.at),
        "ReceiveDate": _local(taken.known_at) if known else "",
    }


def _local(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"

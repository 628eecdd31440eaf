"""Webhooks: what message providers report, and signed posts of systems that we agreed with.

阿里云 and 腾讯云 sign nothing: their address ends in a secret of its own, which stands in their console
and in their logs, so it opens nothing else. 企业微信 signs and seals by its own rules. Everybody else
signs `id.timestamp.body`, at most five minutes old; an id that was seen has no second effect (G12).
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

import pydantic
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST

from warmline.base.clock import now
from warmline.base.idempotency import once
from warmline.core.contacts.channels import Unreadable, aliyun, tencent, wecom_replies
from warmline.core.contacts.channels.wecom_crypto import Callback, Forged
from warmline.core.contacts.reports import take_reports
from warmline.doors.api import problems
from warmline.doors.api.problems import Problem
from warmline.goods.sales import posting
from warmline.goods.sales.receipts import SaleIn
from warmline.service.desk.hearing import hear

SKEW_S = 300
Taker = Callable[[bytes], Any]

PROVIDERS: Mapping[tuple[str, str], tuple[Taker, Any]] = {
    ("aliyun", "reports"): (
        lambda body: take_reports(aliyun.reports(body)),
        aliyun.TAKEN,
    ),
    ("aliyun", "replies"): (
        lambda body: hear(aliyun.replies(body)),
        aliyun.TAKEN,
    ),
    ("tencent", "reports"): (
        lambda body: take_reports(tencent.reports(body)),
        tencent.TAKEN,
    ),
    ("tencent", "replies"): (
        lambda body: hear(tencent.replies(body)),
        tencent.TAKEN,
    ),
}


class Event(pydantic.BaseModel):
    """A signed post: what kind of news, and the news."""

    type: str
    data: list[SaleIn] = pydantic.Field(min_length=1, max_length=500)


@require_POST
def provider(request: HttpRequest, name: str, what: str, secret: str) -> HttpResponse:
    """Delivery reports and replies; answered as the provider wants it, or it posts again."""
    if not _is_secret(secret) or (name, what) not in PROVIDERS:
        raise Http404
    take, taken = PROVIDERS[name, what]
    try:
        take(request.body)
    except Unreadable as error:
        raise Problem(422, "unreadable", str(error)) from error
    return JsonResponse(taken)


@require_http_methods(["GET", "POST"])
def wecom(request: HttpRequest) -> HttpResponse:
    """企业微信 checks the address once, and posts what people write to the app."""
    env = settings.ENV
    token, key = (s.get_secret_value() for s in (env.wecom_callback_token, env.wecom_callback_key))
    if not token or not key:
        raise Http404
    callback = Callback(token=token, aes_key=key, receiver=env.wecom_corp_id)
    said = {
        "signature": request.GET.get("msg_signature", ""),
        "timestamp": request.GET.get("timestamp", ""),
        "nonce": request.GET.get("nonce", ""),
    }
    try:
        if request.method == "GET":
            echo = callback.echo(**said, echostr=request.GET.get("echostr", ""))
            return HttpResponse(echo, content_type="text/plain; charset=utf-8")
        hear(wecom_replies.replies(callback.open(**said, body=request.body)))
    except Forged as error:
        raise Problem(401, "signature", str(error)) from error
    except Unreadable as error:
        raise Problem(422, "unreadable", str(error)) from error
    return HttpResponse("success", content_type="text/plain")


@require_POST
def signed(request: HttpRequest, source: str) -> HttpResponseBase:
    """A signed post of another system: `{"type": "sales", "data": [receipt, …]}`."""
    event_id = _checked_signature(request)

    def take() -> HttpResponse:
        try:
            event = Event.model_validate_json(request.body)
        except pydantic.ValidationError as error:
            return problems.answer(problems.of(error))
        if event.type != "sales":
            return problems.answer(Problem(422, "unknown_type"))
        answer = posting.receive(event.data, source=source, single=False)
        return HttpResponse(answer.body, status=answer.status, content_type="application/json")

    return once(request, take, scope=f"hook:{source}", key=event_id)


def _is_secret(said: str) -> bool:
    secret = settings.ENV.provider_secret.get_secret_value()
    return bool(secret) and hmac.compare_digest(secret.encode(), said.encode())


def _checked_signature(request: HttpRequest) -> str:
    """The event's id, once it is sure who sent it and when."""
    secret = settings.ENV.hook_secret.get_secret_value()
    if not secret:
        raise Http404
    event_id = request.headers.get("Webhook-Id", "")
    timestamp = request.headers.get("Webhook-Timestamp", "")
    if not 0 < len(event_id) <= 80 or not timestamp.isdecimal() or len(timestamp) > 12:
        raise Problem(401, "signature")
    line = f"{event_id}.{timestamp}.".encode() + request.body
    mine = b"v1," + base64.b64encode(hmac.digest(secret.encode(), line, hashlib.sha256))
    theirs = request.headers.get("Webhook-Signature", "").split(" ")
    if not any(hmac.compare_digest(mine, one.encode()) for one in theirs):
        raise Problem(401, "signature")
    if abs(now().timestamp() - int(timestamp)) > SKEW_S:
        raise Problem(401, "stale")
    return event_id

"""Which channel a kind of message takes, as this deployment's settings say."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from warmline.core.contacts.channels import Channel, templates
from warmline.core.contacts.channels.aliyun import Aliyun
from warmline.core.contacts.channels.outbox import Outbox
from warmline.core.contacts.channels.smtp import Smtp
from warmline.core.contacts.channels.tencent import Tencent
from warmline.core.contacts.channels.wecom import TokenShelf, WeCom
from warmline.core.contacts.channels.wire import is_loopback

if TYPE_CHECKING:
    from config.environment import Environment


class Misconfigured(Exception):
    """The settings ask for something that cannot or must not be; the text says what to set."""


def configured(kind: str, settings: "Environment", *, shelf: TokenShelf | None = None) -> Channel:
    """The channel for `sms`, `email` or `wecom`; build it once and keep it."""
    match chosen := {
        "sms": settings.channel_sms,
        "email": settings.channel_email,
        "wecom": settings.channel_wecom,
    }.get(kind):
        case "outbox":
            return Outbox()
        case "aliyun":
            return _aliyun(settings)
        case "tencent":
            return _tencent(settings)
        case "smtp":
            return _smtp(settings)
        case "wecom":
            return _wecom(settings, shelf)
    raise Misconfigured(f"no channel {chosen or kind}")


def _aliyun(settings: "Environment") -> Aliyun:
    _at_home(settings, "WARMLINE_ALIYUN_URL", settings.aliyun_url)
    secret = settings.aliyun_key_secret.get_secret_value()
    _filled(
        WARMLINE_ALIYUN_KEY_ID=settings.aliyun_key_id,
        WARMLINE_ALIYUN_KEY_SECRET=secret,
        WARMLINE_ALIYUN_SIGN=settings.aliyun_sign,
    )
    return Aliyun(
        url=settings.aliyun_url,
        key_id=settings.aliyun_key_id,
        key_secret=secret,
        sign_name=settings.aliyun_sign,
        templates=templates.read(settings.sms_templates),
    )


def _tencent(settings: "Environment") -> Tencent:
    _at_home(settings, "WARMLINE_TENCENT_URL", settings.tencent_url)
    secret = settings.tencent_secret_key.get_secret_value()
    _filled(
        WARMLINE_TENCENT_SECRET_ID=settings.tencent_secret_id,
        WARMLINE_TENCENT_SECRET_KEY=secret,
        WARMLINE_TENCENT_APP_ID=settings.tencent_app_id,
        WARMLINE_TENCENT_SIGN=settings.tencent_sign,
    )
    return Tencent(
        url=settings.tencent_url,
        secret_id=settings.tencent_secret_id,
        secret_key=secret,
        app_id=settings.tencent_app_id,
        sign_name=settings.tencent_sign,
        templates=templates.read(settings.sms_templates),
        region=settings.tencent_region,
    )


def _smtp(settings: "Environment") -> Smtp:
    if settings.demo and not is_loopback(settings.smtp_host):
        raise _far_away("WARMLINE_SMTP_HOST")
    try:
        return Smtp(
            host=settings.smtp_host,
            port=settings.smtp_port,
            sender=settings.smtp_from,
            user=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
            tls=settings.smtp_tls,
        )
    except ValueError as error:
        raise Misconfigured(str(error)) from None


def _wecom(settings: "Environment", shelf: TokenShelf | None) -> WeCom:
    _at_home(settings, "WARMLINE_WECOM_URL", settings.wecom_url)
    secret = settings.wecom_secret.get_secret_value()
    _filled(
        WARMLINE_WECOM_CORP_ID=settings.wecom_corp_id,
        WARMLINE_WECOM_SECRET=secret,
        WARMLINE_WECOM_AGENT_ID=str(settings.wecom_agent_id or ""),
    )
    return WeCom(
        url=settings.wecom_url,
        corp_id=settings.wecom_corp_id,
        secret=secret,
        agent_id=settings.wecom_agent_id,
        shelf=shelf,
    )


def _at_home(settings: "Environment", name: str, url: str) -> None:
    """A demo talks to this machine only; a real chain talks to providers only under TLS."""
    try:
        scheme, host = urlsplit(url).scheme, urlsplit(url).hostname
    except ValueError:
        scheme, host = "", None
    near = is_loopback(host)
    if settings.demo and not near:
        raise _far_away(name)
    if scheme != "https" and not (near and scheme == "http"):
        raise Misconfigured(f"{name} has to begin with https://")


def _far_away(name: str) -> Misconfigured:
    return Misconfigured(
        f"this is a demo: it sends nothing to the outside. Point {name} at this machine"
        " (`warmline fakes`), or leave the channel at outbox"
    )


def _filled(**settings: str) -> None:
    if missing := [name for name, value in settings.items() if not value]:
        raise Misconfigured(f"please set {', '.join(missing)}")

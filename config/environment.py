"""Every setting of a deployment, typed, with its default; each is read from the environment.

What a chain tunes while it works (playbooks, hours, budgets) is a row with a form, not a setting.
"""

from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Environment(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="WARMLINE_", extra="ignore")

    data: Path = Field(
        default=ROOT / "var", description="Where database, keys and files of this chain live"
    )
    database_url: str = Field(
        default="",
        validation_alias=AliasChoices("DATABASE_URL", "WARMLINE_DATABASE_URL"),
        description="A PostgreSQL ≥ 15; empty: the embedded one under the data directory",
    )
    testing: bool = Field(
        default=False, description="Lets the clock follow the file WARMLINE_CLOCK"
    )
    debug: bool = Field(default=False, description="Show tracebacks in the browser")
    demo: bool = Field(
        default=False, description="Believable families, and no message leaves the machine"
    )
    hosts: str = Field(
        default="*", description="Host names the web server answers to, comma separated"
    )
    origins: str = Field(
        default="", description="Origins trusted behind a proxy, e.g. https://shop.example"
    )
    site: str = Field(
        default="",
        description="Where families reach this site, for links in messages; empty: the first origin",
    )
    https: bool = Field(
        default=False, description="The site is reached by HTTPS: secure cookies, HSTS"
    )
    proxies: int = Field(
        default=0, description="How many proxies of ours stand in front (for the caller's IP)"
    )
    time_zone: str = Field(
        default="Asia/Shanghai", description="The zone of a store that names none"
    )
    session_hours: int = Field(
        default=12, description="How long a guide stays signed in without a touch"
    )
    api_per_second: int = Field(
        default=5_000, description="Requests a token may make, in each web process"
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""),
        description="Lets other machines read /metrics; empty: this machine alone",
    )
    hook_secret: SecretStr = Field(
        default=SecretStr(""),
        description="Signs what other systems post to /api/v1/hooks/NAME; empty: they are shut",
    )
    provider_secret: SecretStr = Field(
        default=SecretStr(""),
        description="Ends the addresses that SMS providers post to; another one than the hooks'",
    )

    webhook_networks: str = Field(
        default="",
        description="Private networks that subscriptions may post to, e.g. 10.0.0.0/8, comma separated",
    )

    channel_sms: Literal["outbox", "aliyun", "tencent"] = Field(
        default="outbox", description="Who sends SMS"
    )
    channel_email: Literal["outbox", "smtp"] = Field(
        default="outbox", description="Who sends e-mail"
    )
    channel_wecom: Literal["outbox", "wecom"] = Field(
        default="outbox", description="Who sends app messages"
    )
    sms_templates: str = Field(
        default="",
        description="Which approved SMS template is for which kind of message, see docs/channels.md",
    )
    aliyun_url: str = "https://dysmsapi.aliyuncs.com"
    aliyun_key_id: str = ""
    aliyun_key_secret: SecretStr = SecretStr("")
    aliyun_sign: str = ""
    tencent_url: str = "https://sms.tencentcloudapi.com"
    tencent_secret_id: str = ""
    tencent_secret_key: SecretStr = SecretStr("")
    tencent_app_id: str = ""
    tencent_sign: str = ""
    tencent_region: str = "ap-guangzhou"
    imap_host: str = Field(default="", description="Mailbox of the desk; empty: none is read")
    imap_port: int = 993
    imap_tls: bool = True
    imap_user: str = ""
    imap_password: SecretStr = SecretStr("")
    imap_every_s: int = Field(default=60, ge=1, description="How often the mailbox is looked into")
    imap_store: str = Field(
        default="", description="Code of the store that answers letters; empty: the first one"
    )
    smtp_host: str = "localhost"
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: str = "warmline@localhost"
    smtp_tls: Literal["none", "starttls", "tls"] = "none"
    wecom_url: str = "https://qyapi.weixin.qq.com"
    wecom_corp_id: str = ""
    wecom_secret: SecretStr = SecretStr("")
    wecom_agent_id: int = 0
    wecom_callback_token: SecretStr = SecretStr("")
    wecom_callback_key: SecretStr = SecretStr("")

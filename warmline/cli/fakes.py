"""`warmline fakes`: 阿里云, 腾讯云 and 企业微信 on this machine, for trying things out."""

import click

from warmline.fakes.rules import Rules
from warmline.fakes.server import Fakes

SETTINGS = """\
# Point Warmline at the fakes:
WARMLINE_CHANNEL_SMS=aliyun            # or tencent
WARMLINE_SMS_TEMPLATES=*=SMS_1000      # tencent: *=1000
WARMLINE_CHANNEL_WECOM=wecom
WARMLINE_ALIYUN_URL={url}
WARMLINE_ALIYUN_KEY_ID={rules.aliyun_key_id}
WARMLINE_ALIYUN_KEY_SECRET={rules.aliyun_key_secret}
WARMLINE_ALIYUN_SIGN=暖线
WARMLINE_TENCENT_URL={url}
WARMLINE_TENCENT_SECRET_ID={rules.tencent_secret_id}
WARMLINE_TENCENT_SECRET_KEY={rules.tencent_secret_key}
WARMLINE_TENCENT_APP_ID={rules.tencent_app_id}
WARMLINE_TENCENT_SIGN=暖线
WARMLINE_WECOM_URL={url}
WARMLINE_WECOM_CORP_ID={rules.wecom_corp_id}
WARMLINE_WECOM_SECRET={rules.wecom_secret}
WARMLINE_WECOM_AGENT_ID={rules.wecom_agent_id}

# Numbers that end so: 0001 limit · 0002 blacklist · 0003 no answer · 0004 delivered late
#                      0005 accepted, then cut off · 0006 never delivered
# An error next: curl {url}/order -d '{{"provider":"aliyun","code":"isv.OUT_OF_SERVICE"}}'
# Read along:     curl {url}/journal
# Let one answer: curl {url}/reply -d '{{"provider":"aliyun","phone":"+8613800138000","text":"R"}}'
"""


@click.command()
@click.option("--port", default=8025, show_default=True, help="Port on 127.0.0.1; 0 picks one.")
@click.option("--reports-to", default="", help="Post delivery reports to this address + /aliyun …")
@click.option("--replies-to", default="", help="Post replies to this address + /aliyun …")
@click.option("--delay", default=0.0, show_default=True, help="Seconds before each answer.")
@click.option("--stall", default=30.0, show_default=True, help="Seconds of silence for …0003.")
@click.option("--late", default=60.0, show_default=True, help="Seconds until …0004 is delivered.")
@click.option("--per-second", default=200, show_default=True, help="Calls a second before a no.")
def fakes(
    port: int,
    reports_to: str,
    replies_to: str,
    delay: float,
    stall: float,
    late: float,
    per_second: int,
) -> None:
    """Serve the message providers' real wire formats, strictly, to this machine only."""
    try:
        rules = Rules(
            reports_to=_each(reports_to),
            replies_to=_each(replies_to),
            delay_s=delay,
            stall_s=stall,
            late_after_s=late,
            per_second_max=per_second,
        )
        server = Fakes(rules=rules, port=port)
    except (ValueError, OSError, OverflowError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(SETTINGS.format(url=server.url, rules=rules))
    try:
        server.serve()
    except KeyboardInterrupt:
        click.echo("Good night.")


def _each(address: str) -> dict[str, str]:
    """One address for each provider that posts back."""
    base = address.rstrip("/")
    return {name: f"{base}/{name}" for name in ("aliyun", "tencent")} if base else {}

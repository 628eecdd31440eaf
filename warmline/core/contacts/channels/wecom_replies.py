"""What families write in 企业微信: the XML inside a callback that was proved to be theirs."""

import re
from datetime import UTC, datetime

from warmline.core.contacts.channels import Reply, Unreadable
from warmline.core.contacts.channels.words import clean

# Flat elements, read by hand: no XML parser, so no entities, no DTD and nothing to bomb with.
ELEMENT = re.compile(r"<(\w{1,40})>\s*(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))\s*</\1>", re.S)
TEXT_MAX = 1_000


def replies(xml: str) -> list[Reply]:
    """The text somebody wrote, if it was one; pictures and events say nothing to us."""
    said = {name: sealed or plain for name, sealed, plain in ELEMENT.findall(xml)}
    if said.get("MsgType") != "text":
        return []
    try:
        at = datetime.fromtimestamp(int(said["CreateTime"]), UTC)
        message, writer = said["MsgId"].strip(), said["FromUserName"].strip()
    except (KeyError, ValueError, OverflowError, OSError):
        raise Unreadable("a text without its time, number or writer") from None
    if not message or not writer:
        raise Unreadable("a text without its time, number or writer")
    text = clean(said.get("Content", ""))[:TEXT_MAX]
    return [Reply(text=text, at=at, event_id=f"wecom|{message}"[:60], wecom_id=writer)]

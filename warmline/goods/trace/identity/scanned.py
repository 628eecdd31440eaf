"""What a scanner read: a link, an element string, a bare bar code, or somebody's handwriting.

`biip` reads element strings; what it lets pass (a link with a wrong check digit, a serial before its
GTIN) is caught here, because every answer goes through `keys.parse` once more.
"""

import re
from dataclasses import dataclass
from datetime import date

from warmline.goods.trace.identity.keys import ROOT, BadKey, gtin14, lgtin, parse, sgtin, sscc

READ_MAX = 300
SEPARATOR = "\x1d"  # FNC1 as scanners send it
_SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
_BRACKETS = re.compile(r"^\(\d{2,4}\)")


@dataclass(frozen=True, slots=True)
class Read:
    """A thing's canonical name, and what else its label said."""

    uri: str
    gtin: str = ""
    serial: str = ""
    lot: str = ""
    expires_on: date | None = None


def read(text: str) -> Read:
    """The thing behind what a camera, a hand scanner or a person wrote; raises `BadKey`."""
    said = _SYMBOLOGY.sub("", text.strip().lstrip("\ufeff"))
    if not said or len(said) > READ_MAX or "\0" in said:
        raise BadKey("unreadable", text)
    if said.lower().startswith(("http://", "https://", "urn:")):
        return _from_uri(said)
    if said.isascii() and said.isdigit() and len(said) in (8, 12, 13, 14):
        gtin = gtin14(said)
        return Read(parse(f"{ROOT}/01/{gtin}").uri, gtin=gtin)
    if said.isascii() and said.isdigit() and len(said) == 18:
        return _from_uri(sscc(said))
    return _from_elements(said, text)


def _from_uri(uri: str) -> Read:
    # The host of a link does not matter, and scanners shout: HTTPS://… is the same link.
    head, rest = re.match(r"(?i)([a-z]+:(?://[^/]*)?)(.*)", uri, re.S).groups()  # type: ignore[union-attr]
    key = parse(head.lower() + rest)
    if not (key.is_instance or key.is_class):
        raise BadKey("unknown_key", uri)
    lot = re.search(r"/10/([^/?#]+)", rest)
    return Read(
        key.uri,
        gtin=key.gtin,
        serial=key.qualifier if key.kind == "sgtin" else "",
        lot=lot[1] if lot else "",
    )


def _from_elements(said: str, text: str) -> Read:
    # 21 MB of company prefixes: for whoever has such a label, and not for every idle process.
    from biip import ParseError
    from biip.gs1_messages import GS1Message

    try:
        if _BRACKETS.match(said):
            message = GS1Message.parse_hri(said)
        else:
            message = GS1Message.parse(said.lstrip(SEPARATOR))
    except (ParseError, ValueError) as error:
        raise BadKey("unreadable", text) from error
    values = {e.ai.ai: e.value for e in message.element_strings}
    dates = {e.ai.ai: e.date for e in message.element_strings}
    if "00" in values:
        return Read(parse(sscc(values["00"])).uri)
    if "01" not in values:
        raise BadKey("unknown_key", text)
    gtin, serial, lot = gtin14(values["01"]), values.get("21", ""), values.get("10", "")
    uri = f"{ROOT}/01/{gtin}"
    if serial or lot:
        uri = sgtin(gtin, serial) if serial else lgtin(gtin, lot)
    return Read(parse(uri).uri, gtin, serial, lot, dates.get("17") or dates.get("15"))

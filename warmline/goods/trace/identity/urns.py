"""EPC URNs on the way out: only where the length of the company prefix is known, never guessed."""

import re
from collections.abc import Callable
from urllib.parse import quote

from warmline.goods.trace.identity.keys import BadKey, Key, parse

Length = Callable[[str], int | None]
# What a URN escapes is less than what a link does (TDS 2.0).
PLAIN = "!'()*+,:;=-._~$@"


def as_urn(uri: str, length_of: Length) -> str:
    """The URN of this key, or the URI as it is where nobody told us the prefix's length."""
    try:
        key = parse(uri)
    except BadKey:
        return uri
    return _written(key, length_of) or uri


def _written(key: Key, length_of: Length) -> str | None:
    value, more = key.value, quote(key.qualifier, safe=PLAIN)
    match key.kind:
        case "sgtin" | "lgtin" | "gtin" | "upui":
            if not (n := length_of(value[1:13])):
                return None
            item = f"{value[1 : 1 + n]}.{value[0]}{value[1 + n : 13]}"
            return {
                "sgtin": f"urn:epc:id:sgtin:{item}.{more}",
                "lgtin": f"urn:epc:class:lgtin:{item}.{more}",
                "gtin": f"urn:epc:idpat:sgtin:{item}.*",
                "upui": f"urn:epc:id:upui:{item}.{more}",
            }[key.kind]
        case "sscc":
            if not (n := length_of(value[1:13])):
                return None
            return f"urn:epc:id:sscc:{value[1 : 1 + n]}.{value[0]}{value[1 + n : 17]}"
        case "sgln" | "pgln":
            if not (n := length_of(value[:12])):
                return None
            end = f".{more or '0'}" if key.kind == "sgln" else ""
            return f"urn:epc:id:{key.kind}:{value[:n]}.{value[n:12]}{end}"
        case "gdti" | "sgcn":
            if not (n := length_of(value[:12])):
                return None
            serial = quote(value[13:], safe=PLAIN)
            return f"urn:epc:id:{key.kind}:{value[:n]}.{value[n:12]}.{serial}"
        case "grai":
            if not (n := length_of(value[1:13])):
                return None
            serial = quote(value[14:], safe=PLAIN)
            return f"urn:epc:id:grai:{value[1 : 1 + n]}.{value[1 + n : 13]}.{serial}"
        case "gsrn" | "gsrnp":
            if not (n := length_of(value[:12])):
                return None
            return f"urn:epc:id:{key.kind}:{value[:n]}.{value[n:17]}"
        case "giai":
            if not re.match(r"\d{12}", value) or not (n := length_of(value[:12])):
                return None
            return f"urn:epc:id:giai:{value[:n]}.{quote(value[n:], safe=PLAIN)}"
    return None

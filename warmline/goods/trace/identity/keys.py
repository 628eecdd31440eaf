"""GS1 keys: one canonical spelling for each thing, whichever way it was written.

Canonical is the constrained Digital Link: `https://id.gs1.org`, the finest level alone, nothing in
the query. An EPC URN becomes that by its check digit; the way back needs the length of the company
prefix, which no number tells: `prefixes` knows it or the link stays a link. A URI that is no GS1 key
is kept as it is: partners may name things as they like.
"""

import hashlib
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote

from warmline.goods.trace.identity.check_digits import check_digit, is_whole

ROOT = "https://id.gs1.org"
LENGTH_MAX = 300
REMEMBERED_MAX = 20_000  # a name is read by the rules, for the fingerprint and for the rows


class BadKey(ValueError):
    """It looks like a GS1 key and is none: `reason` is a word, the text says more."""

    def __init__(self, reason: str, uri: str) -> None:
        super().__init__(f"{reason}: {uri[:120]}")
        self.reason, self.uri = reason, uri


class Key(NamedTuple):
    """A GS1 key by its application identifiers, or a URI that is none (no `kind`)."""

    uri: str
    kind: str = ""
    value: str = ""
    qualifier: str = ""

    @property
    def is_class(self) -> bool:
        """A kind of thing (a GTIN, a lot), not one thing."""
        return self.kind in CLASSES

    @property
    def is_instance(self) -> bool:
        return self.kind in INSTANCES

    @property
    def gtin(self) -> str:
        return self.value if self.kind in ("sgtin", "lgtin", "gtin", "upui") else ""


CLASSES = frozenset("gtin lgtin cpv grai-class gdti-class sgcn-class cpi-class itip-class".split())
INSTANCES = frozenset("sgtin upui sscc grai giai gsrn gsrnp gdti cpi sgcn ginc gsin itip".split())

# Primary key -> (shape of its value, digits that end with a check digit).
PRIMARY: dict[str, tuple[re.Pattern[str], int]] = {
    ai: (re.compile(shape), checked)
    for ai, shape, checked in [
        ("00", r"\d{18}", 18),
        ("01", r"\d{14}", 14),
        ("253", r"(\d{13})([^/]{0,17})", 13),
        ("255", r"(\d{13})(\d{0,12})", 13),
        ("401", r"[^/]{1,30}", 0),
        ("402", r"\d{17}", 17),
        ("414", r"\d{13}", 13),
        ("417", r"\d{13}", 13),
        ("8003", r"(0\d{13})([^/]{0,16})", 14),
        ("8004", r"[^/]{1,30}", 0),
        ("8006", r"(\d{14})(\d{2})(\d{2})", 14),
        ("8010", r"[0-9A-Z#/-]{1,30}", 0),
        ("8013", r"[^/]{1,25}", 0),
        ("8017", r"\d{18}", 18),
        ("8018", r"\d{18}", 18),
    ]
}
QUALIFIERS: dict[str, tuple[str, ...]] = {  # in the order in which they may follow
    "01": ("22", "10", "21", "235"),
    "414": ("254", "7040"),
    "417": ("7040",),
    "8006": ("22", "10", "21"),
    "8010": ("8011",),
    "8017": ("8019",),
    "8018": ("8019",),
}
LENGTHS = {"22": 20, "10": 20, "21": 20, "235": 28, "254": 20, "7040": 4, "8011": 12, "8019": 10}
NAMES = {"gtin": "01", "cpv": "22", "lot": "10", "ser": "21", "sscc": "00", "gln": "414"}
NAMED = {"glnx": "254", "party": "417", "gsrn": "8018", "gsrnp": "8017", "giai": "8004"}
SHORT = NAMES | NAMED
EVERYWHERE = frozenset({"00", "01", "414", "417"})  # on whatever domain: what we sell and ship
CHARACTERS = re.compile(r"[!%-?A-Z_a-z\"]+")  # what GS1 calls character set 82
COMPRESSED = re.compile(r"[A-Za-z0-9_-]{11,}")

_FAST = re.compile(r"https://id\.gs1\.org/01/(\d{14})/21/([0-9A-Za-z._-]{1,20})")
_FAST_SSCC = re.compile(r"https://id\.gs1\.org/00/(\d{18})")


def hash_of(name: str) -> str:
    """By what a name is found: sixteen bytes, as PostgreSQL reads a uuid."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


@lru_cache(maxsize=REMEMBERED_MAX)
def parse(uri: str) -> Key:
    """The key behind a URN or a Digital Link; raises `BadKey` where it looks like one and is none."""
    if fast := _FAST.fullmatch(uri):
        if not is_whole(fast[1]):
            raise BadKey("check_digit", uri)
        return Key(uri, "sgtin", fast[1], fast[2])
    if fast := _FAST_SSCC.fullmatch(uri):
        if not is_whole(fast[1]):
            raise BadKey("check_digit", uri)
        return Key(uri, "sscc", fast[1])
    return _parse(uri)


def _parse(uri: str) -> Key:
    if len(uri) > LENGTH_MAX or "\0" in uri:
        raise BadKey("too_long" if "\0" not in uri else "control_character", uri)
    if uri.startswith(("urn:epc:id:", "urn:epc:class:", "urn:epc:idpat:")):
        return _of_urn(uri)
    scheme, _, rest = uri.partition("://")
    if scheme.lower() in ("http", "https") and rest:
        return _of_link(uri, rest)
    return Key(uri)


def _of_link(uri: str, rest: str) -> Key:
    path = re.split(r"[?#;]", rest, maxsplit=1)[0]
    parts = [SHORT.get(part, part) for part in path.rstrip("/").split("/")[1:]]
    for place, part in enumerate(parts[:-1]):
        if part in PRIMARY and _fits(part, unquote(parts[place + 1])):
            if any(stem in LENGTHS for stem in parts[:place]):
                raise BadKey("order", uri)  # a serial before its GTIN
            try:
                return _from_parts(uri, parts[place:])
            except BadKey:
                if part in EVERYWHERE or rest.lower().startswith("id.gs1.org/"):
                    raise
                return Key(uri)
    if "id.gs1.org" in rest.split("/")[0] and parts:
        if len(parts) == 1 and COMPRESSED.fullmatch(parts[0]):
            raise BadKey("compressed", uri)
        raise BadKey("unknown_key", uri)
    for place, part in enumerate(parts[:-1]):  # somebody's own domain, but a key by its looks
        if part in ("00", "01") and re.fullmatch(r"\d{8,18}", parts[place + 1]):
            raise BadKey("length", uri)
    return Key(uri)


def _fits(ai: str, value: str) -> bool:
    if ai == "01":
        return bool(re.fullmatch(r"\d{8}|\d{12,14}", value))
    return bool(PRIMARY[ai][0].fullmatch(value))


def _from_parts(uri: str, parts: list[str]) -> Key:
    ai, value = parts[0], unquote(parts[1])
    if ai == "01":
        value = value.zfill(14)
    said = parts[2:]
    if len(said) % 2:
        raise BadKey("path", uri)
    found: dict[str, str] = {}
    allowed = QUALIFIERS.get(ai, ())
    at = -1
    for name, text in zip(said[::2], said[1::2], strict=True):
        plain = unquote(text)
        if name not in allowed or allowed.index(name) <= at:
            raise BadKey("order", uri)
        if not 0 < len(plain) <= LENGTHS[name] or not CHARACTERS.fullmatch(plain):
            raise BadKey("characters", uri)
        at = allowed.index(name)
        found[name] = plain
    return _key(ai, value, found, uri)


def _key(ai: str, value: str, said: dict[str, str], uri: str) -> Key:
    """The canonical key: the finest level alone."""
    digits = PRIMARY[ai][1]
    if digits and not is_whole(value[:digits]):
        raise BadKey("check_digit", uri)
    finest = next((name for name in reversed(QUALIFIERS.get(ai, ())) if name in said), "")
    kind = _kind(ai, value, finest)
    path = f"{ROOT}/{ai}/{quote(value, safe='')}"
    if finest and not (ai == "414" and said[finest] == "0"):
        return Key(f"{path}/{finest}/{quote(said[finest], safe='')}", kind, value, said[finest])
    return Key(path, kind, value)


def _kind(ai: str, value: str, finest: str) -> str:
    match ai:
        case "01":
            return {"": "gtin", "22": "cpv", "10": "lgtin", "21": "sgtin", "235": "upui"}[finest]
        case "8006":
            return "itip" if finest == "21" else "itip-class"
        case "8010":
            return "cpi" if finest else "cpi-class"
        case "253":
            return "gdti" if len(value) > 13 else "gdti-class"
        case "255":
            return "sgcn" if len(value) > 13 else "sgcn-class"
        case "8003":
            return "grai" if len(value) > 14 else "grai-class"
    plain = {"00": "sscc", "401": "ginc", "402": "gsin", "414": "sgln", "417": "pgln"}
    more = {"8004": "giai", "8013": "gmn", "8017": "gsrnp", "8018": "gsrn"}
    return (plain | more)[ai]


_URN = re.compile(r"urn:epc:(id|class|idpat):([a-z]+):(.+)")


def _of_urn(uri: str) -> Key:
    found = _URN.fullmatch(uri)
    if not found:
        raise BadKey("urn", uri)
    sort, scheme, rest = found.groups()
    parts = rest.split(".")
    prefix = parts[0]
    if not (prefix.isascii() and prefix.isdigit() and 4 <= len(prefix) <= 12):
        raise BadKey("company_prefix", uri)
    if sort == "idpat":
        if parts[-1] != "*":
            raise BadKey("pattern", uri)
        parts = parts[:-1]
    try:
        ai, value, said = _urn_parts(sort, scheme, parts)
    except (IndexError, ValueError, KeyError):
        raise BadKey("urn", uri) from None
    if not PRIMARY[ai][0].fullmatch(value):
        raise BadKey("length", uri)
    said = {name: unquote(text) for name, text in said.items()}
    if any(not 0 < len(text) <= LENGTHS[name] for name, text in said.items()):
        raise BadKey("length", uri)
    return _key(ai, value, said, uri)


def _digits(text: str) -> str:
    if text and not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return text


def _gtin(prefix: str, item: str) -> str:
    """The indicator stands before the item in a URN and before the prefix in a GTIN."""
    body = _digits(item)[0] + prefix + item[1:]
    if len(body) != 13:
        raise ValueError(body)
    return body + check_digit(body)


def _ended(body: str, length: int) -> str:
    if len(_digits(body)) != length - 1:
        raise ValueError(body)
    return body + check_digit(body)


def _urn_parts(sort: str, scheme: str, parts: list[str]) -> tuple[str, str, dict[str, str]]:
    gcp = parts[0]
    rest = ".".join(parts[2:])  # a serial may have dots of its own
    if sort == "class":
        if scheme != "lgtin" or not rest:
            raise ValueError(scheme)
        return "01", _gtin(gcp, parts[1]), {"10": rest}
    is_class = sort == "idpat"
    match scheme:
        case "sgtin":
            return "01", _gtin(gcp, parts[1]), {} if is_class else {"21": rest}
        case "upui":
            return "01", _gtin(gcp, parts[1]), {"235": rest}
        case "sscc":
            body = _digits(parts[1])[0] + gcp + parts[1][1:]
            return "00", _ended(body, 18), {}
        case "sgln":
            said = {} if rest in ("0", "") else {"254": rest}
            return "414", _ended(gcp + parts[1], 13), said
        case "pgln":
            return "417", _ended(gcp + parts[1], 13), {}
        case "grai":
            return "8003", "0" + _ended(gcp + parts[1], 13) + unquote(rest), {}
        case "giai":
            return "8004", gcp + unquote(".".join(parts[1:])), {}
        case "gsrn":
            return "8018", _ended(gcp + parts[1], 18), {}
        case "gsrnp":
            return "8017", _ended(gcp + parts[1], 18), {}
        case "gdti":
            return "253", _ended(gcp + parts[1], 13) + unquote(rest), {}
        case "sgcn":
            return "255", _ended(gcp + parts[1], 13) + rest, {}
        case "cpi":
            said = {} if is_class else {"8011": rest}
            return "8010", gcp + unquote(parts[1]), said
        case "ginc":
            return "401", gcp + unquote(".".join(parts[1:])), {}
        case "gsin":
            return "402", _ended(gcp + parts[1], 17), {}
        case "itip":
            gtin, piece, total = _gtin(gcp, parts[1]), parts[2], parts[3]
            said = {} if is_class else {"21": ".".join(parts[4:])}
            return "8006", gtin + _digits(piece) + _digits(total), said
    raise ValueError(scheme)


def gtin14(text: str) -> str:
    """A bar code's digits as GTIN-14, its check digit proven."""
    digits = text.strip()
    if not re.fullmatch(r"\d{8}|\d{12,14}", digits) or not digits.isascii():
        raise BadKey("length", text)
    if not is_whole(digits.zfill(14)):
        raise BadKey("check_digit", text)
    return digits.zfill(14)


def sgtin(gtin: str, serial: str) -> str:
    """The canonical name of one unit."""
    return f"{ROOT}/01/{gtin}/21/{quote(serial, safe='')}"


def lgtin(gtin: str, lot: str) -> str:
    return f"{ROOT}/01/{gtin}/10/{quote(lot, safe='')}"


def sscc(number: str) -> str:
    return f"{ROOT}/00/{number}"

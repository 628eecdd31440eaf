"""The gate of the fake 阿里云: is this request theirs, fresh, whole and new?"""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote

from warmline.fakes.book import Book
from warmline.fakes.exchange import Asked, Rejected
from warmline.fakes.rules import Rules

SKEW = timedelta(minutes=15)
AUTHORIZATION = re.compile(
    r"ACS3-HMAC-SHA256 Credential=(?P<key>[^,\s]+),"
    r"SignedHeaders=(?P<names>[a-z0-9;-]+),Signature=(?P<signature>[0-9a-f]{64})"
)
MUST_SIGN = {
    "host",
    "x-acs-action",
    "x-acs-version",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-content-sha256",
}


def check(asked: Asked, *, rules: Rules, book: Book) -> None:
    claimed = AUTHORIZATION.fullmatch(asked.headers.get("authorization", ""))
    if not claimed:
        raise Rejected("IncompleteSignature", "no ACS3 authorization", status=400)
    if claimed["key"] != rules.aliyun_key_id:
        raise Rejected("InvalidAccessKeyId.NotFound", "no such access key", status=404)
    _check_time(asked)
    names = claimed["names"].split(";")
    _check_names(asked, names)
    if not hmac.compare_digest(_signature(asked, names, rules), claimed["signature"]):
        raise Rejected("SignatureDoesNotMatch", "calculated another signature", status=400)
    nonce = asked.headers["x-acs-signature-nonce"]
    if book.seen_before(nonce, at=asked.at, keep=2 * SKEW):
        raise Rejected("SignatureNonceUsed", "this nonce was used before", status=400)


def _check_time(asked: Asked) -> None:
    try:
        stamp = datetime.strptime(asked.headers.get("x-acs-date", ""), "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        raise Rejected("IllegalTimestamp", "not an ISO 8601 time", status=400) from None
    if abs(asked.at - stamp.replace(tzinfo=UTC)) > SKEW:
        raise Rejected("InvalidTimeStamp.Expired", "more than 15 minutes apart", status=400)


def _check_names(asked: Asked, names: list[str]) -> None:
    """Everything of theirs has to be signed, in order, and the body has to be the signed one."""
    present = {name for name in asked.headers if name.startswith("x-acs-")}
    if names != sorted(set(names)) or not (MUST_SIGN | present) <= set(names):
        raise Rejected("IncompleteSignature", "a header is not signed", status=400)
    if any(name not in asked.headers for name in names):
        raise Rejected("IncompleteSignature", "a signed header is not there", status=400)
    if asked.headers["x-acs-content-sha256"] != hashlib.sha256(asked.body).hexdigest():
        raise Rejected("SignatureDoesNotMatch", "not the body that was signed", status=400)


def _signature(asked: Asked, names: list[str], rules: Rules) -> str:
    seal = hashlib.sha256()
    seal.update(f"{asked.method}\n{asked.path}\n{_canonical_query(asked.raw_query)}\n".encode())
    for name in names:
        seal.update(name.encode() + b":" + asked.headers[name].strip().encode() + b"\n")
    seal.update(b"\n" + ";".join(names).encode() + b"\n")
    seal.update(hashlib.sha256(asked.body).hexdigest().encode())
    line = b"ACS3-HMAC-SHA256\n" + seal.hexdigest().encode()
    return hmac.new(rules.aliyun_key_secret.encode(), line, "sha256").hexdigest()


def _canonical_query(raw: str) -> str:
    """Decoded and encoded again: what counts is what was meant, not how it was escaped."""
    meant = parse_qsl(raw, keep_blank_values=True)
    again = [f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in meant]
    return "&".join(sorted(again))

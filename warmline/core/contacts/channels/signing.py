"""Signatures: proof to 阿里云 (ACS3) and 腾讯云 (TC3) that a request is ours."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

ACS3 = "ACS3-HMAC-SHA256"
TC3 = "TC3-HMAC-SHA256"


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def query_string(params: Mapping[str, str]) -> str:
    """Sorted and encoded as RFC 3986 says: the string that is signed is the string that is sent."""
    escaped = sorted(
        (quote(name, safe=""), quote(value, safe="")) for name, value in params.items()
    )
    return "&".join(f"{name}={value}" for name, value in escaped)


def acs3(
    *, key_id: str, secret: str, method: str, path: str, query: str, headers: Mapping[str, str]
) -> str:
    """The Authorization of 阿里云 over these lower-case headers; the body is in one of them."""
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    body_hash = headers["x-acs-content-sha256"]
    canonical = "\n".join([method, path, query, lines, names, body_hash])
    to_sign = f"{ACS3}\n{sha256_hex(canonical.encode())}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ACS3} Credential={key_id},SignedHeaders={names},Signature={signature}"


def tc3(
    *,
    secret_id: str,
    secret_key: str,
    service: str,
    at: datetime,
    headers: Mapping[str, str],
    body: bytes,
) -> str:
    """The Authorization of 腾讯云 for a POST to `/`, with a key that is good for one UTC day."""
    day, stamp = f"{at.astimezone(UTC):%Y-%m-%d}", int(at.timestamp())
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name].strip().lower()}\n" for name in sorted(headers))
    canonical = "\n".join(["POST", "/", "", lines, names, sha256_hex(body)])
    scope = f"{day}/{service}/tc3_request"
    to_sign = f"{TC3}\n{stamp}\n{scope}\n{sha256_hex(canonical.encode())}"
    key = f"TC3{secret_key}".encode()
    for step in (day, service, "tc3_request"):
        key = hmac.digest(key, step.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    return f"{TC3} Credential={secret_id}/{scope}, SignedHeaders={names}, Signature={signature}"

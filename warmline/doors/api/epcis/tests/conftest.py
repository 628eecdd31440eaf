"""A partner with a token, and the clock."""

import json
from urllib.parse import quote

import pytest

from warmline.core.people.models import Staff, Token
from warmline.goods.trace import knowing, naming

BASE = "/api/v1/epcis"


class Partner:
    """Another system: what it asks, and what it is told."""

    def __init__(self, client, secret):
        self.client, self.secret = client, secret

    def __call__(self, method, path, body=None, *, kind="application/json", **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret:
            named.setdefault("Authorization", f"Bearer {self.secret}")
        raw = body if isinstance(body, bytes | str) or body is None else json.dumps(body)
        kwargs = {"data": raw, "content_type": kind} if raw is not None else {}
        call = getattr(self.client, method.lower())
        return call(BASE + path, headers=named, **kwargs)

    def get(self, path, **params):
        query = "&".join(f"{k}={quote(str(v), safe='')}" for k, v in params.items())
        return self("GET", path + (f"?{query}" if query else ""))

    def post(self, path, body, **headers):
        return self("POST", path, body, **headers)

    def capture(self, body, **headers):
        """Post a document; the job."""
        answer = self.post("/capture", body, **headers)
        assert answer.status_code == 202, answer.content
        return self.client.get(
            answer["Location"], headers={"Authorization": f"Bearer {self.secret}"}
        ).json()

    def found(self, path="/events", **params):
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.content
        return answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]


@pytest.fixture(autouse=True)
def _nothing_remembered():
    knowing.forget()
    naming.forget()


@pytest.fixture
def partner(client, db):
    return Partner(client, Token.issue(name="erp", role=Staff.Role.LOGISTICS)[1])


@pytest.fixture
def stranger(client, db):
    return Partner(client, "")


@pytest.fixture
def guide(client, db):
    return Partner(client, Token.issue(name="till", role=Staff.Role.GUIDE)[1])

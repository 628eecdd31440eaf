"""Partners are told: signed, in their own time, again when they were away, and never into our house."""

import contextlib
import hashlib
import hmac
import json
import socket
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from warmline.base.clock import now
from warmline.core.journal.models import Task
from warmline.goods.trace import numbers, outward, rooms, subscribing, timetable
from warmline.goods.trace.models import Callback, Event, NamedQuery
from warmline.goods.trace.tests.conftest import event, sgtin, take_in

pytestmark = pytest.mark.django_db
SECRET = "a token of theirs"


class Ear(HTTPServer):
    def __init__(self):
        self.heard, self.status = [], 200
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def ear(settings):
    server = Ear()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.ENV = settings.ENV.model_copy(update={"webhook_networks": "127.0.0.0/8"})
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def query():
    return NamedQuery.objects.create(name="moves", query={"EQ_bizStep": "receiving"})


def subscribe(query, ear, **said):
    dest = f"http://127.0.0.1:{ear.server_port}/hear"
    return subscribing.subscribe(query, {"dest": dest, "signatureToken": SECRET} | said)


def hear(job):
    ids = Event.objects.filter(job_id=job.pk).order_by("pk").values_list("pk", flat=True)
    return subscribing.hear(job.pk, ids[0], ids[len(ids) - 1])


def test_a_partner_hears_of_what_it_asked_for_and_who_said_it(query, ear):
    subscription = subscribe(query, ear, stream=True)
    job = take_in(event(epcList=[sgtin("A")]), event(epcList=[sgtin("B")], bizStep="shipping"))
    assert Task.objects.filter(listener__endswith="tell_the_subscribers").count() == 1
    assert hear(job) == 1
    assert subscribing.deliver() == 1
    ((headers, body),) = ear.heard
    signed = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["GS1-Signature"] == f"sha256={signed}"
    results = json.loads(body)["epcisBody"]["queryResults"]
    assert results["subscriptionID"] == str(subscription.pk)
    assert [e["epcList"] for e in results["resultsBody"]["eventList"]] == [[sgtin("A")]]
    assert subscribing.deliver() == 0


def test_of_a_large_document_every_event_is_told(query, ear, monkeypatch):
    monkeypatch.setattr(subscribing, "EVENTS_MAX", 2)
    subscribe(query, ear, stream=True)
    job = take_in(*(event(epcList=[sgtin(letter)]) for letter in "ABCDE"))
    assert hear(job) == 3
    assert sum(len(one.event_ids) for one in Callback.objects.all()) == 5


def test_a_partner_hears_of_a_document_once_though_another_came_between(query, ear, monkeypatch):
    subscribe(query, ear, stream=True)
    ids = iter([[1, 10, 30], [2, 20, 40]])
    monkeypatch.setattr(numbers, "ids_of", lambda _steps, _count: next(ids))
    jobs = [
        take_in(*(event(epcList=[sgtin(letter)]) for letter in letters)) for letters in ("AB", "CD")
    ]
    for job in jobs:
        hear(job)
    assert [one.event_ids for one in Callback.objects.order_by("pk")] == [[10, 30], [20, 40]]


def test_a_partner_who_is_away_is_told_again_later_and_at_last_put_aside(query, ear):
    subscribe(query, ear, stream=True)
    hear(take_in(event(epcList=[sgtin("A")])))
    ear.status = 503
    assert subscribing.deliver() == 1
    one = Callback.objects.get()
    assert (one.status, one.tries) == ("ready", 1)
    assert one.due_at > now()
    assert subscribing.deliver() == 0
    for _n in range(9):
        Callback.objects.update(due_at=now())
        subscribing.deliver()
    assert Callback.objects.get().status == "aside"
    assert len(ear.heard) == 10


def test_a_timetable_tells_what_is_new_since_last_time(query, ear, monkeypatch):
    one = subscribe(query, ear, schedule={"minute": "0"}, reportIfEmpty=False)
    take_in(event(epcList=[sgtin("A")]))
    assert subscribing.look_at_timetables() == 0
    for expected in (1, 0):
        one.due_at = now()
        one.save()
        later = now().replace(microsecond=0) + (datetime(1, 1, 1, 1) - datetime(1, 1, 1))
        with monkeypatch.context() as patch:
            patch.setattr(subscribing, "now", lambda: later)  # noqa: B023
            assert subscribing.look_at_timetables() == expected
        one.refresh_from_db()


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"stream": True, "schedule": {"hour": "1"}},
        {"stream": True, "signatureToken": "short"},
        {"stream": True, "dest": "http://10.0.0.1/"},
        {"schedule": {"hour": "25"}},
        {"schedule": {"dayOfMonth": "31", "month": "2"}},
        {"schedule": "always"},
    ],
)
def test_a_subscription_that_cannot_be_is_refused(query, ear, said):
    with pytest.raises((subscribing.BadSubscription, timetable.BadTimetable)):
        subscribe(query, ear, **said)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest/meta-data",
        "http://192.168.0.1/",
        "http://0.0.0.0/",
        "http://[2002:7f00:1::]/",
        "http://[64:ff9b::7f00:1]/",
        "http://2130706433/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "http://user:pass@93.184.216.34/",
        "http://93.184.216.34:22/",
        "http://93.184.216.34:99999/",
        "https://",
        "nonsense",
        "http://93.184.216.34/a b",
        "http://93.184.216.34/" + "a" * 600,
    ],
)
def test_nobody_leads_us_into_our_own_house(url):
    with pytest.raises(outward.Forbidden):
        outward.target(url)


def test_a_strangers_address_is_allowed():
    assert outward.target("https://93.184.216.34/hook?x=1").path == "/hook?x=1"


def test_an_address_in_chinese_delays_nobody_elses_news(query, ear):
    subscribe(query, ear, stream=True, dest=f"http://127.0.0.1:{ear.server_port}/收货?店=春熙")
    subscribe(query, ear, stream=True)
    assert hear(take_in(event(epcList=[sgtin("A")]))) == 2
    assert subscribing.deliver() == 2
    assert [one.status for one in Callback.objects.all()] == ["sent", "sent"]


def test_who_answers_a_letter_a_second_is_hung_up_on(settings, monkeypatch):
    settings.ENV = settings.ENV.model_copy(update={"webhook_networks": "127.0.0.0/8"})
    monkeypatch.setattr(outward, "SECONDS", 0.5)
    listening = socket.create_server(("127.0.0.1", 0))

    def drip():
        caller, _address = listening.accept()
        with contextlib.suppress(OSError), caller:
            caller.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            for _letter in range(50):
                time.sleep(0.1)
                caller.sendall(b"x")
            caller.sendall(b"\r\nContent-Length: 0\r\n\r\n")  # whoever waits so long is answered

    threading.Thread(target=drip, daemon=True).start()
    with listening, pytest.raises(outward.Unreachable):
        outward.post(f"http://127.0.0.1:{listening.getsockname()[1]}/", b"{}", {})


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"second": "0", "minute": "0", "hour": "[8-10]"}, "2026-11-23T08:00:00+00:00"),
        ({"second": "30"}, "2026-11-22T12:00:30+00:00"),
        (
            {"second": "0", "minute": "0", "hour": "0", "dayOfWeek": "1"},
            "2026-11-23T00:00:00+00:00",
        ),
        (
            {"second": "0", "minute": "0", "hour": "0", "dayOfMonth": "31"},
            "2026-12-31T00:00:00+00:00",
        ),
        ({"second": "0", "minute": "5,10", "hour": "12"}, "2026-11-22T12:05:00+00:00"),
    ],
)
def test_a_timetable_says_when(said, expected):
    after = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
    assert timetable.following(said, after).isoformat() == expected


def test_room_is_made_ahead_and_only_once():
    rooms.open_ahead()
    assert rooms.open_ahead() == 0

"""The fakes as the demo uses them: they report back, let families answer, and keep a journal."""

import json
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from warmline.core.contacts.channels import aliyun, tencent
from warmline.core.contacts.tests.test_channels_sms import PROVIDERS, channel_to, letter
from warmline.fakes.rules import Rules
from warmline.fakes.server import Fakes

OURS = {"aliyun": aliyun, "tencent": tencent}


@contextmanager
def our_door(thanks):
    """Where providers post to; each post is thanked for as the list says, the last for ever."""
    posted = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self):
            posted.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            said = json.dumps(thanks[min(len(posted), len(thanks)) - 1]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", posted
        server.shutdown()
        thread.join(timeout=5)


def wait_for(posted, number):
    end = time.monotonic() + 20
    while len(posted) < number and time.monotonic() < end:
        time.sleep(0.01)
    return posted


def ask(url, path, *, body=None, method=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data=data, method=method)
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)


def rules_for(door, **changes):
    return Rules(
        reports_to={name: f"{door}/{name}" for name in PROVIDERS},
        replies_to={name: f"{door}/{name}/replies" for name in PROVIDERS},
        **{"report_after_s": 0.01, "post_again_after_s": (0.02, 0.02)} | changes,
    )


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(("to", "delivered"), [("+8613800138000", True), ("+8613800000006", False)])
def test_what_became_of_a_message_is_posted_back(provider, to, delivered):
    with our_door([OURS[provider].TAKEN]) as (door, posted):
        with Fakes.running(rules=rules_for(door)) as fakes:
            channel, message = channel_to(fakes, provider), letter(provider, to=to)
            channel.clock = fakes.clock
            with channel.session:
                receipt = channel.send(message)
            wait_for(posted, 1)
        ((path, body),) = posted
    (report,) = OURS[provider].reports(body)
    assert path == f"/{provider}"
    assert (report.receipt, report.phone, report.delivered) == (receipt.id, to, delivered)
    assert report.key == {"aliyun": message.key, "tencent": ""}[provider]


def test_a_report_is_posted_again_until_we_say_thanks():
    with (
        our_door([{"code": 1}, {}, aliyun.TAKEN]) as (door, posted),
        Fakes.running(rules=rules_for(door)) as fakes,
    ):
        channel = channel_to(fakes, "aliyun", clock=fakes.clock)
        with channel.session:
            channel.send(letter("aliyun"))
        wait_for(posted, 3)
        time.sleep(0.1)
    assert len(posted) == 3
    assert len({aliyun.reports(body)[0].event_id for _, body in posted}) == 1


def test_some_reports_come_late():
    with (
        our_door([aliyun.TAKEN]) as (door, posted),
        Fakes.running(rules=rules_for(door, late_after_s=1.5)) as fakes,
    ):
        channel = channel_to(fakes, "aliyun", clock=fakes.clock)
        with channel.session:
            channel.send(letter("aliyun", to="+8613800000004"))
            channel.send(letter("aliyun", to="+8613800138000"))
        wait_for(posted, 2)
    phones = [aliyun.reports(body)[0].phone for _, body in posted]
    assert phones == ["+8613800138000", "+8613800000004"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_family_answers(provider):
    with our_door([OURS[provider].TAKEN]) as (door, posted):
        with Fakes.running(rules=rules_for(door)) as fakes:
            said = {"provider": provider, "phone": "+8613800138000", "text": "退订"}
            assert ask(fakes.url, "/reply", body=said) == {"posted": True}
            wait_for(posted, 1)
        ((path, body),) = posted
    (reply,) = OURS[provider].replies(body)
    assert path == f"/{provider}/replies"
    assert (reply.phone, reply.text, reply.opts_out) == ("+8613800138000", "退订", True)


def test_answers_are_labelled_as_their_own_libraries_expect():
    with (
        Fakes.running() as fakes,
        urllib.request.urlopen(f"{fakes.url}/journal", timeout=5) as answer,
    ):
        assert answer.headers["Content-Type"] == "application/json"


def test_the_journal_is_read_and_torn_up():
    with Fakes.running() as fakes:
        channel, message = channel_to(fakes, "aliyun", clock=fakes.clock), letter("aliyun")
        with channel.session:
            channel.send(message)
        (line,) = ask(fakes.url, "/journal")["entries"]
        assert (line["provider"], line["key"], line["outcome"]) == (
            "aliyun",
            message.key,
            "accepted",
        )
        assert ask(fakes.url, "/journal", method="DELETE") == {"entries": []}
        assert ask(fakes.url, "/journal") == {"entries": []}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [("/", None, 404), ("/nowhere", {}, 404), ("/reply", {}, 400), ("/reply", [], 400),
     ("/order", {"provider": "aliyun"}, 400)],
)  # fmt: skip
def test_what_the_fakes_do_not_know_is_said(path, body, status):
    with Fakes.running() as fakes, pytest.raises(urllib.error.HTTPError) as error:
        ask(fakes.url, path, body=body)
    assert error.value.code == status
    error.value.close()


@pytest.mark.parametrize("url", ["https://shop.example/reports", "http://192.168.1.9/", "nonsense"])
def test_fakes_post_to_this_machine_only(url):
    with pytest.raises(ValueError, match="this machine"):
        Rules(reports_to={"aliyun": url})

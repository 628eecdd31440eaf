"""How it is doing is for this machine and for who brings the token; whether it is ready, for all."""

import pytest
from django.db import OperationalError
from pydantic import SecretStr

from warmline.base import health

pytestmark = pytest.mark.django_db
FAR = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture(autouse=True)
def _token(settings):
    settings.ENV = settings.ENV.model_copy(update={"metrics_token": SecretStr("geheim")})


def test_anybody_learns_that_it_is_ready_and_nothing_else(client):
    assert client.get("/readyz", **FAR).json() == {"ready": True}
    assert client.get("/livez", **FAR).content == b"alive\n"


@pytest.mark.parametrize("near", ["127.0.0.1", "::1", "127.4.5.6"])
def test_this_machine_learns_how_it_is_doing(client, near):
    told = client.get("/readyz", REMOTE_ADDR=near).json()
    assert (told["ready"], told["migrations_missing"]) == (True, 0)
    assert {"queues", "loops", "disk_free"} <= told.keys()
    assert b"warmline_queue_ready" in client.get("/metrics", REMOTE_ADDR=near).content


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, 403),
        ({"HTTP_AUTHORIZATION": "Bearer geheim"}, 200),
        ({"HTTP_AUTHORIZATION": "Bearer wrong"}, 403),
        ({"HTTP_AUTHORIZATION": "Bearer "}, 403),
    ],
)
def test_another_machine_needs_the_token(client, said, status):
    assert client.get("/metrics", **FAR, **said).status_code == status


def test_without_a_token_an_empty_one_opens_nothing(client, settings):
    settings.ENV = settings.ENV.model_copy(update={"metrics_token": SecretStr("")})
    assert client.get("/metrics", **FAR, HTTP_AUTHORIZATION="Bearer ").status_code == 403


@pytest.mark.parametrize(("proxies", "status"), [(0, 403), (1, 403)])
def test_who_comes_through_a_proxy_is_not_this_machine(client, settings, proxies, status):
    """Whether or not we were told of the proxy; and a caller cannot say that she is near."""
    settings.ENV = settings.ENV.model_copy(update={"proxies": proxies})
    came = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1, 203.0.113.9"}
    assert client.get("/metrics", **came).status_code == status


def test_while_steps_are_owed_it_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health, "_is_up_to_date", False)
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_a: ["one"])
    answer = client.get("/readyz", **FAR)
    assert (answer.status_code, answer.json()) == (503, {"ready": False})


def test_without_its_database_it_is_not_ready(client, monkeypatch):
    def away():
        raise OperationalError

    monkeypatch.setattr(health, "_steps_owed", away)
    assert client.get("/readyz", **FAR).status_code == 503

"""The help desk itself, run by `tickets.py` in an environment of its own: settings, tickets, and work."""

import os
import sys
import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

_url = urlsplit(os.environ["BENCH_DATABASE"])
_query = {name: values[0] for name, values in parse_qs(_url.query).items()}
SECRET_KEY = "bench"
USE_TZ = True
HELPDESK_TEAMS_MODE_ENABLED = False
SITE_ID = 1
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "helpdesk_urls"
STATIC_URL = "/static/"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _url.path.lstrip("/"),
        "USER": _url.username or _query.get("user", ""),
        "PASSWORD": _url.password or "",
        "HOST": _url.hostname or _query.get("host", ""),
        "PORT": str(_url.port or _query.get("port", "")),
        "CONN_MAX_AGE": None,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.admin",
    "django.contrib.humanize",
    "rest_framework",
    "helpdesk.apps.HelpdeskConfig",
]
WORDS = "昨天在店里买的奶粉，罐口没有封好，勺子也不在里面，想换一罐"
TICKETS = """
INSERT INTO helpdesk_ticket (title, queue_id, created, modified, submitter_email, status, on_hold,
    description, resolution, priority, secret_key)
SELECT 'Ticket ' || n, %s, now() - n * interval '1 second', now(), 'a@example.org',
    CASE WHEN n <= %s THEN 1 ELSE 4 END, false, %s, '', 3, md5(n::text)
FROM generate_series(1, %s) AS n
"""


def fill(still_open: int, closed: int) -> None:
    """A queue, an agent, and that many tickets."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connection
    from helpdesk.models import Queue

    call_command("migrate", verbosity=0)
    get_user_model().objects.create_superuser("agent", "agent@example.org", "-")
    queue = Queue.objects.create(title="Desk", slug="desk", allow_public_submission=True)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(TICKETS, [queue.pk, still_open, WORDS, still_open + closed])
        cursor.execute("VACUUM ANALYZE")


def opening() -> Callable[[], None]:
    """A ticket, by the form that its own pages use."""
    from django.contrib.auth import get_user_model
    from django.db import transaction
    from helpdesk.forms import TicketForm
    from helpdesk.models import Queue

    agent = get_user_model().objects.get(username="agent")
    queue = Queue.objects.get()
    said = {
        "queue": str(queue.pk),
        "title": WORDS[:40],
        "body": WORDS,
        "priority": "3",
        "submitter_email": "lin@example.org",
    }

    def opened() -> None:
        with transaction.atomic():
            form = TicketForm(data=said, queue_choices=[(str(queue.pk), queue.title)])
            assert form.is_valid(), form.errors
            form.save(user=agent)

    return opened


def listing() -> Callable[[], None]:
    """The next fifty open ones, by the address that its own list asks."""
    from django.contrib.auth import get_user_model
    from django.test import Client
    from helpdesk.query import query_to_base64

    client = Client()
    client.force_login(get_user_model().objects.get(username="agent"))
    asked = query_to_base64(
        {"filtering": {"status__in": [1, 2]}, "sorting": "created", "search_string": ""}
    )

    def listed() -> None:
        answer = client.get(f"/datatables_ticket_list/{asked}", {"start": 0, "length": 50})
        assert answer.status_code == 200, answer.status_code
        assert answer.json()["data"], "an empty list"

    return listed


def work(one: Callable[[], None], seconds: float) -> dict[str, float]:
    one()
    done, begun, cpu = 0, time.monotonic(), time.process_time()
    while time.monotonic() - begun < seconds:
        one()
        done += 1
    return {"done": done, "seconds": time.monotonic() - begun, "cpu_s": time.process_time() - cpu}


if __name__ == "__main__":
    import json

    import django

    django.setup()
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]), int(sys.argv[3]))
    else:
        one = {"open": opening, "list": listing}[sys.argv[1]]()
        print(json.dumps(work(one, float(sys.argv[2]))))

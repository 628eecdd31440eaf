"""Is it alive, is it ready, how is it doing: for load balancers and for whoever watches.

Anybody may ask whether it is alive and ready, and gets a yes or no. How it is doing names nobody, but
tells how busy a chain is: that is for this machine, and for who brings the token.
"""

import hmac
import ipaddress
import shutil
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from warmline.base.web import caller

QUEUES = """
SELECT 'reactions', count(*) FILTER (WHERE status = 'ready'), count(*) FILTER (WHERE status = 'aside'),
       coalesce(extract(epoch FROM clock_timestamp() - min(run_at) FILTER (WHERE status = 'ready')), 0)
FROM journal_task
UNION ALL
SELECT 'messages', count(*) FILTER (WHERE status = 'queued'), count(*) FILTER (WHERE status = 'failed'),
       coalesce(extract(epoch FROM clock_timestamp() - min(run_at) FILTER (WHERE status = 'queued')), 0)
FROM contacts_message WHERE status IN ('queued', 'failed')
"""
LOOPS = "SELECT loop, count(*) FROM journal_worker GROUP BY loop"


def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("alive\n", content_type="text/plain")


def _steps_owed() -> int:
    """Migrations not yet made. Once there are none, asking costs a look at the database."""
    global _is_up_to_date
    if _is_up_to_date:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return 0
    executor = MigrationExecutor(connection)
    owed = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    _is_up_to_date = not owed
    return owed


_is_up_to_date = False


def state() -> dict[str, Any]:
    """Queues, loops and disk, in one look."""
    with connection.cursor() as cursor:
        cursor.execute(QUEUES)
        queues = {q: {"ready": r, "aside": a, "lag_s": max(0.0, float(s))} for q, r, a, s in cursor}
        cursor.execute(LOOPS)
        loops = dict(cursor.fetchall())
    free = shutil.disk_usage(settings.ENV.data).free
    return {"queues": queues, "loops": loops, "disk_free": free}


def ready(request: HttpRequest) -> HttpResponse:
    """503 until the database is there and has this version's tables."""
    owed = _steps_owed()
    told: dict[str, Any] = {"ready": not owed}
    if may_look(request):
        told |= {"migrations_missing": owed} | ({} if owed else state())
    return JsonResponse(told, status=503 if owed else 200)


def may_look(request: HttpRequest) -> bool:
    """This machine, or whoever brings WARMLINE_METRICS_TOKEN."""
    token = settings.ENV.metrics_token.get_secret_value()
    said = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(token.encode(), said.encode()):
        return True
    if not settings.ENV.proxies and {"X-Forwarded-For", "Forwarded"} & set(request.headers):
        return False  # a proxy that nobody told us of: everybody would seem to be this machine
    try:
        return ipaddress.ip_address(caller(request)).is_loopback
    except ValueError:
        return False


def metrics(request: HttpRequest) -> HttpResponse:
    """The same for Prometheus, computed from the database when asked: any web process may answer."""
    if not may_look(request):
        said = "Only from this machine, or with WARMLINE_METRICS_TOKEN.\n"
        return HttpResponse(said, status=403, content_type="text/plain")
    seen, registry = state(), CollectorRegistry()
    waiting = Gauge("warmline_queue_ready", "Rows waiting", ["queue"], registry=registry)
    aside = Gauge("warmline_queue_aside", "Rows set aside or failed", ["queue"], registry=registry)
    lag = Gauge("warmline_queue_lag_seconds", "Age of the oldest", ["queue"], registry=registry)
    for queue, figures in seen["queues"].items():
        waiting.labels(queue).set(figures["ready"])
        aside.labels(queue).set(figures["aside"])
        lag.labels(queue).set(figures["lag_s"])
    loops = Gauge("warmline_loops", "Loops at work", ["loop"], registry=registry)
    for loop, count in seen["loops"].items():
        loops.labels(loop).set(count)
    Gauge("warmline_disk_free_bytes", "Free disk", registry=registry).set(seen["disk_free"])
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

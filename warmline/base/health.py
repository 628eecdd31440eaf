"""Is it alive, is it ready, how is it doing: for load balancers and for whoever watches."""

import shutil
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

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


def state() -> dict[str, Any]:
    """Database, migrations, queues, loops and disk, in one look."""
    with connection.cursor() as cursor:
        cursor.execute(QUEUES)
        queues = {q: {"ready": r, "aside": a, "lag_s": max(0.0, float(s))} for q, r, a, s in cursor}
        cursor.execute(LOOPS)
        loops = dict(cursor.fetchall())
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    free = shutil.disk_usage(settings.ENV.data).free
    return {"queues": queues, "loops": loops, "migrations_missing": len(missing), "disk_free": free}


def ready(request: HttpRequest) -> HttpResponse:
    """503 until the database is there and has this version's tables."""
    seen = state()
    status = 200 if not seen["migrations_missing"] else 503
    return JsonResponse({"ready": status == 200, **seen}, status=status)


def metrics(request: HttpRequest) -> HttpResponse:
    """The same for Prometheus, computed from the database when asked: any web process may answer."""
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

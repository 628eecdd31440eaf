"""Events given back as they were told."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from warmline.goods.trace.models import Document, Event
from warmline.goods.trace.pressing import TOGETHER, unpress

Told = tuple[dict[str, Any], Any]


def told(event_ids: Iterable[int]) -> dict[int, Told]:
    """The words of these events, each with the context of the document it came in."""
    rows = list(Event.objects.filter(pk__in=list(event_ids)).values_list("id", "job_id", "ordinal"))
    jobs: dict[int, set[int]] = defaultdict(lambda: {0})
    for _event, job, ordinal in rows:
        jobs[job].add(ordinal // TOGETHER)
    chunks: dict[tuple[int, int], list[Any]] = {}
    contexts: dict[int, Any] = {}
    wanted = Document.objects.filter(
        job_id__in=jobs, chunk__in={c for cs in jobs.values() for c in cs}
    )
    for job, chunk, context, body in wanted.values_list("job_id", "chunk", "context", "body"):
        if chunk in jobs[job]:
            chunks[job, chunk] = unpress(bytes(body))
        if chunk == 0:
            contexts[job] = context
    return {
        event: (chunks[job, ordinal // TOGETHER][ordinal % TOGETHER], contexts[job])
        for event, job, ordinal in rows
    }

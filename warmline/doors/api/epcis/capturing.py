"""Documents come in: as jobs that say what became of them, or one event at a time."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from warmline.doors.api.epcis import headers, paging
from warmline.doors.api.epcis.problems import EpcisProblem
from warmline.doors.api.tokens import ApiRequest
from warmline.goods.trace import telling
from warmline.goods.trace.capturing import From, capture, capture_one
from warmline.goods.trace.epcis import documents
from warmline.goods.trace.models import CaptureJob


def take_in(request: ApiRequest) -> HttpResponse:
    """202 with the job: it is finished by then, and stays to be read."""
    proceed = headers.proceeds(request)
    document = documents.read(request.body, proceed=proceed)
    job = capture(document, proceed=proceed, by=From(token=request.token.pk))
    told = {"GS1-Capture-Error-Behaviour": job.behaviour}
    return headers.answered(
        None, status=202, Location=f"{request.path_info.rstrip('/')}/{job.pk}", **told
    )


def one(request: ApiRequest) -> HttpResponse:
    """A bare event, told at once: 201 with the event, 409 if it is here already."""
    said = documents.loads(request.body)
    if isinstance(said, dict) and documents.events_of(said) is not None:
        raise EpcisProblem(400, detail=_("Documents go to /capture; this takes one event."))
    kept = capture_one(documents.of(said), by=From(token=request.token.pk))
    if kept is None:
        raise EpcisProblem(409, detail=_("An event of this eventID is here already."))
    listed, context = telling.events([kept.id], epc_format=headers.epc_format(request))
    where = f"{request.path_info.rstrip('/')}/{paging.quoted(kept.name)}"
    return headers.answered({"@context": context} | listed[0], status=201, Location=where)


def job(request: ApiRequest, number: str) -> HttpResponse:
    """What became of one document."""
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    found = CaptureJob.objects.filter(pk=int(number)).first()
    if found is None:
        raise Http404
    return headers.answered(_told(found))


def jobs(request: ApiRequest) -> HttpResponse:
    """All jobs, the newest first."""
    size, last = paging.asked(request)
    rows = CaptureJob.objects.order_by("-pk")
    if last is not None:
        rows = rows.filter(pk__lt=last)
    found = list(rows[: size + 1])
    following = str(found[size - 1].pk) if len(found) > size else ""
    return paging.answered(request, [_told(one) for one in found[:size]], following)


def _told(job: CaptureJob) -> dict[str, Any]:
    said = {
        "captureID": str(job.pk),
        "createdAt": _instant(job.created_at),
        "running": job.finished_at is None,
        "success": job.is_success,
        "captureErrorBehaviour": job.behaviour,
        "errors": job.errors,
    }
    if job.finished_at:
        said["finishedAt"] = _instant(job.finished_at)
    return said


def _instant(at: Any) -> str:
    return str(at.isoformat(timespec="milliseconds")).replace("+00:00", "Z")

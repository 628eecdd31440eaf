"""What makes the guide's screens an app on a phone. A door puts both at its own root."""

from django.contrib.staticfiles import finders
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def service_worker(request: HttpRequest) -> FileResponse:
    """At the root, since a worker only looks after what lies below its own address."""
    file = finders.find("look/sw.js")
    assert file is not None
    return FileResponse(
        open(file, "rb"),  # FileResponse closes it
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    return render(request, "look/manifest.webmanifest", content_type="application/manifest+json")

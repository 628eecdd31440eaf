"""What makes the guide's screens an app on a phone. A door puts both at its own root."""

from django.contrib.staticfiles import finders
from django.http import FileResponse, HttpRequest, JsonResponse
from django.templatetags.static import static
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

PAPER = "#fdf9f1"  # --paper in tokens.css: a manifest cannot read it


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
def manifest(request: HttpRequest) -> JsonResponse:
    name = _("Warmline")
    about = {
        "name": name,
        "short_name": name,
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "lang": to_locale(get_language() or "en").replace("_", "-"),
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            _icon("look/icon-192.png", 192),
            _icon("look/icon-512.png", 512),
            {**_icon("look/icon-maskable-512.png", 512), "purpose": "maskable"},
        ],
    }
    return JsonResponse(about, content_type="application/manifest+json")


def _icon(path: str, size: int) -> dict[str, str]:
    return {"src": static(path), "sizes": f"{size}x{size}", "type": "image/png"}

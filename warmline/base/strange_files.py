"""A file that somebody put in, shown to somebody else: it can do nothing but be looked at."""

from django.http import HttpResponse


def shown(content: bytes, *, mime: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=mime,
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        },
    )

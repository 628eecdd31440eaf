"""A form that could not be taken: the page that says so keeps what was typed, to be sent again."""

from typing import Any

from django.http import HttpRequest

READS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def kept(request: HttpRequest, *, was_ours: bool) -> dict[str, Any]:
    """What `look/components/send_again.html` needs to know.

    Only of a form that was proved to be ours: another site must not have its words sent for it. And
    only of one that was read: a file that broke off cannot be read a second time.
    """
    typed: list[tuple[str, Any]] = []
    was_read = "_post" in request.__dict__
    if was_ours and was_read and request.content_type in FORMS and not request.FILES:
        typed = [(name, value) for name, values in request.POST.lists() for value in values]
    return {
        "is_read": request.method in READS,
        "again": request.get_full_path() if typed else "",
        "kept": [(name, value) for name, value in typed if name != "csrfmiddlewaretoken"],
    }

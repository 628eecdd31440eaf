"""The API's own page: its description, readable and to be tried out, without any other server."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "api/docs.html", {})
